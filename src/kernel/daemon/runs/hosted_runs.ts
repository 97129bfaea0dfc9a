/**
 * The runs that a daemon has at the moment.
 * @module
 */
import type { HostedRunItem, RunStatus } from "../../../protocol/daemon_calls.ts";
import { KernelError } from "../../error.ts";
import { seen } from "../../waiting.ts";
import type { HostedRun } from "./hosted_run.ts";

/** Command lines at a time; a client beyond that goes on by itself. */
const LIMIT = 32;
const LOOK_MS = 50;
/** A run that is told to end does so in three seconds, or is stopped. */
const END_LIMIT_MS = 4_000;

/** All of them. */
export class HostedRuns {
  readonly #runs = new Set<HostedRun>();
  #isClosed = false;

  /** Whether another one may begin. */
  get isOpen(): boolean {
    return !this.#isClosed && this.#runs.size < LIMIT;
  }

  /** @throws {KernelError} `denied` where no other may begin */
  check(): void {
    if (!this.isOpen) throw new KernelError("denied", "the daemon has too much to do");
  }

  /** What a run does, to its end, or until the signal ends it. */
  async *items(
    run: HostedRun,
    signal?: AbortSignal,
  ): AsyncGenerator<HostedRunItem, void, undefined> {
    this.#runs.add(run);
    try {
      yield* run.items(signal);
    } finally {
      this.#runs.delete(run);
    }
  }

  status(): RunStatus[] {
    return [...this.#runs].map(({ kind, what, since }) => ({ kind, what, since }));
  }

  /** Begins no other, and waits for those of clients; a chat goes on by itself when it is not answering. */
  async settle(limitMs: number): Promise<void> {
    this.#isClosed = true;
    for (const run of this.#clients()) run.leave();
    const isSettled = () => this.#clients().length === 0 || undefined;
    await seen({ limitMs, everyMs: LOOK_MS }, isSettled);
  }

  /** Ends them all. @returns those of clients, which were interrupted */
  async end(): Promise<string[]> {
    const interrupted = this.#clients().map(({ what }) => `pyra ${what}`);
    for (const run of [...this.#runs]) run.terminate();
    await seen(
      { limitMs: END_LIMIT_MS, everyMs: LOOK_MS },
      () => this.#runs.size === 0 || undefined,
    );
    return interrupted;
  }

  #clients(): HostedRun[] {
    return [...this.#runs].filter(({ kind }) => kind === "client");
  }
}
