/**
 * What the app room is told when it starts, and every call it may make to the kernel. There are few,
 * each is checked in `serve.ts`, and each that changes something is a line in `security.log`.
 *
 * A call marked *asks* may stop the app room: the kernel ends it, speaks with the person, and starts
 * it anew with the same command line and what was last `remember`ed. The same call, made again by
 * the new room, is then answered at once. So whoever makes one does it before side effects.
 * @module
 */
import type { DaemonAsk, HostedScreen, JobBoot } from "./daemon_calls.ts";
import type { DaemonKernelCalls } from "./daemon_kernel_calls.ts";
import type { Json } from "./plugin.ts";
import type { PluginKernelCalls, PluginRequest } from "./plugin_calls.ts";
import type { PluginCallParams, PluginItem } from "./plugin_host_calls.ts";

/** What the app room is told when it starts. */
export interface AppBoot {
  /** The command line without the program's name and without the global options. */
  readonly argv: readonly string[];
  readonly options: GlobalOptions;
  readonly version: string;
  readonly os: typeof Deno.build.os;
  readonly profile: ProfilePaths;
  /** False until `config.yaml` exists. */
  readonly setUp: boolean;
  /** The resolved folder that Pyra works in. The app may not read it. */
  readonly workspace: string;
  /** The variables of the fixed list (`TERM`, `NO_COLOR`, `LANG`, …) and `PYRA_<BLOCK>_<FIELD>`. */
  readonly env: Readonly<Record<string, string>>;
  /** Ids of providers whose key is in the environment. */
  readonly environmentKeys: readonly string[];
  readonly terminal: {
    readonly stdin: boolean;
    readonly stdout: boolean;
    readonly stderr: boolean;
  };
  /** Absolute paths that the command line named and that this run may therefore read or write. */
  readonly granted: readonly string[];
  /** What the room before this one left with `remember`; null at first. */
  readonly remembered: unknown;
  /** Set where the daemon runs this command line for a client, whose terminal it is. */
  readonly hosted: HostedScreen | null;
  /** Set in the run of a schedule's job, where nobody can be asked. */
  readonly job: JobBoot | null;
}

/** The global options, read by the kernel. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Absolute paths of the profile in use. */
export interface ProfilePaths {
  readonly name: string;
  readonly home: string;
  readonly config: string;
  readonly memory: string;
  readonly db: string;
  readonly sessions: string;
  readonly recipes: string;
  readonly cache: string;
  readonly run: string;
  readonly logs: string;
  readonly plugins: string;
}

/** How the vault's identity is kept. */
export type VaultMode = "keystore" | "passphrase" | "keyfile" | "gpg";

/** A secret as it may be shown: never its value. */
export interface SecretSummary {
  readonly name: string;
  readonly origins: readonly string[];
  readonly placement: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly rotated: string;
  /** True if it has a passphrase of its own. */
  readonly locked: boolean;
}

/** The vault as it may be shown. */
export interface VaultStatus {
  readonly state: "absent" | "locked" | "open";
  readonly mode: VaultMode | undefined;
  readonly secrets: number;
  readonly recipients: readonly string[];
}

