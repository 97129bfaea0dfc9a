import { Scheduler, type SchedulerPorts } from "../../../src/scheduler/scheduler.ts";
import { nextTimes } from "../../../src/scheduler/rule/rule.ts";
import { readRule } from "../../../src/scheduler/rule/rule_text.ts";
import type {
  NewSchedule,
  Occurrence,
  OccurrenceEnd,
  Schedule,
} from "../../../src/scheduler/schedule.ts";
import { ScheduleStore } from "../../../src/scheduler/store.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** How a job of the stage runs. */
export type Play = (occurrence: Occurrence, signal: AbortSignal) => Promise<OccurrenceEnd>;

/** A job that is done at once. */
export function done(): Promise<OccurrenceEnd> {
  return Promise.resolve({ state: "done", reason: "" });
}

/** A store in a folder of its own, a fake clock, and a scheduler between them. */
export class Stage implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log: string[] = [];
  /** What was run: `id due`, due as ISO 8601 without its seconds' fractions. */
  readonly ran: string[] = [];
  play: Play = done;
  #folder: string;
  #store: ScheduleStore;
  #scheduler: Scheduler | undefined;
  #stop = new AbortController();
  #over: Promise<void> = Promise.resolve();

  private constructor(folder: string, store: ScheduleStore, start: string) {
    this.#folder = folder;
    this.#store = store;
    this.clock = new FakeClock(start);
  }

  static async open(start: string): Promise<Stage> {
    const folder = await Deno.makeTempDir();
    return new Stage(folder, await ScheduleStore.open(`${folder}/state.db`), start);
  }

  get path(): string {
    return `${this.#folder}/state.db`;
  }

  get store(): ScheduleStore {
    return this.#store;
  }

  get scheduler(): Scheduler {
    if (this.#scheduler === undefined) throw new Error("the stage's scheduler was not started");
    return this.#scheduler;
  }

  /** Adds a schedule of what somebody typed. */
  async add(
    name: string,
    typed: string,
    { zone = "UTC", ...more }: Partial<NewSchedule> & { zone?: string } = {},
  ): Promise<Schedule> {
    const now = this.clock.now();
    const { rule } = await readRule(typed, { zone, now });
    const [nextAt = null] = await nextTimes(rule, now, 1);
    const schedule = this.#store.add({ name, rule, missed: "late", ...more }, { now, nextAt });
    this.#scheduler?.changed();
    return schedule;
  }

  /** Starts a scheduler, as a new process would. */
  async start(ports: Partial<SchedulerPorts> = {}): Promise<void> {
    this.#stop = new AbortController();
    this.#scheduler = new Scheduler({
      store: this.#store,
      clock: this.clock,
      run: (occurrence, signal) => {
        const { schedule, dueAt, manual } = occurrence;
        this.ran.push(`${schedule.id} ${manual ? "asked" : iso(dueAt)}`);
        return this.play(occurrence, signal);
      },
      log: (sentence) => this.log.push(sentence),
      ...ports,
    });
    this.#over = this.#scheduler.start(this.#stop.signal);
    await this.clock.settle();
  }

  /** Ends the scheduler. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const over = this.#over;
    let isOver = false;
    over.finally(() => isOver = true);
    while (!isOver) await this.clock.pass(1_000);
    await over;
  }

  /** The ledger from its beginning: `id due state reason`. */
  lines(schedule?: string): string[] {
    return this.#store.ledger.history(schedule, 2_000).reverse().map((record) =>
      [record.schedule, iso(record.dueAt), record.state, record.reason].join(" ").trim()
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#store[Symbol.dispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** An instant to the second. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
