/**
 * The daemon's own room: its tasks, and the kernel's questions about them.
 * @module
 */
import type { DaemonAsk, ReloadReply, TaskStatus } from "../protocol/daemon_calls.ts";
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import type { Kernel } from "../protocol/kernel_calls.ts";
import type { Json } from "../protocol/plugin.ts";
import { SCHEDULES, type Schedules } from "./schedules.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";
import type { TaskFactory } from "./task.ts";

/** What the daemon's room needs. */
export interface DaemonPorts {
  readonly kernel: Pick<Kernel, "call" | "onDaemonAsk">;
  readonly schedules: Schedules;
  /** The plugins' tasks as they are now; settings and plugins are read anew. */
  readonly pluginTasks: (signal: AbortSignal) => Promise<ReadonlyMap<string, TaskFactory>>;
  readonly log: SupervisorOptions["log"];
}

/** Where the plugins' tasks stand in the status while they cannot be read. */
const PLUGINS = "plugins";
/** At the end, tasks may take so long, ms. */
const STOP_LIMIT_MS = 4_000;
const REASON_UNITS = 300;

/** The tasks of one daemon. */
export class DaemonTasks {
  readonly #ports: DaemonPorts;
  readonly #supervisor: Supervisor;
  readonly #stopped = new AbortController();
  /** Why the plugins' tasks could not be read, the last time. */
  #problem = "";

  constructor(ports: DaemonPorts) {
    this.#ports = ports;
    this.#supervisor = new Supervisor({ log: ports.log });
  }

  /** Serves; plugins are started when that is told. Rejects only with the kernel's refusal. */
  async start(): Promise<void> {
    const { kernel, schedules } = this.#ports;
    this.#supervisor.addTask(SCHEDULES, schedules.factory);
    this.#supervisor.start();
    kernel.onDaemonAsk((ask, signal) => this.#answer(ask, signal));
    await kernel.call("serveDaemon", null);
    // Told by the status and the log; a reload tries again.
    await this.#reload(this.#stopped.signal).catch(() => undefined);
  }

  async #answer(ask: DaemonAsk, signal: AbortSignal): Promise<Json> {
    const { schedules } = this.#ports;
    switch (ask.method) {
      case "status":
        return this.#status().map((task) => ({ ...task }));
      case "reload":
        return { ...await this.#reload(AbortSignal.any([signal, this.#stopped.signal])) };
      case "drain":
        return await this.#drain(ask.limitMs);
      case "schedules.changed":
        schedules.changed();
        return null;
      case "schedules.run":
        return await schedules.runNow(ask.schedule);
    }
  }

  #status(): readonly TaskStatus[] {
    const tasks = this.#supervisor.status();
    if (this.#problem === "") return tasks;
    return [...tasks, {
      name: PLUGINS,
      state: "failed",
      crashes: 1,
      lastError: this.#problem,
      nextStart: null,
      detail: "",
    }];
  }

  /** Tasks go on as they were where settings or plugins cannot be read. */
  async #reload(signal: AbortSignal): Promise<ReloadReply> {
    const { schedules, pluginTasks, log } = this.#ports;
    schedules.changed();
    let tasks: ReadonlyMap<string, TaskFactory>;
    try {
      tasks = await pluginTasks(signal);
      this.#problem = "";
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      const reason = this.#problem = oneLine(why, REASON_UNITS);
      log({ event: "plugins could not be read", task: PLUGINS, reason });
      throw thrown;
    }
    return await this.#supervisor.reload(new Map([[SCHEDULES, schedules.factory], ...tasks]));
  }

  /** Ends the tasks, once no job runs. @returns what was interrupted */
  async #drain(limitMs: number): Promise<string[]> {
    this.#stopped.abort(new PyraError("system", "stopping", "the daemon is stopping"));
    const interrupted = await this.#ports.schedules.drain(limitMs);
    return [...interrupted, ...await this.#supervisor.stop(STOP_LIMIT_MS)];
  }
}
