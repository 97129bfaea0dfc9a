/**
 * The app room's calls about the daemon, the service that starts it, and schedules' jobs.
 * @module
 */
import type {
  DaemonAsk,
  DaemonCommand,
  DaemonReply,
  DaemonStatus,
  JobParams,
  JobResult,
  ServiceStatus,
} from "./daemon_calls.ts";
import type { Json } from "./plugin.ts";

/** Parameters and results; a part of `KernelCalls`, where *asks* is explained. */
export interface DaemonKernelCalls {
  /**
   * One of the daemon's commands; only in a run whose command line is that command. *Asks* for the vault's
   * passphrase where `start` needs it. Error codes: `no_daemon`, `daemon_running`, `daemon_version`,
   * `daemon`.
   */
  daemonCommand: (params: { command: DaemonCommand }) => DaemonReply;
  /** What the daemon that runs says of itself; null if none runs. Error code: `daemon_version`. */
  daemonStatus: (params: null) => DaemonStatus | null;
  /** What is registered with the system to start the daemon. Runs its programs where something is. */
  serviceStatus: (params: null) => ServiceStatus;
  /**
   * Names of files that only a running daemon has; only in a run of `doctor`, where none runs. With `--fix`
   * in its command line they are removed. Error codes: `denied`, `daemon_running`, `daemon`.
   */
  daemonRemains: (params: null) => readonly string[];
  /**
   * Asks the app room of the daemon that runs; only in a run of `daemon`, `schedule`, `plugin` or `doctor`.
   * Null if no daemon runs. Error codes: `no_daemon` if it ended meanwhile, and its own.
   */
  daemonAsk: (params: DaemonAsk) => Json;
  /**
   * Keeps this command line (`schedule add …`) and its folder as what a job of this id may do; once a
   * run, and never for an id that is there. Error codes: `denied`, `usage`.
   */
  keepJob: (params: { schedule: string }) => null;
  /** Forgets it; only in a run of `schedule rm` that names it. */
  forgetJob: (params: { schedule: string }) => null;
  /** Ids of the jobs that the kernel keeps, and what was typed; only in a run of `schedule`, `daemon` or `doctor`. */
  keptJobs: (params: null) => readonly {
    readonly schedule: string;
    readonly typed: readonly string[];
    readonly workspace: string;
    readonly added: string;
  }[];
  /** The daemon's own app room serves `onDaemonAsk` from now on; only in a run of `daemon run`. */
  serveDaemon: (params: null) => null;
  /** Runs a job; only from the daemon's own app room, or `schedule run` that names it. Error codes: `denied`, `no_job`. */
  runJob: (params: JobParams) => JobResult;
  /** Shows a notification of the desktop; 10 a minute, only from a daemon's rooms. Error code: `program`. */
  notify: (params: { title: string; text: string }) => null;
}
