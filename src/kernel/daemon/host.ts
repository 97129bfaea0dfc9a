/**
 * The daemon: a run that stays. It serves clients on its socket, runs command lines and jobs in rooms of
 * their own, keeps the vault open as long as the person said, and ends in order.
 * @module
 */
import type {
  DaemonAsk,
  DaemonStatus,
  HostedRunItem,
  JobResult,
  TaskStatus,
} from "../../protocol/daemon_calls.ts";
import type { VaultStatus } from "../../protocol/kernel_calls.ts";
import type { Handler } from "../../rpc/channel.ts";
import { RpcError } from "../../rpc/error.ts";
import type { AppCalls, AppRoom } from "../app_room.ts";
import { KernelError } from "../error.ts";
import type { Run } from "../run.ts";
import { VERSION } from "../version.ts";
import { seen } from "../waiting.ts";
import { type Door, type DoorClient, openDoor } from "./socket/door.ts";
import { HostedRuns } from "./runs/hosted_runs.ts";
import { HostedRun, type HostedStart } from "./runs/hosted_run.ts";
import { secretsDigest } from "./socket/identity_digest.ts";
import { daemonFiles, Instance } from "./instance.ts";
import { runTypedJob } from "./runs/job_run.ts";
import { logDaemon } from "./log.ts";
import { mayWork } from "./runs/reachable_folder.ts";
import { readAsk, readRequest, readRunParams } from "./socket/requests.ts";
import { WarmRoom } from "./runs/warm_room.ts";
import { VaultAgent } from "./vault_agent.ts";

/** How long the app room may take to answer, ms. */
const ASK_LIMIT_MS = 10_000;
const LOOK_MS = 25;
/** At a signal, running work is waited for so long, ms. */
const SIGNAL_DRAIN_MS = 20_000;

/** Ended without anything to end. */
const NOTHING: Promise<unknown> = Promise.resolve([]);

/** What the daemon is made of beside its run. */
export interface DaemonParts {
  readonly calls: AppCalls;
  /** Ends the process. */
  readonly end: (code: number) => void;
}

/** The daemon of one profile. */
export class DaemonHost {
  readonly #run: Run;
  readonly #room: AppRoom;
  readonly #instance: Instance;
  readonly #door: Door;
  readonly #transport: "unix" | "tcp";
  readonly #vault: VaultAgent;
  readonly #runs = new HostedRuns();
  readonly #start: HostedStart;
  readonly #warm: WarmRoom;
  /** Ends the process. */
  readonly end: (code: number) => void;
  #isServed = false;
  #isSettled = false;
  #stopping: Promise<string[]> | undefined;
  #secrets: string | undefined;

  /** Becomes the profile's daemon. @throws {KernelError} `daemon_running` */
  static async open(run: Run, room: AppRoom, parts: DaemonParts): Promise<DaemonHost> {
    const instance = await Instance.take(run.profile, daemonFiles(run.profile.config));
    try {
      return new DaemonHost(run, room, instance, parts);
    } catch (error) {
      instance.release();
      throw error;
    }
  }

