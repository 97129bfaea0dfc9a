/**
 * The terminal of a run in the daemon: a client's, which its own process reads, draws on and restores; or
 * nobody's.
 * @module
 */
import type { HostedTerminal as Shown } from "../../../protocol/daemon_calls.ts";
import { KernelError } from "../../error.ts";
import type { RunTerminal } from "../../run.ts";

/** The way to the client's terminal. */
export interface TerminalLine {
  /** The next bytes of standard input, or null at its end. */
  read(signal: AbortSignal): Promise<Uint8Array | null>;
  rawMode(on: boolean): Promise<void>;
  /** A line of the kernel's own, for standard error. */
  say(text: string): void;
}

/** A terminal on which the kernel asks nothing: the client does that itself. */
export class HostedTerminal implements RunTerminal {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly reserved = undefined;
  readonly #line: TerminalLine;

  constructor({ stdin, stdout, stderr }: Shown, line: TerminalLine) {
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
    this.#line = line;
  }

  async *input(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    for (let bytes; (bytes = await this.#line.read(signal));) yield bytes;
  }

  async rawMode(on: boolean): Promise<void> {
    if (this.stdin) await this.#line.rawMode(on);
  }

  say(text: string): void {
    this.#line.say(text);
  }

  reachable(): boolean {
    return false;
  }

  ask = nobody;
  askSecret = nobody;
  agree = nobody;

  // The client's process restores its terminal and knows who drew on it.
  restore(): void {}
  lend(): void {}
  take(): void {}
}

function nobody(): Promise<never> {
  return Promise.reject(new KernelError("no_terminal", "the daemon asks nobody"));
}
