/**
 * Keeps tasks running: one that crashes is started again, later each time; one that hangs is left behind.
 * @module
 */
import type { ReloadReply, TaskStatus } from "../protocol/daemon_calls.ts";
import { PyraError } from "../protocol/error.ts";
import { SupervisedTask, type TaskLimits, type TaskPorts } from "./supervised_task.ts";
import { machineClock, type TaskClock, type TaskEvent, type TaskFactory } from "./task.ts";

/** What a supervisor is made with. */
export interface SupervisorOptions extends Partial<TaskLimits> {
  /** The machine's if absent. */
  readonly clock?: TaskClock;
  /** Is told of each start, crash and stop. */
  readonly log: (event: TaskEvent) => void;
}

const LIMITS: TaskLimits = {
  firstWaitMs: 5_000,
  longestWaitMs: 300_000,
  restarts: 10,
  quietMs: 600_000,
  heartbeatMs: 60_000,
  endMs: 5_000,
};

/** The tasks of a daemon. */
export class Supervisor {
  readonly #ports: TaskPorts;
  readonly #tasks = new Map<string, SupervisedTask>();
  #state: "new" | "running" | "stopped" = "new";
  #reload: Promise<unknown> = Promise.resolve();

  constructor({ clock = machineClock, log, ...limits }: SupervisorOptions) {
    this.#ports = { clock, log, limits: { ...LIMITS, ...limits } };
  }

  /** Adds a task; it is started with the others, or now. @throws {PyraError} `task_exists`, `tasks_stopped` */
  addTask(name: string, factory: TaskFactory): void {
    if (this.#state === "stopped") {
      throw new PyraError("system", "tasks_stopped", "the tasks are stopped, and none is added");
    }
    if (this.#tasks.has(name)) {
      throw new PyraError("system", "task_exists", `there is a task ${name} already`);
    }
    const task = new SupervisedTask(name, factory, this.#ports);
    this.#tasks.set(name, task);
    if (this.#state === "running") task.start();
  }

  /** Starts what was added. */
  start(): void {
    if (this.#state !== "new") return;
    this.#state = "running";
    for (const task of this.#tasks.values()) task.start();
  }

  /**
   * Ends all, for good.
   * @param limitMs what has not ended then is left behind
   * @returns the names of what was left behind
   */
  async stop(limitMs: number): Promise<string[]> {
    if (this.#state === "stopped") return [];
    this.#state = "stopped";
    const stopping = [...this.#tasks.values()].map(async (task) =>
      await task.stop(limitMs) ? [] : [task.name]
    );
    return (await Promise.all(stopping)).flat();
  }

  /**
   * Makes the tasks these: starts what is new, stops what is gone, keeps what has the same version, and
   * stops and starts what has another one, or has failed. One reload at a time.
   */
  async reload(tasks: ReadonlyMap<string, TaskFactory>): Promise<ReloadReply> {
    const reloading = this.#reload.then(() => this.#change(tasks));
    this.#reload = reloading.catch(() => undefined);
    return await reloading;
  }

  async #change(tasks: ReadonlyMap<string, TaskFactory>): Promise<ReloadReply> {
    const kept = new Set<string>();
    const leaving: SupervisedTask[] = [];
    for (const [name, task] of this.#tasks) {
      const factory = tasks.get(name);
      if (factory === undefined || !task.isMadeBy(factory)) leaving.push(task);
      else {
        task.renew(factory);
        kept.add(name);
      }
    }
    const { limits: { endMs } } = this.#ports;
    await Promise.all(leaving.map((task) => task.stop(endMs)));
    for (const { name } of leaving) this.#tasks.delete(name);
    const started: string[] = [];
    for (const [name, factory] of tasks) {
      // It may have been stopped, all of it, meanwhile.
      if (kept.has(name) || this.#state === "stopped") continue;
      this.addTask(name, factory);
      started.push(name);
    }
    return { started, stopped: leaving.map(({ name }) => name), kept: [...kept] };
  }

  /** How they are, in the order they were added. */
  status(): TaskStatus[] {
    return [...this.#tasks.values()].map(({ status }) => status);
  }
}
