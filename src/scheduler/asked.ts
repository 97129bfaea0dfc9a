/**
 * Jobs that somebody asked for: they run when one more may, in order of when they were asked for.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { Clock } from "./clock.ts";
import type { RunningJobs } from "./running.ts";
import type { ScheduleStore } from "./store.ts";

/** What they need. */
export interface AskedPorts {
  readonly store: ScheduleStore;
  readonly clock: Clock;
  readonly jobs: RunningJobs;
}

interface Asked {
  /** The schedule's id. */
  readonly schedule: string;
  readonly at: number;
  readonly begun: PromiseWithResolvers<number>;
}

/** Jobs that wait, at most. */
const ASKED_LIMIT = 100;

/** The jobs that were asked for and have not begun. */
export class AskedJobs {
  readonly #ports: AskedPorts;
  readonly #asked: Asked[] = [];

  constructor(ports: AskedPorts) {
    this.#ports = ports;
  }

  /** How many wait. */
  get size(): number {
    return this.#asked.length;
  }

  /**
   * Asks for a schedule's job.
   * @returns the occurrence's number, once it has begun
   * @throws {PyraError} `schedule_unknown`, `schedule_running`, `schedules_busy`, `scheduler_stopped`
   */
  async add(idOrName: string): Promise<number> {
    const { store, clock, jobs } = this.#ports;
    const schedule = store.find(idOrName);
    if (schedule === undefined) throw unknown(idOrName);
    const { id, name } = schedule;
    if (jobs.isRunning(id) || this.#asked.some((asked) => asked.schedule === id)) {
      throw running(name);
    }
    if (this.#asked.length >= ASKED_LIMIT) {
      throw new PyraError("system", "schedules_busy", `${ASKED_LIMIT} jobs wait to run already`, {
        hint: "ask again when some of them are done",
      });
    }
    const begun = Promise.withResolvers<number>();
    this.#asked.push({ schedule: id, at: clock.now(), begun });
    return await begun.promise;
  }

  /** Begins what was asked for until an instant, as far as jobs may run. @throws what SQLite says */
  begin(until: number): void {
    const { store, clock, jobs } = this.#ports;
    while (jobs.hasSlot) {
      const [first] = this.#asked;
      if (first === undefined || first.at > until) return;
      const schedule = store.find(first.schedule);
      if (schedule === undefined || jobs.isRunning(schedule.id)) {
        first.begun.reject(
          schedule === undefined ? unknown(first.schedule) : running(schedule.name),
        );
      } else {
        const occurrence = store.ledger.beginManual(schedule, clock.now());
        jobs.start(occurrence);
        first.begun.resolve(occurrence.id);
      }
      this.#asked.shift();
    }
  }

  /** Tells all that wait that nothing more begins. */
  refuse(): void {
    for (const { begun } of this.#asked.splice(0)) begun.reject(stopped());
  }
}

/** The error of a scheduler that begins nothing more. */
export function stopped(): PyraError {
  const message = "no job begins now: the daemon is just starting or ending";
  return new PyraError("system", "scheduler_stopped", message, {
    hint: "look at the daemon: pyra daemon status",
  });
}

function unknown(idOrName: string): PyraError {
  return new PyraError("configuration", "schedule_unknown", `there is no schedule "${idOrName}"`, {
    hint: "pyra schedule list shows them",
  });
}

function running(name: string): PyraError {
  return new PyraError("system", "schedule_running", `"${name}" runs already`, {
    hint: "wait until it is done: pyra schedule history",
  });
}
