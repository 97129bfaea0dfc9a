/**
 * The scheduler: finds what is due by the clock on the wall, and has each occurrence run once.
 *
 * It looks at the clock every 30 s at least, so that sleep and a clock that was set are noticed. An
 * occurrence is on time within its schedule's grace; what is later was missed. One that came on time and
 * waits for another job to end stays on time. No model and no plugin is asked for any of it.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { AskedJobs, stopped } from "./asked.ts";
import type { Clock } from "./clock.ts";
import { goBack } from "./clock_back.ts";
import { pastTimes } from "./missed.ts";
import { skippedTimes } from "./missed_lines.ts";
import { nextTimes } from "./rule/rule.ts";
import { type RunJob, RunningJobs } from "./running.ts";
import type { Occurrence, OccurrenceRecord, Schedule } from "./schedule.ts";
import type { ScheduleStore } from "./store.ts";

/** What the scheduler needs. */
export interface SchedulerPorts {
  readonly store: ScheduleStore;
  readonly clock: Clock;
  readonly run: RunJob;
  /** Jobs at a time; 2 without. */
  readonly concurrency?: number;
  /** Is told what somebody may want to know, one sentence each. */
  readonly log: (sentence: string) => void;
  /** Is called at each look at the clock. */
  readonly beat?: () => void;
}

/** What the scheduler does at the moment. */
export interface SchedulerStatus {
  /** Enabled ones. */
  readonly schedules: number;
  readonly running: readonly Occurrence[];
  /** How many have come, and wait for another job to end. */
  readonly waiting: number;
  /** When the next is due; null if none is. */
  readonly nextAt: number | null;
}

/** The longest time between two looks at the clock, ms. */
const STEP_MS = 30_000;
/** A clock that goes back by less was only adjusted, ms. */
const ADJUSTED_MS = 1_000;
const SWEEP_MS = 86_400_000;
const CONCURRENCY = 2;
/** How long ended jobs are waited for, ms. */
const SETTLE_MS = 2_000;
const CUT_OFF = "Pyra ended while it ran";
const MISSED = "it was missed: Pyra did not run, or the machine slept";
const STOPPED = "Pyra was stopped while it ran";