/** Every call of the app room to the kernel: parameters and result. */
export interface KernelCalls extends PluginKernelCalls, DaemonKernelCalls {
  /** Ends the program. Never answers. */
  exit: (params: { code: number }) => never;
  /** Keeps a small JSON value (64 KiB) for the room that follows this one. */
  remember: (params: { state: unknown }) => null;
  /**
   * Opens the way to a provider: its origin is allowed on the app's egress port (delivered by
   * `Rooms.egress`), and a sentinel stands for its key. *Asks* for the vault's passphrase, and for
   * a `baseUrl` that no one has bound yet, unless it is to be `quiet`. Error codes: `no_key`,
   * `vault_locked`, `origin_refused`.
   */
  connect: (params: { provider: string; baseUrl?: string; quiet?: true }) => {
    sentinel: string | null;
    source: "environment" | "vault" | "none";
  };
  /** The app's port to egress; the room is started by the first call. */
  egress: (params: null) => MessagePort;
  /**
   * Replaces `config.yaml`. *Asks* if a protected block differs and the command line does not say
   * so. Error codes: `config_shape`, `denied`.
   */
  writeConfig: (params: { text: string }) => null;
  /** *Asks*: opens the person's editor on a text and returns what was saved. Error code: `editor`. */
  editText: (params: { text: string; extension: string; editor?: string }) => string;
  /**
   * *Asks* for a path that the person typed in the chat: to read the folder it leads to, or to write
   * that one file. Returns the path to use, links resolved. Error codes: `denied`, `usage`, `boundary`.
   */
  grantPath: (params: { path: string; access: "read" | "write" }) => string;
  /** Names of visible entries in the workspace that begin with `prefix`, folders with `/`; 200 at most. */
  completePath: (params: { prefix: string }) => string[];
  /** The machine and the workspace as they are now, as far as they can be told without running a program. */
  surroundings: (params: null) => Surroundings;
  /**
   * The profile's files, of which the app may not see all; only in a run of `doctor`. With `--fix` in its
   * command line modes are put right, and what killed runs left is removed. Error code: `denied`.
   */
  examineProfile: (params: null) => ProfileExamination;
  /**
   * Appends one line (8,192 characters at most) to `logs/app.log`, or a JSON object to the log that `to`
   * names. In `security.log` it is marked as the app's word (`app.report`), 1,000 a run at most.
   */
  log: (
    params: {
      line: string;
      to?: "security" | "tool_executions" | "queries" | "plugin_errors" | "daemon";
    },
  ) => null;
  /** What holds the programs that plugins run, by the config; runs none. */
  sandbox: (params: null) => SandboxStatus;
  /** The vault's state; unlocks nothing. */
  vaultStatus: (params: null) => VaultStatus;
  /** One of the vault's commands; only in a run whose command line is that command. *Asks*. */
  vaultCommand: (params: VaultCommand) => VaultReply;
  /**
   * *Asks* for a provider's key (or takes it from standard input with `--key-stdin`), making the
   * vault first if there is none. Only in a run of `setup` or `chat`. Error codes: `denied`, `refused`.
   */
  storeProviderKey: (params: { provider: string; baseUrl?: string }) => null;
}

/** What may be wrong with a file of the profile. */
export interface ProfileFault {
  /** In the profile; empty for its folder. */
  readonly path: string;
  /** `open`: others may read or write it; `foreign`: another user's; `left`: by a run that was killed. */
  readonly kind: "open" | "foreign" | "left";
  readonly fixed: boolean;
}

/** What the kernel found in the profile. */
export interface ProfileExamination {
  /** The first 100. */
  readonly faults: readonly ProfileFault[];
  /** How many there are besides. */
  readonly more: number;
  /** False: it has too many files, and not all were looked at. */
  readonly isWhole: boolean;
  /** What was put right when this run began, one sentence each. */
  readonly repaired: readonly string[];
  /** Folders above it in which anybody may rename what is there. */
  readonly exposed: readonly string[];
  /** The file system that holds it (`statfs`), sizes in blocks of `bsize` bytes; null if it cannot be told. */
  readonly disk: {
    readonly blocks: number;
    readonly bavail: number;
    readonly bsize: number;
    /** Which kind it is, as the system numbers them. */
    readonly type: number;
  } | null;
  /** When a file of it was last changed, ms since 1970. */
  readonly newest: number;
}

/** What the kernel sees of the machine and the workspace. Sizes are bytes. */
export interface Surroundings {
  /** Of the system's kernel. */
  readonly release: string;
  /** `/etc/os-release` of a Linux; else empty. Foreign. */
  readonly system: string;
  readonly cores: number;
  /** Processes that wanted one, on average over the last minute; 0 on Windows. */
  readonly load: number;
  readonly memory: { readonly total: number; readonly available: number };
  /** The one that holds the workspace; null if it cannot be told. */
  readonly disk: { readonly total: number; readonly available: number } | null;
  /** The person's home folder. */
  readonly home: string | null;
  /** The nearest folder with a repository: the workspace, or one above it, below the home folder. */
  readonly project: string | null;
  /** What lies in the workspace; 500 names at most. */
  readonly names: readonly string[];
  /** The files `AGENTS.md` from the project's folder down to the workspace. */
  readonly instructions: readonly ProjectFile[];
}

