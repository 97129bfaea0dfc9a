/**
 * The one reader of standard input, and the kernel's own questions.
 *
 * A read of a terminal cannot be taken back, and a room that is stopped in the middle of one would
 * swallow the person's next key. So only the kernel reads descriptor 0; the app room gets what was
 * typed as a stream, and raw mode as a call.
 * @module
 */
import { KernelError } from "./error.ts";
import { runProgram } from "./programs.ts";
import { promptLine } from "./prompt.ts";

const CHUNK_BYTES = 64 * 1024;
const CTRL_C = 3;
/** So many Ctrl-C in a row, without another key, end a program whose app room does not react. */
const CTRL_C_LIMIT = 4;
/** Leaves the alternate screen, bracketed paste, mouse and kitty keyboard modes; shows the cursor. */
const RESTORE = "\x1b[?1049l\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[<u" +
  "\x1b[?2026l\x1b[0m\x1b[?25h";
/**
 * Before a question: ends whatever sequence a room left open, and takes back all that could hide what
 * is shown (character sets, scroll region, insert and origin mode, colours). That moves the cursor to
 * the top, so the question goes to a new line at the bottom.
 */
const CLEAN =
  "\x18\x1b\\\x1b[!p\x1b(B\x0f\x1b[r\x1b[?6l\x1b[4l\x1b[?7h\x1b]104\x1b\\\x1b]110\x1b\\" +
  "\x1b]111\x1b\\" + RESTORE + "\x1b[999;1H\r\n\x1b[2K";
/** What was typed before a question could be seen answers nothing; so long must it be quiet, ms. */
const QUIET_MS = 200;
const QUIET_ROUNDS = 20;

/** The terminal that the process was started from, whatever its standard input is. */
const DEVICE = "/dev/tty";

