/**
 * A real terminal: tmux, driven by keys and read as a screen.
 * @module
 */

const DEADLINE_MS = 20_000;
const POLL_MS = 50;

/** Whether tmux is installed. */
export function hasTmux(): boolean {
  try {
    return new Deno.Command("tmux", { args: ["-V"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** What a terminal is started with. */
export interface ScreenOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** One terminal with one program in it. */
export class Screen implements AsyncDisposable {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Starts a program in a terminal of its own; `[exit N]` shows when it has ended. */
  static async start(
    { command, env, cwd, columns = 80, rows = 24 }: ScreenOptions,
  ): Promise<Screen> {
    const screen = new Screen(`pyra-test-${crypto.randomUUID().slice(0, 8)}`);
    const set = Object.entries({ ...env, TERM: "xterm-256color" })
      .map(([name, value]) => quote(`${name}=${value}`)).join(" ");
    // Ctrl-C is for the program; the shell stays to show how it ended.
    const program = command.map(quote).join(" ");
    const line = `trap : INT; env -i ${set} ${program}; echo "[exit $?]"; exec sleep 600`;
    const size = ["-x", String(columns), "-y", String(rows)];
    await screen.#tmux([
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      ...size,
      "-c",
      cwd,
      "sh",
      "-c",
      line,
    ]);
    return screen;
  }

  /** Types keys by tmux's names (`Enter`, `C-c`, `Up`). */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux(["send-keys", ...keys]);
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux(["send-keys", "-l", text]);
  }

  /** Pastes text as a terminal does, bracketed where the program asked for that. */
  async paste(text: string): Promise<void> {
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, text);
      await this.#tmux(["load-buffer", file]);
      await this.#tmux(["paste-buffer", "-p", "-r"]);
    } finally {
      await Deno.remove(file);
    }
  }

  /** Changes the terminal's size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(["resize-window", "-x", String(columns), "-y", String(rows)]);
  }

  /** The screen's lines, without blanks at their ends; with `history`, what scrolled away too. */
  async lines(options: { history: boolean } = { history: false }): Promise<string[]> {
    const from = options.history ? ["-S", "-"] : [];
    const text = await this.#tmux(["capture-pane", "-p", ...from]);
    return text.split("\n").map((line) => line.trimEnd());
  }

  /** Waits until the screen shows something. @throws with the screen if it does not in time */
  async until(shown: RegExp): Promise<string> {
    const end = Date.now() + DEADLINE_MS;
    while (true) {
      const text = (await this.lines()).join("\n").trimEnd();
      if (shown.test(text)) return text;
      if (Date.now() > end) throw new Error(`${shown} did not appear on:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async #tmux(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-L", this.#socket, ...args],
      env: { LANG: "C.UTF-8", TERM: "xterm-256color" },
    }).output();
    if (code !== 0) throw new Error(`tmux: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  /** Ends the terminal and what runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux(["kill-server"]).catch(() => "");
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
