/**
 * What crosses the daemon's socket, and what its app room and its kernel ask of each other. The wire is
 * JSON-RPC 2.0, one JSON text a line; `protocol/daemon_schemas.ts` has the schemas and examples.
 * @module
 */
import type { Json } from "./plugin.ts";

/** Both ends must speak the same one. */
export const DAEMON_PROTOCOL = 1;

/** How a task of the supervisor is. */
export interface TaskStatus {
  readonly name: string;
  /** `waiting`: it crashed and is started again at `nextStart`. `failed`: it crashed too often. */
  readonly state: "starting" | "running" | "waiting" | "failed" | "stopped";
  /** Crashes in a row. */
  readonly crashes: number;
  /** One sentence; empty if there was none. */
  readonly lastError: string;
  /** ISO 8601, UTC; null unless `waiting`. */
  readonly nextStart: string | null;
  /** What it says of itself, such as "3 schedules, next at 08:00"; may be empty. */
  readonly detail: string;
}

/** What the daemon does for somebody at the moment. */
export interface RunStatus {
  readonly kind: "client" | "job";
  /** `ask`, `chat`, or a schedule's name; never what was asked. */
  readonly what: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** The answer to `status`. */
export interface DaemonStatus {
  readonly pid: number;
  /** A random id of this start, in hexadecimal. */
  readonly instance: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly profile: string;
  readonly transport: "unix" | "tcp";
  /** Resident memory, bytes. */
  readonly memory: number;
  readonly clients: number;
  /** Frames that were none, since its start. */
  readonly malformed: number;
  readonly runs: readonly RunStatus[];
  readonly tasks: readonly TaskStatus[];
  readonly vault: {
    readonly state: "absent" | "locked" | "open";
    /** When it is locked again, ISO 8601, UTC; null: when the daemon ends. */
    readonly until: string | null;
  };
}

/** What a client's kernel says of the run that it wants. */
export interface HostedRunParams {
  /** The whole command line but for the program's name. */
  readonly args: readonly string[];
  /** The folder it was typed in, absolute. */
  readonly folder: string;
  /** What rooms are told of the environment. */
  readonly shown: Readonly<Record<string, string>>;
  /** What programs are started with. */
  readonly programs: Readonly<Record<string, string>>;
  /**
   * HMAC-SHA-256, by the connection's token, of what is secret in the client's environment and of its
   * proxies and certificates: what must be the daemon's too, and is not told. Hexadecimal.
   */
  readonly secrets: string;
  readonly terminal: HostedTerminal;
}

/** The size of a client's terminal, in cells; `resize` is told with a new one. */
export interface HostedScreen {
  readonly columns: number;
  readonly rows: number;
}

/** The client's terminal. */
export interface HostedTerminal extends HostedScreen {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** What a hosted run tells its client, in order. */
export type HostedRunItem =
  | { readonly kind: "output"; readonly to: "stdout" | "stderr"; readonly text: string }
  /** The run is over. */
  | { readonly kind: "end"; readonly code: number }
  /**
   * The client goes on by itself, as if there were no daemon: the person is needed, or the daemon cannot
   * do it. `reason` is for the person, empty where they see it; `remembered` is what the room left for the
   * next one.
   */
  | { readonly kind: "alone"; readonly reason: string; readonly remembered: unknown };

/** What a client may call. */
export interface DaemonCalls {
  status: (params: null) => DaemonStatus;
  /** Ends the daemon when running work is done, or after so many ms. Tells what was interrupted. */
  stop: (params: { limitMs: number }) => { readonly interrupted: readonly string[] };
  /** Reads settings and plugins anew. Names of tasks. */
  reload: (params: null) => ReloadReply;
  /** Opens the vault for so many ms, or (null) as long as the daemon runs. */
  "vault.unlock": (params: { passphrase: string | null; forMs: number | null }) => {
    readonly until: string | null;
  };
  "vault.lock": (params: null) => null;
  /** A stream of `HostedRunItem`. The daemon calls `read` and `rawMode` of the client meanwhile. */
  run: (params: HostedRunParams) => HostedRunItem;
  /** Passed on to the daemon's app room. */
  tasks: (params: DaemonAsk) => Json;
}

/** What a client serves while it has a run. */
export interface ClientCalls {
  /** The next bytes of standard input, base64; null at its end. */
  read: (params: null) => string | null;
  rawMode: (params: { on: boolean }) => null;
}

/** What the client tells of: keys as signals, and the terminal's size. */
export type ClientNotice =
  | { readonly name: "interrupt"; readonly value: null }
  | { readonly name: "terminate"; readonly value: null }
  | {
    readonly name: "resize";
    readonly value: { readonly columns: number; readonly rows: number };
  };

/** What was done by `reload`: names of tasks. */
export interface ReloadReply {
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  readonly kept: readonly string[];
}

/** What the kernel asks of the daemon's own app room. */
export type DaemonAsk =
  | { readonly method: "status" }
  | { readonly method: "reload" }
  /** Starts nothing more, and waits for what runs; names of what was interrupted. */
  | { readonly method: "drain"; readonly limitMs: number }
  /** A schedule was added, changed or removed. */
  | { readonly method: "schedules.changed" }
  /** Runs a schedule's job now. */
  | { readonly method: "schedules.run"; readonly schedule: string };

/** A job, as the daemon's app room asks the kernel to run it. */
export interface JobParams {
  /** The schedule's id. */
  readonly schedule: string;
  /** The occurrence's id in the ledger. */
  readonly occurrence: number;
  /** It is ended after so long, ms. */
  readonly limitMs: number;
}

/** How a job's run ended. */
export interface JobResult {
  readonly code: number;
  /** The last 64 KiB of what it printed. */
  readonly output: string;
  /** And of what it said on standard error. */
  readonly errors: string;
}

/** What a job's run is told at its start: the person's own words, as the kernel kept them. */
export interface JobBoot {
  readonly schedule: string;
  readonly occurrence: number;
  /** The command line of `pyra schedule add …`, without the global options. */
  readonly typed: readonly string[];
  /** When it was typed, ISO 8601, UTC. */
  readonly added: string;
}

/** The service that starts the daemon, as the system knows it. */
export interface ServiceStatus {
  /** The program that keeps it: systemd, launchd, or the Task Scheduler. */
  readonly manager: string;
  readonly label: string;
  readonly file: string;
  /** `none`: no file. `foreign`: not made by Pyra. `old`: Pyra would make another one now. */
  readonly written: "none" | "foreign" | "old" | "current";
  /** Whether it is started with the person's session. */
  readonly enabled: boolean;
  readonly running: boolean;
  /** The process, where the system tells it. */
  readonly pid: number | undefined;
  /** Why it did not start; or why nobody can tell, one sentence. */
  readonly failure: string | undefined;
  /** The folders that it may write to, besides the system's for programs; null: all of the person's. */
  readonly folders: readonly string[] | null;
  /** Whether it goes on when the person logs out; null where that cannot be told. */
  readonly lingers: boolean | null;
}

/** What `pyra daemon …` did. */
export type DaemonReply =
  /** `start`, and `restart` with what was interrupted. */
  | (Pick<DaemonStatus, "pid" | "vault"> & { readonly interrupted?: readonly string[] })
  /** `stop`; null if none ran. */
  | { readonly interrupted: readonly string[] | null }
  | ReloadReply
  /** `install --print`: the service's file. */
  | { readonly text: string }
  | ServiceReply;

/** What was done to the service: one sentence, lower case, and its file. */
export interface ServiceReply {
  readonly message: string;
  readonly lines: readonly string[];
}

/** The commands of `pyra daemon` that the kernel does; their options are read from the command line. */
export type DaemonCommand =
  | "start"
  | "stop"
  | "restart"
  | "reload"
  | "install"
  | "uninstall";