/** A file of the workspace. */
export interface ProjectFile {
  readonly path: string;
  /** Foreign. Null: it is a link, has more than 32 KB, or may not be read. */
  readonly text: string | null;
}

/** The sandbox in force. */
export interface SandboxStatus {
  readonly kind: "bubblewrap" | "sandbox-exec" | "container" | "none";
  /** Empty; or why no program is run, and what to do. */
  readonly problem: string;
}

/** The vault's commands as the app hands them over; options come from the command line. */
export type VaultCommand =
  | { readonly command: "list" }
  | {
    readonly command: "set";
    readonly name: string;
    readonly origins: readonly string[];
    readonly placement?: string;
    readonly ownPassphrase: boolean;
    readonly fromStdin: boolean;
  }
  | { readonly command: "rm"; readonly name: string }
  /** With a name: a new value for that secret; without: a new identity. */
  | { readonly command: "rotate"; readonly name?: string; readonly fromStdin: boolean }
  | { readonly command: "unlock" }
  | { readonly command: "lock" }
  | {
    readonly command: "recipients";
    readonly add: readonly string[];
    readonly remove: readonly string[];
  }
  | { readonly command: "import"; readonly path: string; readonly replace: boolean }
  | { readonly command: "export"; readonly path: string; readonly recipients: readonly string[] }
  /** Changes how the identity is kept, or the passphrase. */
  | { readonly command: "passphrase"; readonly mode: VaultMode; readonly gpgKey?: string };

/** What a vault command did, to be shown. */
export interface VaultReply {
  readonly secrets?: readonly SecretSummary[];
  readonly recipients?: readonly string[];
  /** One sentence, lower case. */
  readonly message: string;
}

/** A method of `KernelCalls`. */
export type KernelMethod = keyof KernelCalls;

/** What a plugin asks of the app; `name` is the kernel's word. */
export interface PluginAsk {
  readonly name: string;
  readonly method: Extract<
    PluginRequest,
    "memory.search" | "settings" | "channel.receive" | `ui.${string}`
  >;
  /** Foreign. */
  readonly params: unknown;
}

/** Answers a plugin's request. The signal is that of the plugin's call or its room. */
export type ServePlugin = (ask: PluginAsk, signal: AbortSignal) => Promise<Json>;

/** The kernel as the app sees it. */
export interface Kernel {
  /** @param signal nobody waits for the answer any more, and the kernel is told so */
  call<M extends KernelMethod>(
    method: M,
    params: Parameters<KernelCalls[M]>[0],
    signal?: AbortSignal,
  ): Promise<ReturnType<KernelCalls[M]>>;
  /**
   * A call into a plugin's room, which is started by it; leaving the loop cancels it. Error codes:
   * `not_enabled`, `plugin_failed` (it threw; its message), `plugin_hung`, `plugin_ended`,
   * `plugin_too_large`.
   */
  pluginCall(params: PluginCallParams, signal?: AbortSignal): AsyncIterable<PluginItem>;
  /** Serves what the plugins ask of the app; later ones replace it. Until then all is refused. */
  onPluginRequest(serve: ServePlugin): void;
  /** Serves what the kernel asks of the daemon's own app room; later ones replace it. */
  onDaemonAsk(serve: (ask: DaemonAsk, signal: AbortSignal) => Promise<Json>): void;
  /**
   * Listens for the kernel's notifications: the first Ctrl-C, SIGTERM, a new terminal size, and `leave`:
   * the daemon ends, and a run that remembers something from now on and ends with 143 goes on without it.
   */
  on(event: "interrupt" | "terminate" | "leave" | "resize", listener: () => void): () => void;
}