  private constructor(run: Run, room: AppRoom, instance: Instance, { calls, end }: DaemonParts) {
    this.#run = run;
    this.#room = room;
    this.#instance = instance;
    // Whoever ends the process: nothing is left that tells of it.
    globalThis.addEventListener("unload", () => instance.release());
    this.end = end;
    this.#vault = new VaultAgent(run.rooms);
    this.#start = {
      profile: run.profile,
      environment: run.environment,
      entries: run.entries,
      rooms: run.rooms,
      calls,
      warm: () => this.#warm.take(),
    };
    const listener = instance.listen();
    this.#transport = listener.addr.transport === "tcp" ? "tcp" : "unix";
    this.#door = openDoor(listener, {
      token: instance.token,
      instance: instance.id,
      version: VERSION,
      serve: (client) => this.#serve(client),
      log: (fields) => this.log(fields),
    });
    this.log({ event: "started", pid: Deno.pid, version: VERSION });
    this.#warm = new WarmRoom(run.entries, run.profile, (reason) => {
      this.log({ event: "a warm room failed", reason });
    });
  }

  /** Appends a line to the daemon's log. */
  log(fields: Readonly<Record<string, unknown>>): void {
    logDaemon(this.#run.profile, fields);
  }

  get vault(): VaultAgent {
    return this.#vault;
  }

  /** How the vault is kept, and whether it is open. */
  async vaultStatus(): Promise<VaultStatus> {
    return await this.#run.rooms.vault().call("status") as VaultStatus;
  }

  /** The vault is open, if that takes nobody. */
  settled(): void {
    this.#isSettled = true;
  }

  /** The app room serves the daemon's questions from now on. */
  served(): void {
    this.#isServed = true;
  }

  /** What clients may call. */
  #serve(client: DoorClient): { handlers: Record<string, Handler>; notified?: Notified } {
    let hosted: HostedRun | undefined;
    return {
      notified: (name, value) => hosted?.notify(name, value),
      handlers: {
        status: () => this.status(),
        stop: async (params) => {
          const { limitMs } = readRequest("stop", params);
          const interrupted = await this.stop(limitMs);
          // The answer leaves before the process does.
          setTimeout(() => this.end(0), 50);
          return { interrupted };
        },
        reload: (_, { signal }) => {
          this.#warm.renew();
          return this.#ask({ method: "reload" }, signal);
        },
        tasks: (params, { signal }) => this.#ask(readAsk(params), signal),
        "vault.unlock": async (params) => {
          const { passphrase, forMs } = readRequest("unlock", params);
          const opened = await this.#vault.unlock(passphrase, forMs).catch((error) => {
            const isWrong = error instanceof RpcError && error.remoteCode === "wrong_passphrase";
            if (isWrong) this.#run.security("vault.wrong_passphrase");
            throw error;
          });
          this.#run.security("vault.agent_unlock", { until: opened.until });
          // Tasks that failed for want of a secret begin anew.
          this.reload();
          return opened;
        },
        "vault.lock": async () => {
          await this.#vault.lock();
          this.#run.security("vault.agent_lock");
        },
        run: (params, { signal }) => {
          if (hosted) throw new KernelError("bad_call", "a connection has one run");
          const opened = this.#open(client, params);
          if (!(opened instanceof HostedRun)) return items(opened);
          hosted = opened;
          return this.#runs.items(opened, signal);
        },
      },
    };
  }

  /** A client's run, or why it goes on by itself. */
  #open({ channel, version }: DoorClient, given: unknown): HostedRun | string {
    const params = readRunParams(given);
    this.#secrets ??= secretsDigest(this.#instance.token, this.#run.environment.identity);
    if (version !== VERSION) return "the daemon is of another version";
    if (params.secrets !== this.#secrets) return "the daemon has other keys in its environment";
    if (!mayWork(this.#run, params)) return "the daemon may not write in that folder";
    if (!this.#runs.isOpen) return "the daemon has too much to do";
    return new HostedRun(this.#start, {
      params,
      job: null,
      client: {
        read: async (signal) => {
          const bytes = await channel.call("read", null, { signal, limitMs: Infinity });
          return typeof bytes === "string" ? Uint8Array.fromBase64(bytes) : null;
        },
        rawMode: async (on) => void await channel.call("rawMode", { on }),
      },
    });
  }

  /** Runs a schedule's job to its end, as it was typed. @throws {KernelError} `no_job`, `denied` */
  async runJob(params: unknown, signal: AbortSignal): Promise<JobResult> {
    this.#runs.check();
    const watch = (run: HostedRun) => this.#runs.items(run);
    return await runTypedJob(this.#start, readRequest("job", params), signal, watch);
  }

  async status(): Promise<DaemonStatus> {
    const { profile } = this.#run;
    await seen({ limitMs: ASK_LIMIT_MS, everyMs: LOOK_MS }, () => this.#isSettled || undefined);
    // A room that is starting, or hangs, is told of by its absence.
    const tasks = this.#isServed
      ? await this.#ask({ method: "status" }, AbortSignal.timeout(ASK_LIMIT_MS)).catch(() => null)
      : null;
    return {
      pid: Deno.pid,
      instance: this.#instance.id,
      version: VERSION,
      started: this.#instance.started,
      profile: profile.name,
      transport: this.#transport,
      memory: Deno.memoryUsage().rss,
      clients: this.#door.clients,
      malformed: this.#door.malformed,
      runs: this.#runs.status(),
      tasks: tasks === null ? [NOT_SERVED] : tasks as TaskStatus[],
      vault: await this.#vault.status(),
    };
  }

  /** Asks the daemon's own app room, once it serves. */
  async #ask(ask: DaemonAsk, signal: AbortSignal): Promise<unknown> {
    const isServed = () => signal.aborted || this.#isServed || undefined;
    await seen({ limitMs: ASK_LIMIT_MS, everyMs: LOOK_MS }, isServed);
    signal.throwIfAborted();
    if (!this.#isServed) {
      throw new KernelError("room", "the daemon's room does not answer yet", "try again");
    }
    return await this.#room.ask("daemonAsk", ask, signal);
  }

  /** Reads settings and plugins anew. */
  reload(): void {
    this.#ask({ method: "reload" }, AbortSignal.timeout(ASK_LIMIT_MS)).then(
      (done) => this.log({ event: "reloaded", ...Object(done) }),
      (error) => this.log({ event: "reload failed", reason: String(error) }),
    );
    // What is warm was loaded before.
    this.#warm.renew();
  }

  /**
   * Takes nothing new, waits for what runs, and ends the rest.
   * @returns what was interrupted
   */
  stop(limitMs: number): Promise<string[]> {
    return this.#stopping ??= this.#drain(limitMs);
  }

  /** Ends the process after a signal. */
  async terminate(code: number): Promise<void> {
    const interrupted = await this.stop(SIGNAL_DRAIN_MS);
    for (const name of interrupted) this.log({ event: "interrupted", what: name });
    this.end(code);
  }

  async #drain(limitMs: number): Promise<string[]> {
    this.#warm.stop();
    const signal = AbortSignal.timeout(limitMs + ASK_LIMIT_MS);
    // A room that never served has nothing to end.
    const asked = this.#isServed ? this.#ask({ method: "drain", limitMs }, signal) : NOTHING;
    const jobs = asked.catch((error: unknown) => {
      this.log({ event: "drain failed", reason: String(error) });
      return [];
    });
    await this.#runs.settle(limitMs);
    const interrupted = [...await jobs as string[], ...await this.#runs.end()];
    this.log({ event: "stopped", interrupted });
    return interrupted;
  }
}

/** Receives a client's notifications. */
type Notified = (name: string, value: unknown) => void;

const NOT_SERVED: TaskStatus = {
  name: "tasks",
  state: "starting",
  crashes: 0,
  lastError: "",
  nextStart: null,
  detail: "",
};

async function* items(reason: string): AsyncGenerator<HostedRunItem, void, undefined> {
  yield { kind: "alone", reason, remembered: null };
}