/** Runs schedules. One for a profile at a time. */
export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #jobs: RunningJobs;
  /** Schedules that came on time and wait for a job to end, and the time they came for. */
  readonly #onTime = new Map<string, number>();
  readonly #asked: AskedJobs;
  #state: "new" | "running" | "draining" | "ended" = "new";
  #nudge = new AbortController();
  /** What others had begun, and has no end that is known. */
  #left: OccurrenceRecord[] = [];
  #lastNow = 0;
  #swept = 0;

  constructor(ports: SchedulerPorts) {
    this.#ports = ports;
    const { store, clock, run, log, concurrency = CONCURRENCY } = ports;
    const ended = () => this.changed();
    this.#jobs = new RunningJobs({ ledger: store.ledger, clock, run, concurrency, log, ended });
    this.#asked = new AskedJobs({ store, clock, jobs: this.#jobs });
  }

  /**
   * Runs what falls due until the signal aborts; what runs then is ended as failed. What had begun before,
   * has no end and is run by nobody is ended as failed first, and not repeated.
   * @throws {PyraError} `scheduler_started`
   */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#state !== "new") {
      throw new PyraError("system", "scheduler_started", "the scheduler has been started before");
    }
    this.#state = "running";
    const stop = () => {
      this.#state = "draining";
      this.changed();
    };
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        const nudge = this.#nudge = new AbortController();
        const waitMs = await this.#look();
        await this.#ports.clock.wait(waitMs, nudge.signal);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      this.#state = "ended";
      this.#asked.refuse();
      this.#jobs.interrupt(CUT_OFF);
      await this.#jobs.settle(SETTLE_MS);
    }
  }

  /** Looks at the schedules now: one was added, changed or removed. */
  changed(): void {
    this.#nudge.abort();
  }

  /**
   * Runs a schedule's job as soon as one more may run.
   * @returns the occurrence's number, once it has begun
   * @throws {PyraError} `schedule_unknown`, `schedule_running`, `schedules_busy`, `scheduler_stopped`
   */
  async runNow(idOrName: string): Promise<number> {
    if (this.#state !== "running") throw stopped();
    const begun = this.#asked.add(idOrName);
    this.changed();
    return await begun;
  }

  /** What it does at the moment. @throws what SQLite says */
  status(): SchedulerStatus {
    const enabled = this.#ports.store.list().filter(({ enabled }) => enabled);
    const times = enabled.flatMap(({ nextAt }) => nextAt ?? []);
    return {
      schedules: enabled.length,
      running: this.#jobs.occurrences,
      waiting: this.#onTime.size + this.#asked.size,
      nextAt: times.length === 0 ? null : Math.min(...times),
    };
  }

  /**
   * Begins nothing more, waits for what runs, and ends it as failed after the limit.
   * @returns the names of what was interrupted
   */
  async drain(limitMs: number): Promise<string[]> {
    if (this.#state === "running") this.#state = "draining";
    this.#asked.refuse();
    await this.#jobs.settle(limitMs);
    return this.#jobs.interrupt(STOPPED);
  }

  /** Looks at the clock and does what is to be done. @returns how long nothing is to be done, ms */
  async #look(): Promise<number> {
    const { store, clock, log, beat } = this.#ports;
    beat?.();
    try {
      const now = clock.now();
      if (this.#lastNow === 0) this.#lookThrough(now);
      if (this.#left.length > 0) await this.#takeOver(now);
      if (now + ADJUSTED_MS < this.#lastNow) await this.#goBack(now);
      this.#lastNow = now;
      if (Math.abs(now - this.#swept) > SWEEP_MS) {
        store.ledger.sweep(now);
        this.#swept = now;
      }
      let next = store.soonest() ?? Infinity;
      if (next <= now || this.#asked.size > 0) {
        await this.#beginDue(now);
        next = store.soonest(now) ?? Infinity;
      } else this.#onTime.clear();
      return Math.min(Math.max(next - clock.now(), 1), STEP_MS);
    } catch (cause) {
      // The next look may find the disk with space again.
      log(`schedules could not be looked at: ${cause instanceof Error ? cause.message : cause}`);
      return STEP_MS;
    }
  }

  /** Ends what another process had begun, but for what one that is alive runs beside the daemon. */
  async #takeOver(now: number): Promise<void> {
    const { store, log } = this.#ports;
    const held: OccurrenceRecord[] = [];
    let ended = 0;
    for (const record of this.#left) {
      if (record.manual && await store.isJobHeld(record.schedule)) held.push(record);
      else if (store.ledger.finish(record.id, { state: "failed", reason: CUT_OFF }, now)) ended++;
    }
    this.#left = held;
    if (ended > 0) log(`${ended} jobs were cut off when Pyra ended before; they are not repeated`);
  }

  #lookThrough(now: number): void {
    const { store, log } = this.#ports;
    this.#left = store.ledger.open();
    for (const id of store.unreadable()) {
      log(`the schedule "${id}" cannot be read, and does not run`);
    }
    this.#lastNow = Math.max(store.ledger.lastWritten(), now);
  }

  async #goBack(now: number): Promise<void> {
    const { store, log } = this.#ports;
    log("the clock was set back; no occurrence runs twice");
    this.#onTime.clear();
    for (const schedule of store.list().filter(({ enabled }) => enabled)) {
      await this.#computed(schedule, () => goBack(store, schedule, now));
    }
  }

  /** Begins what is due and was asked for, in order of its time, as far as jobs may run. */
  async #beginDue(now: number): Promise<void> {
    if (this.#state !== "running") return;
    const due = this.#ports.store.due(now);
    for (const id of this.#onTime.keys()) {
      if (!due.some((schedule) => schedule.id === id)) this.#onTime.delete(id);
    }
    for (const schedule of due) {
      this.#asked.begin(schedule.nextAt ?? now);
      await this.#computed(schedule, () => this.#take(schedule, now));
      if (this.#state !== "running") return;
    }
    this.#asked.begin(Infinity);
  }

  /** Begins, skips or leaves a schedule that is due. */
  async #take(schedule: Schedule, now: number): Promise<void> {
    const { ledger } = this.#ports.store;
    const { id, rule, missed, graceMs, nextAt: dueAt } = schedule;
    if (dueAt === null) return;
    if (this.#jobs.isRunning(id)) {
      const past = await pastTimes(rule, dueAt, now);
      const lines = skippedTimes(past, dueAt, "the one before it was still running");
      ledger.skip(schedule, lines, { nextAt: past.next, now });
      return;
    }
    const isOnTime = now - dueAt <= graceMs || this.#onTime.get(id) === dueAt;
    if (isOnTime) {
      if (!this.#jobs.hasSlot) {
        this.#onTime.set(id, dueAt);
        return;
      }
      const [nextAt = null] = await nextTimes(rule, dueAt, 1);
      this.#begin(schedule, nextAt, now);
      if (nextAt !== null && nextAt <= now) this.changed();
      return;
    }
    const past = await pastTimes(rule, dueAt, now);
    const newest = past.newest.at(-1) ?? dueAt;
    if (missed === "skip" && now - newest > graceMs) {
      const lines = skippedTimes(past, dueAt, MISSED);
      ledger.skip(schedule, lines, { nextAt: past.next, now });
      return;
    }
    if (newest !== dueAt) {
      const older = { ...past, newest: past.newest.slice(0, -1) };
      const lines = skippedTimes(older, dueAt, MISSED);
      if (!ledger.skip(schedule, lines, { nextAt: newest, now })) return;
    }
    this.#onTime.set(id, newest);
    if (this.#jobs.hasSlot) this.#begin({ ...schedule, nextAt: newest }, past.next, now);
  }

  #begin(schedule: Schedule, nextAt: number | null, now: number): void {
    this.#onTime.delete(schedule.id);
    if (this.#state !== "running") return;
    const occurrence = this.#ports.store.ledger.begin(schedule, { nextAt, now });
    if (occurrence !== undefined) this.#jobs.start(occurrence);
  }

  /** Does something that computes a schedule's times; one that cannot be computed is put aside. */
  async #computed(schedule: Schedule, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      if (!(cause instanceof PyraError && cause.code === "schedule_rule")) throw cause;
      const { store, log } = this.#ports;
      log(`the schedule "${schedule.name}" was disabled: ${cause.message}`);
      store.disable(schedule.id);
    }
  }
}
