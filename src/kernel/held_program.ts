/**
 * A program that the kernel runs for somebody else: in a group of its own, ended as a whole, its output
 * taken at the pace of whoever reads it.
 * @module
 */
import { KernelError } from "./error.ts";

/** After TERM it has so long before KILL, ms. */
const TERM_MS = 1_000;
/** What it left behind has so long to let go of its output, ms. */
const DRAIN_MS = 500;

/** A program as it is run: resolved, with the sandbox in front. */
export interface HeldCommand {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether all of it ends with its first process (bubblewrap). */
  readonly isWhole: boolean;
  /** What else ends it: a container goes on when its client is killed. Empty for nothing. */
  readonly end: readonly string[];
  /** Paths that were not there and are not to be made. */
  readonly absent: readonly string[];
  /** Repositories that were not there; they may be made, and run nothing. */
  readonly unborn: readonly string[];
}

/** How it ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Takes output; a promise holds the program back until it is settled. */
export type TakeOutput = (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;

/** By this variable what has left the program's group is found. */
export const MARK = "PYRA_PROGRAM";
/**
 * Ends a group, and what has left it but still has the mark in its environment. Bubblewrap itself is not
 * asked to end: that would kill the rest at once.
 */
const SWEEP = `for f in $(grep -ls "${MARK}=$2" /proc/[0-9]*/environ 2>/dev/null); do
p=\${f#/proc/}; p=\${p%/environ}; read -r c 2>/dev/null <"/proc/$p/comm" || continue
[ "$3$c" = TERMbwrap ] || [ "$p" = "$$" ] || kill -s "$3" "$p"; done 2>/dev/null
[ "$3" = TERM ] || kill -s "$3" -- "-$1" 2>/dev/null`;
/**
 * Waits for the end of its input, which Pyra's own death is too. Bubblewrap notices that by itself, but not
 * while it is just starting.
 */
const GUARD = `while read -r _; do :; done; ${SWEEP}; shift 3; [ $# -gt 0 ] && exec "$@"; exit 0`;

/** One such program. */
export class HeldProgram {
  /** Resolves when it has ended, with all that it started, and its output was taken. */
  readonly ended: Promise<ProgramEnd>;
  readonly #command: HeldCommand;
  readonly #mark = crypto.randomUUID();
  readonly #child: Deno.ChildProcess;
  readonly #guard: Deno.ChildProcess | undefined;
  readonly #exited = Promise.withResolvers<void>();
  readonly #over = new AbortController();
  #isOver = false;
  #hard: ReturnType<typeof setTimeout> | undefined;

  /** @throws {KernelError} `program` */
  constructor(command: HeldCommand, take: TakeOutput, input?: string) {
    this.#command = command;
    const { program, args, folder, env } = command;
    try {
      this.#child = new Deno.Command(program, {
        args: [...args],
        cwd: folder,
        clearEnv: true,
        env: { ...env, [MARK]: this.#mark },
        stdin: input === undefined ? "null" : "piped",
        stdout: "piped",
        stderr: "piped",
        // A session of its own: no terminal, and signals for the group.
        detached: true,
      }).spawn();
    } catch (cause) {
      throw new KernelError("program", `${program} cannot be run`, "check its mode", cause);
    }
    this.#guard = Deno.build.os === "windows" ? undefined : this.#shell(GUARD, "KILL", command.end);
    this.ended = this.#run(take, input);
    this.ended.catch(() => undefined);
  }

  async #run(take: TakeOutput, input: string | undefined): Promise<ProgramEnd> {
    const read = async (name: "stdout" | "stderr") => {
      const reader = this.#child[name].getReader();
      this.#over.signal.addEventListener("abort", () => void reader.cancel().catch(ignore));
      for (let chunk; (chunk = (await reader.read()).value);) {
        const wait = take(name, chunk);
        // What is left when it has ended is little.
        if (wait) await Promise.race([wait, this.#exited.promise]);
      }
    };
    const reading = Promise.all([read("stdout"), read("stderr")]);
    reading.catch(() => this.kill());
    if (input !== undefined) void this.#feed(input);
    const { code, signal } = await this.#child.status;
    this.#isOver = true;
    this.#exited.resolve();
    clearTimeout(this.#hard);
    // What it left in the background goes with it.
    this.#killGroup();
    // Nothing is left to look for of what ended whole.
    if (this.#command.isWhole && signal === null) killed(this.#guard);
    await this.#endGuard();
    const late = setTimeout(() => this.#over.abort(), DRAIN_MS);
    await reading.finally(() => clearTimeout(late));
    return { code: signal === null ? code : null, signal };
  }

  async #feed(input: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    // It may end before it has read everything; its exit code tells.
    await writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(ignore);
  }

  /** Asks all of it to end, and kills what has not a second later. */
  stop(): void {
    if (this.#isOver || this.#hard !== undefined) return;
    this.#hard = setTimeout(() => this.kill(), TERM_MS);
    if (Deno.build.os === "windows") return this.kill();
    if (!this.#command.isWhole) signalGroup(this.#child.pid, "SIGTERM");
    this.#shell(SWEEP, "TERM").stdin.close().catch(ignore);
  }

  /** Kills all of it at once. */
  kill(): void {
    if (this.#isOver) return;
    this.#killGroup();
    void this.#endGuard();
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (Deno.build.os !== "windows") return signalGroup(pid, "SIGKILL");
    const args = ["/T", "/F", "/PID", String(pid)];
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    new Deno.Command("taskkill", { args, ...streams }).spawn().unref();
  }

  async #endGuard(): Promise<void> {
    const guard = this.#guard;
    if (!guard) return;
    // It may have been told before.
    await guard.stdin.close().catch(ignore);
    await guard.status;
  }

  #shell(script: string, signal: "TERM" | "KILL", more: readonly string[] = []) {
    return new Deno.Command("/bin/sh", {
      args: ["-c", script, "sh", String(this.#child.pid), this.#mark, signal, ...more],
      clearEnv: true,
      env: { PATH: "/usr/bin:/bin" },
      stdin: "piped",
      stdout: "null",
      stderr: "null",
      detached: true,
    }).spawn();
  }
}

function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    Deno.kill(-pid, signal);
  } catch (error) {
    // All of it had ended before.
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}

function killed(child: Deno.ChildProcess | undefined): void {
  try {
    child?.kill("SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}

function ignore(_cause: unknown): void {
  return undefined;
}
