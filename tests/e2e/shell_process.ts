/**
 * What the tests of commands share: a profile with the plugin `shell`, and a look at the machine's processes.
 * @module
 */
import { run, type RunResult } from "./command.ts";

/** A command line whose processes can be told from all others: `sleep` with a time that nobody else has. */
export function markedSleep(): { readonly text: string; readonly mark: string } {
  const mark = `9${String(crypto.getRandomValues(new Uint32Array(1))[0]).padStart(10, "0")}`;
  return { text: `sleep ${mark}`, mark };
}

/** How many processes have a mark among their arguments, whoever started them. */
export async function running(mark: string): Promise<number> {
  // The tests themselves may not read /proc.
  const { stdout } = await new Deno.Command("pgrep", { args: ["-x", "-f", `sleep ${mark}`] })
    .output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").length;
}

/** Waits until so many processes have a mark. @throws if it does not come to that */
export async function untilRunning(mark: string, wanted: number, limitMs = 10_000): Promise<void> {
  const until = Date.now() + limitMs;
  while (await running(mark) !== wanted) {
    if (Date.now() > until) {
      throw new Error(`${await running(mark)} processes of ${mark} run, and not ${wanted}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A profile in which the plugin is enabled. @param sandbox as the setting has it */
export class ShellHome {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  /** Installs it. @throws if that fails */
  static async make(home: string, sandbox = "auto"): Promise<ShellHome> {
    const made = new ShellHome(home);
    await Deno.mkdir(made.work);
    const steps = [["plugin", "install", "shell", "--yes"]];
    if (sandbox !== "auto") steps.push(["config", "set", "shell.sandbox", sandbox]);
    for (const args of steps) {
      const { code, stderr } = await run(args, {
        home,
        cwd: made.work,
      });
      if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
    }
    return made;
  }

  /** The workspace. */
  get work(): string {
    return `${this.home}/work`;
  }

  /** Runs a command line as the person's own act. */
  async command(command: string, more: Readonly<Record<string, unknown>> = {}): Promise<RunResult> {
    const input = JSON.stringify({ command, ...more });
    return await run(["tools", "call", "shell.run_command", input], {
      home: this.home,
      cwd: this.work,
    });
  }
}
