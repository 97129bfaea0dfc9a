/**
 * One task under supervision: started, watched, started again, given up, stopped.
 * @module
 */
import type { TaskStatus } from "../protocol/daemon_calls.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import { PyraError } from "../protocol/error.ts";
import {
  OutsideFault,
  type Task,
  type TaskClock,
  type TaskEvent,
  type TaskFactory,
} from "./task.ts";

/** How a supervisor deals with its tasks, ms but for the counts. */
export interface TaskLimits {
  /** The first time it is started again after so long, then after twice as long, and so on. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Started again so often in a row; the next crash is the last. */
  readonly restarts: number;
  /** After so long without a crash it has never crashed. */
  readonly quietMs: number;
  /** For tasks that beat and name no time. */
  readonly heartbeatMs: number;
  /** So long a task that was told to end is waited for. */
  readonly endMs: number;
}

/** What a task needs of its supervisor. */
export interface TaskPorts {
  readonly clock: TaskClock;
  readonly limits: TaskLimits;
  readonly log: (event: TaskEvent) => void;
}

const REASON_UNITS = 300;
const DETAIL_UNITS = 200;

/** One time that it runs. */
interface Attempt {
  readonly task: Task;
  readonly abort: AbortController;
  readonly since: number;
  readonly over: PromiseWithResolvers<void>;
  /** Why it was told to end, if it hung. */
  hung: PyraError | undefined;
  unwatch: () => void;
}

/** A task under its name. */
export class SupervisedTask {
  readonly name: string;
  readonly #ports: TaskPorts;
  #factory: TaskFactory;
  #state: TaskStatus["state"] = "starting";
  #attempt: Attempt | undefined;
  #version: string | undefined;
  #crashes = 0;
  /** Of these, those that it brought about itself. */
  #own = 0;
  #lastError = "";
  #nextStart: number | undefined;
  #cancelStart: () => void = () => {};

  constructor(name: string, factory: TaskFactory, ports: TaskPorts) {
    this.name = name;
    this.#factory = factory;
    this.#ports = ports;
  }

  /** Starts it. */
  start(): void {
    this.#nextStart = this.#version = undefined;
    let task: Task;
    try {
      task = this.#factory();
    } catch (thrown) {
      return this.#crash(thrown);
    }
    this.#version = task.version;
    this.#state = "running";
    const attempt: Attempt = {
      task,
      abort: new AbortController(),
      since: this.#ports.clock.now(),
      over: Promise.withResolvers(),
      hung: undefined,
      unwatch: () => {},
    };
    this.#attempt = attempt;
    this.#ports.log({ event: "task started", task: this.name });
    if (task.heartbeatMs !== undefined) this.#watch(attempt);
    void this.#run(attempt);
  }

  async #run(attempt: Attempt): Promise<void> {
    const { task, abort: { signal } } = attempt;
    try {
      await task.run(signal, () => {
        if (this.#attempt === attempt && attempt.hung === undefined) this.#watch(attempt);
      });
      this.#end(attempt, new PyraError("system", "task_ended", "it ended by itself"));
    } catch (thrown) {
      this.#end(attempt, thrown);
    }
  }

  /** Waits for the next beat, from now on. */
  #watch(attempt: Attempt): void {
    const { clock, limits } = this.#ports;
    const ms = attempt.task.heartbeatMs ?? limits.heartbeatMs;
    attempt.unwatch();
    attempt.unwatch = clock.after(ms, () => {
      const message = `it gave no sign of life for ${ms / 1_000} s`;
      const hung = attempt.hung = new PyraError("system", "task_hung", message);
      attempt.abort.abort(hung);
      // What does not end then is left behind.
      attempt.unwatch = clock.after(limits.endMs, () => this.#end(attempt, hung));
    });
  }

  /** It is over, or left behind. */
  #end(attempt: Attempt, why: unknown): void {
    if (this.#attempt !== attempt) return;
    const { clock, limits } = this.#ports;
    attempt.unwatch();
    this.#attempt = undefined;
    attempt.over.resolve();
    if (this.#state === "stopped") return;
    if (clock.now() - attempt.since >= limits.quietMs) this.#crashes = this.#own = 0;
    this.#crash(attempt.hung ?? why);
  }

  #crash(why: unknown): void {
    const { clock, limits, log } = this.#ports;
    const { firstWaitMs, longestWaitMs, restarts } = limits;
    this.#crashes++;
    if (!(why instanceof OutsideFault)) this.#own++;
    const reason = this.#lastError = sentence(why);
    if (this.#own > restarts) {
      this.#state = "failed";
      return log({ event: "task failed", task: this.name, reason });
    }
    const againMs = Math.min(firstWaitMs * 2 ** Math.min(this.#crashes - 1, 30), longestWaitMs);
    this.#state = "waiting";
    this.#nextStart = clock.now() + againMs;
    this.#cancelStart = clock.after(againMs, () => this.start());
    log({ event: "task crashed", task: this.name, reason, againMs });
  }

  /**
   * Ends it.
   * @param limitMs one that has not ended then is left behind
   * @returns whether it ended
   */
  async stop(limitMs: number): Promise<boolean> {
    const attempt = this.#attempt;
    const wasStopped = this.#state === "stopped";
    this.#cancelStart();
    this.#nextStart = undefined;
    this.#state = "stopped";
    let ended = true;
    if (attempt) {
      const leave = this.#ports.clock.after(limitMs, () => {
        ended = false;
        this.#end(attempt, undefined);
      });
      attempt.abort.abort(new PyraError("system", "task_stopped", "it is stopped"));
      await attempt.over.promise;
      leave();
    }
    if (wasStopped) return ended;
    this.#ports.log({
      event: "task stopped",
      task: this.name,
      ...(ended ? {} : { reason: "it did not end, and was left behind" }),
    });
    return ended;
  }

  /** Whether this factory makes what runs, or is about to be started again. */
  isMadeBy(factory: TaskFactory): boolean {
    if (this.#state === "failed" || this.#version === undefined) return false;
    return versionOf(factory) === this.#version;
  }

  /** Is made by this one from the next start on. */
  renew(factory: TaskFactory): void {
    this.#factory = factory;
  }

  /** How it is. */
  get status(): TaskStatus {
    const { clock, limits } = this.#ports;
    const attempt = this.#attempt;
    const isQuiet = attempt !== undefined && clock.now() - attempt.since >= limits.quietMs;
    return {
      name: this.name,
      state: this.#state,
      crashes: isQuiet ? 0 : this.#crashes,
      lastError: this.#lastError,
      nextStart: this.#nextStart === undefined ? null : new Date(this.#nextStart).toISOString(),
      detail: attempt === undefined ? "" : detailOf(attempt.task),
    };
  }
}

function sentence(why: unknown): string {
  return oneLine(why instanceof Error ? why.message : String(why), REASON_UNITS);
}

function detailOf(task: Task): string {
  try {
    return oneLine(task.detail?.() ?? "", DETAIL_UNITS);
  } catch (thrown) {
    return `it cannot say: ${sentence(thrown)}`;
  }
}

function versionOf(factory: TaskFactory): string | undefined {
  try {
    return factory().version;
  } catch (thrown) {
    // It crashes when it is started, and says why then.
    if (thrown instanceof Error) return undefined;
    throw thrown;
  }
}
