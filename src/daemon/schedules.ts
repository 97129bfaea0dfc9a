/**
 * The schedules as one of the daemon's tasks. The scheduler is made anew each time that the task starts.
 * @module
 */
import type { JobParams, JobResult } from "../protocol/daemon_calls.ts";
import { PyraError } from "../protocol/error.ts";
import { until } from "../protocol/waiting.ts";
import type { Occurrence, OccurrenceEnd } from "../scheduler/schedule.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { TaskFactory } from "./task.ts";

/** What schedules need. */
export interface SchedulePorts {
  /** `db/state.db` of the profile. */
  readonly database: string;
  /** Runs a job in a room of its own. */
  readonly runJob: (job: JobParams, signal: AbortSignal) => Promise<JobResult>;
  /** Is told what somebody may want to know, one sentence each. */
  readonly log: (sentence: string) => void;
}

/** The task's name. */
export const SCHEDULES = "schedules";
/** The scheduler looks at the clock every 30 s. */
const HEARTBEAT_MS = 120_000;
/** A job ends itself at the limit that was typed for it, 6 h at most; this ends one that does not. */
const JOB_LIMIT_MS = 6 * 3_600_000 + 60_000;

/** Has jobs run when they are due. */
export class Schedules {
  readonly #ports: SchedulePorts;
  #scheduler: Scheduler | undefined;
  #isDrained = false;

  constructor(ports: SchedulePorts) {
    this.#ports = ports;
  }

  /** For the supervisor. */
  readonly factory: TaskFactory = () => ({
    version: "1",
    heartbeatMs: HEARTBEAT_MS,
    run: (signal, beat) => this.#run(signal, beat),
    detail: () => this.#detail(),
  });

  async #run(signal: AbortSignal, beat: () => void): Promise<void> {
    const [{ ScheduleStore }, { Scheduler }, { systemClock }] = await Promise.all([
      import("../scheduler/store.ts"),
      import("../scheduler/scheduler.ts"),
      import("../scheduler/clock.ts"),
    ]);
    signal.throwIfAborted();
    using store = await ScheduleStore.open(this.#ports.database);
    if (this.#isDrained) return await until(new Promise<never>(() => {}), signal);
    const { log } = this.#ports;
    const run = (occurrence: Occurrence, signal: AbortSignal) => this.#job(occurrence, signal);
    const scheduler = new Scheduler({ store, clock: systemClock, run, log, beat });
    this.#scheduler = scheduler;
    try {
      await scheduler.start(signal);
    } finally {
      if (this.#scheduler === scheduler) this.#scheduler = undefined;
    }
  }

  async #job({ id, schedule }: Occurrence, signal: AbortSignal): Promise<OccurrenceEnd> {
    const { readOutcome } = await import("../scheduler/outcome.ts");
    const job = { schedule: schedule.id, occurrence: id, limitMs: JOB_LIMIT_MS };
    return readOutcome(await this.#ports.runJob(job, signal));
  }

  #detail(): string {
    if (this.#scheduler === undefined) return "";
    const { schedules, running, waiting, nextAt } = this.#scheduler.status();
    const parts = [
      schedules === 1 ? "1 schedule" : `${schedules} schedules`,
      ...(running.length > 0 ? [`${running.length} running`] : []),
      ...(waiting > 0 ? [`${waiting} waiting`] : []),
      ...(nextAt === null ? [] : [`next at ${new Date(nextAt).toISOString()}`]),
    ];
    return parts.join(", ");
  }

  /** A schedule was added, changed or removed. */
  changed(): void {
    this.#scheduler?.changed();
  }

  /** Runs a schedule's job now. @returns the occurrence's number @throws {PyraError} */
  async runNow(schedule: string): Promise<number> {
    if (this.#scheduler) return await this.#scheduler.runNow(schedule);
    const message = "no job begins now: the daemon's schedules do not run";
    throw new PyraError("system", "scheduler_stopped", message, {
      hint: "look at the daemon: pyra daemon status",
    });
  }

  /** Begins no job any more, and waits for those that run. @returns the names of what was interrupted */
  async drain(limitMs: number): Promise<readonly string[]> {
    this.#isDrained = true;
    return await this.#scheduler?.drain(limitMs) ?? [];
  }
}