function show(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

/** The process's terminal, standard input included. */
export class Terminal {
  readonly stdin: boolean = Deno.stdin.isTerminal();
  readonly stdout: boolean = Deno.stdout.isTerminal();
  readonly stderr: boolean = Deno.stderr.isTerminal();
  /** Standard input, if the command line says that a secret stands in it. */
  reserved: string | undefined;
  readonly #stuck: () => void;
  #queue: Uint8Array[] = [];
  #reading: Promise<void> | undefined;
  #ended = false;
  #raw = false;
  #interrupts = 0;
  /** Whether a room had the terminal since the last question. */
  #isLent = false;
  /** Whether it was taken back from a room, and what that drew may still hide what is shown. */
  #isUnclean = false;

  /** @param stuck called when Ctrl-C was typed again and again and nobody reacted */
  constructor(stuck: () => void) {
    this.#stuck = stuck;
  }

  /** The next bytes of standard input, or `null` at its end. @throws the signal's reason */
  async read(signal: AbortSignal): Promise<Uint8Array | null> {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (this.#queue.length === 0 && !this.#ended && !signal.aborted) {
        this.#reading ??= this.#fill();
        await Promise.race([this.#reading, aborted]);
      }
      signal.throwIfAborted();
      return this.#queue.shift() ?? null;
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /** Gives bytes back that were read too far. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#queue.unshift(bytes);
  }

  /** Standard input as a stream, until its end or the signal. */
  async *input(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    for (let bytes; (bytes = await this.read(signal));) yield bytes;
  }

  async #fill(): Promise<void> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    try {
      const count = await Deno.stdin.read(buffer);
      if (count === null) this.#ended = true;
      else if (count > 0) this.#queue.push(buffer.slice(0, count));
      const interrupt = this.#raw && count === 1 && buffer[0] === CTRL_C;
      this.#interrupts = interrupt ? this.#interrupts + 1 : 0;
      if (this.#interrupts >= CTRL_C_LIMIT) this.#stuck();
    } catch {
      // A standard input that is closed, or a terminal that went away, is an end of input.
      this.#ended = true;
    } finally {
      this.#reading = undefined;
    }
  }

  /** Switches raw mode of standard input; nothing where it is no terminal. */
  rawMode(on: boolean): void | Promise<void> {
    if (!this.stdin || on === this.#raw) return;
    Deno.stdin.setRaw(on);
    this.#raw = on;
  }

  /** Puts the terminal back as a shell expects it, whatever a room did to it. */
  restore(): void {
    if (this.#raw && this.stdout) Deno.stdout.writeSync(new TextEncoder().encode(RESTORE));
    this.rawMode(false);
  }

  /** Whether someone can be asked: standard input is a terminal, or the process has one. */
  reachable(): boolean {
    if (this.stdin) return true;
    try {
      Deno.openSync(DEVICE, { read: true }).close();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Asks for one line. @param secret true shows nothing of what is typed
   * @throws {KernelError} `no_terminal`, `cancelled`
   */
  async ask(question: string, options = { secret: false }): Promise<string> {
    this.restore();
    if (!this.stdin) return await this.#askOnDevice(question, options);
    this.rawMode(true);
    try {
      if (this.#isLent) {
        this.#clean();
        await this.#forget();
        this.#isLent = false;
      }
      const { signal } = new AbortController();
      const line = await promptLine(question, options, () => this.read(signal), show);
      this.unread(line.rest);
      return line.text;
    } finally {
      this.rawMode(false);
    }
  }

  /** A room is given the terminal: what stands on it and what is typed is not the kernel's now. */
  lend(): void {
    this.#isLent = true;
    this.#isUnclean = false;
  }

  /** The room is gone: what is shown next belongs to a question. */
  take(): void {
    this.#isUnclean = true;
  }

  #clean(): void {
    if (this.#isUnclean && (this.stdout || this.stderr)) show(CLEAN);
    this.#isUnclean = false;
  }

  /** Drops what was typed ahead, until nothing more comes. */
  async #forget(): Promise<void> {
    for (let round = 0; round < QUIET_ROUNDS; round++) {
      this.#queue = [];
      this.#reading ??= this.#fill();
      const quiet = new Promise<void>((done) => setTimeout(done, QUIET_MS));
      await Promise.race([this.#reading, quiet]);
      if (this.#queue.length === 0) return;
    }
  }

  /**
   * Reads standard input to its end for the kernel, before any room could: a secret is in it.
   * @throws {KernelError} `usage` beyond `limit` bytes
   */
  async reserve(limit: number): Promise<void> {
    const { signal } = new AbortController();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for (let bytes; (bytes = await this.read(signal));) {
      size += bytes.length;
      if (size > limit) throw new KernelError("usage", "standard input is too long for a secret");
      chunks.push(new Uint8Array(bytes));
    }
    this.reserved = await new Blob(chunks).text();
  }

  async #askOnDevice(question: string, options: { secret: boolean }): Promise<string> {
    const message = "a question cannot be asked: there is no terminal";
    using device = await Deno.open(DEVICE, { read: true }).catch((cause) => {
      throw new KernelError("no_terminal", message, "", cause);
    });
    // The runtime lets the terminal's device be read but not written; the question goes by another way.
    this.#clean();
    if (!this.stderr) await runProgram("sh", ["-c", 'printf "%s" "$1" >/dev/tty', "sh", question]);
    const buffer = new Uint8Array(CHUNK_BYTES);
    const read = async () => {
      const count = await device.read(buffer);
      return count === null ? null : buffer.slice(0, count);
    };
    device.setRaw(true);
    try {
      return (await promptLine(question, options, read, this.stderr ? show : () => {})).text;
    } finally {
      device.setRaw(false);
    }
  }

  /** Asks for one line and shows nothing of it. @throws {KernelError} as `ask` */
  askSecret(question: string): Promise<string> {
    return this.ask(question, { secret: true });
  }

  /** Shows the person one line of the kernel's own. */
  say(text: string): void {
    this.#clean();
    show(`${text}\n`);
  }

  /**
   * Asks for a yes; anything but `y` or `yes` is a no.
   * @param what was asked about, and `hint`: the refusal's words
   * @throws {KernelError} `denied`, and as `ask`
   */
  async agree(question: string, what: string, hint: string): Promise<void> {
    if (/^y(es)?$/i.test((await this.ask(`${question} [y/N] `)).trim())) return;
    throw new KernelError("denied", `${what} was not agreed to`, hint);
  }
}
