/**
 * The jobs that run.
 * @module
 */
import type { Clock } from "./clock.ts";
import type { OccurrenceLedger } from "./ledger.ts";
import type { Occurrence, OccurrenceEnd } from "./schedule.ts";

/** Runs a job. What it throws is its failure. */
export type RunJob = (occurrence: Occurrence, signal: AbortSignal) => Promise<OccurrenceEnd>;

/** What the jobs need. */
export interface RunningPorts {
  readonly ledger: OccurrenceLedger;
  readonly clock: Clock;
  readonly run: RunJob;
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly log: (sentence: string) => void;
  /** Is told that a job has ended. */
  readonly ended: () => void;
}

interface RunningJob {
  readonly occurrence: Occurrence;
  readonly controller: AbortController;
  readonly settled: Promise<void>;
}

/** An end that could not be written is tried again so often, ms. */
const RETRY_MS = 30_000;

/** The jobs that run, one of each schedule at most. */
export class RunningJobs {
  readonly #ports: RunningPorts;
  readonly #jobs = new Map<string, RunningJob>();

  constructor(ports: RunningPorts) {
    this.#ports = ports;
  }

  /** Whether one more may run. */
  get hasSlot(): boolean {
    return this.#jobs.size < this.#ports.concurrency;
  }

  /** What runs, the oldest first. */
  get occurrences(): readonly Occurrence[] {
    return [...this.#jobs.values()].map(({ occurrence }) => occurrence);
  }

  /** Whether a schedule's job runs. */
  isRunning(schedule: string): boolean {
    return this.#jobs.has(schedule);
  }

  /** Runs a job that has begun in the ledger. */
  start(occurrence: Occurrence): void {
    const controller = new AbortController();
    const settled = this.#carryOut(occurrence, controller.signal);
    this.#jobs.set(occurrence.schedule.id, { occurrence, controller, settled });
  }

  /** Waits until all have ended, for so many ms at most. */
  async settle(limitMs: number): Promise<void> {
    const over = new AbortController();
    const all = Promise.all([...this.#jobs.values()].map(({ settled }) => settled));
    const limit = this.#ports.clock.wait(limitMs, over.signal);
    await Promise.race([all, limit]).finally(() => over.abort());
    await limit;
  }

  /** Ends all that runs as failed. @returns the schedules' names */
  interrupt(reason: string): string[] {
    const jobs = [...this.#jobs.values()];
    for (const { occurrence: { id }, controller } of jobs) {
      this.#tryToEnd(id, { state: "failed", reason });
      controller.abort(new DOMException(reason, "AbortError"));
    }
    return jobs.map(({ occurrence }) => occurrence.schedule.name);
  }

  async #carryOut(occurrence: Occurrence, signal: AbortSignal): Promise<void> {
    let end: OccurrenceEnd;
    try {
      end = await this.#ports.run(occurrence, signal);
    } catch (cause) {
      end = { state: "failed", reason: cause instanceof Error ? cause.message : String(cause) };
    }
    // What is not written counts as running: nothing more begins on a disk that is full.
    while (!this.#tryToEnd(occurrence.id, end) && !signal.aborted) {
      await this.#ports.clock.wait(RETRY_MS, signal);
    }
    this.#jobs.delete(occurrence.schedule.id);
    this.#ports.ended();
  }

  #tryToEnd(id: number, end: OccurrenceEnd): boolean {
    try {
      this.#ports.ledger.finish(id, end, this.#ports.clock.now());
      return true;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#ports.log(`the end of occurrence ${id} cannot be written down: ${reason}`);
      return false;
    }
  }
}
