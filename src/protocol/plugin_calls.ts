/**
 * How plugins are reached: the app asks the kernel, the kernel asks the process that holds the plugins'
 * rooms, and that asks the room. The same calls go the whole way; each hop checks who may make them.
 * @module
 */
import type { Json, JsonSchema, PluginEffect } from "./plugin.ts";

/** `manifest.json`, in the plugin's folder, which has the plugin's name. Fields beside these are left alone, but refused where they seem to be wishes. */
export interface PluginManifest {
  /** `[a-z][a-z0-9-]{1,31}` */
  readonly name: string;
  /** `1.2.3`, perhaps with `-beta.1` or `+build`. */
  readonly version: string;
  /** One line, 200 characters at most. */
  readonly description: string;
  /** The file that the plugin begins with; `plugin.ts`, else `plugin.js`, if absent. */
  readonly main?: string;
  /** What it asks for; nothing if absent. A field that Pyra does not know refuses the plugin. */
  readonly grants?: Partial<
    Omit<PluginGrants, "addedHosts" | "secrets"> & {
      readonly secrets: Readonly<Record<string, Partial<SecretWish>>>;
    }
  >;
}

/** What a manifest asks for; the person agrees to all of it or the plugin does not start. */
export interface PluginGrants {
  /** Origins such as `https://api.example.com`; `*`: every public host. */
  readonly hosts: readonly string[];
  /** Origins that the person agreed to later, in the plugin's set-up or by command. */
  readonly addedHosts: readonly string[];
  /** `host:port` for raw TCP. */
  readonly tcp: readonly string[];
  readonly workspace: "none" | "read" | "write";
  /** Absolute folders, or `~/…`. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Programs by name. */
  readonly run: readonly string[];
  /**
   * Those of `run` that no sandbox holds, because what they are for lies outside of one: the list of
   * processes, the person's screen, a package manager. Absent for none.
   */
  readonly outside?: readonly string[];
  /** Whether it may search the person's notes. */
  readonly memory: boolean;
  /** Whether its hooks are told what the person, the model and tools say, and may change it. */
  readonly conversation: boolean;
  readonly secrets: Readonly<Record<string, SecretWish>>;
}

/** A secret that a manifest names. */
export interface SecretWish {
  /** For the person: `API key of example.com`. */
  readonly label: string;
  /**
   * The origins it may be sent to, once the plugin may reach them; empty: the plugin reads its value, and
   * no request carries it.
   */
  readonly origins: readonly string[];
  /** As `pyra vault set --placement` has it; `authorization: Bearer {}` if a manifest does not say. */
  readonly placement: string;
}

/** A plugin as the kernel found it. */
export interface PluginRecord {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Whose folder it lies in; `dev`: one that `pyra plugin dev` names. */
  readonly from: "profile" | "system" | "dev";
  /**
   * `enabled`: agreed to as it is now; `disabled`: never, or no longer; `changed`: its files or wishes
   * are others than agreed to; `broken`: it cannot be one, and `problem` says why.
   */
  readonly state: "enabled" | "disabled" | "changed" | "broken";
  readonly problem: string;
  /** SHA-256 over its files' names and contents, hexadecimal; empty for a broken one. */
  readonly hash: string;
  /** What it asks for now. */
  readonly wishes: PluginGrants;
  /** What was agreed to, perhaps about a version before; null if nothing is. */
  readonly agreed: PluginGrants | null;
}

/** A file of a plugin. */
export interface PluginFile {
  /** Relative, `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/** A plugin that comes with Pyra: its manifest and one module, with what it needs of packages in it. */
export interface BundledPlugin {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly files: readonly PluginFile[];
}

/** The app's calls to the kernel about plugins. */
export interface PluginKernelCalls {
  /** Every plugin there is, by name. Starts none. */
  plugins: (params: null) => readonly PluginRecord[];
  /** The plugins that come with Pyra, by name, installed or not. Asks nothing. */
  bundledPlugins: (params: null) => readonly BundledPlugin[];
  /**
   * *Asks*, unless the command line says `--yes`: shows name, version, what was typed and wishes, writes
   * the files to `plugins/<name>` (a version before goes to `cache/`), and enables it. One in a run of
   * `plugin install`. This and what else changes a plugin is `denied` in a run of another command, or of
   * that one about another plugin. Error codes: `denied`, `bad_plugin`.
   */
  installPlugin: (params: { files: readonly PluginFile[] }) => PluginRecord;
  /**
   * *Asks* as `installPlugin`; `plugin enable`, or `plugin dev` for the folder under development.
   * Error codes: `denied`, `no_such_plugin`, `bad_plugin`.
   */
  enablePlugin: (params: { name: string }) => PluginRecord;
  /** `plugin disable` */
  disablePlugin: (params: { name: string }) => PluginRecord;
  /** `plugin remove`: removes its files and grants, and its data if the command line says `--data`. */
  removePlugin: (params: { name: string }) => null;
  /**
   * *Asks* for one more host of an enabled plugin, or takes one back without asking; `plugin grants` and
   * `plugin setup`.
   */
  changePluginHost: (
    params: { name: string; origin: string; change: "add" | "remove" },
  ) => PluginRecord;
  /** *Asks* the person for a secret of the manifest; `plugin setup`. Error codes: `denied`, `no_such_secret`. */
  storePluginSecret: (params: { name: string; key: string }) => null;
  /** Which secrets of the manifest are set. */
  pluginSecrets: (params: { name: string }) => readonly string[];
  /** What it keeps in its data folder, bytes; counted to 256 MB, with more than which it does not run. */
  pluginDataSize: (params: { name: string }) => number;
  /** The files of a git repository that the command line names (`pyra plugin install URL`). */
  clonePlugin: (params: { url: string }) => readonly PluginFile[];
  /** Texts of an enabled plugin's files whose paths begin so, as they were agreed to (skills). */
  pluginFiles: (params: { name: string; under: string }) => readonly PluginFile[];
  /**
   * Makes a plugin of these texts callable under its manifest's name until this run ends: with no rights
   * at all, whatever its manifest asks for, and an empty data folder that goes with the run. Asks nothing;
   * only in a run of `plugin test`. Error codes: `bad_plugin`, `denied`.
   */
  tryPlugin: (params: { files: readonly PluginFile[] }) => PluginRecord;
  /** Ends a plugin's room; the next call starts it anew. */
  stopPlugin: (params: { name: string }) => null;
}

/** What a room streams while a call runs. */
export interface PluginProgress {
  readonly progress: string;
}

/** The methods of a plugin's room. */
export type PluginMethod =
  /** → `PluginDescription`. */
  | "describe"
  /** `{tool, input}` → `{does, effects, detail?, ask?}`. */
  | "plan"
  /** `{tool, input}` → `{text}`. */
  | "run"
  /** `{command, argument}` → `{show?, ask?}`. */
  | "command"
  /** `{}` → `{text}`. */
  | "prompt"
  /** `{hook, value}` → a verdict or null. But for `onSession…` refused without the wish `conversation`. */
  | "hook"
  /** `{}` → `SetupOutcome` or null; the room asks `ui.*` back. */
  | "setup"
  /** `{task}` → null when it ends. */
  | "task"
  /** `{method, params}` of the container runtime. */
  | "runtime"
  /** `{method, params}` of the channel. */
  | "channel"
  /** `{server}` → `{tools: {name, description, parameters}[], left}`; `{server, tool, input}` → `{text, isError}`. */
  | "mcp";

/** What a plugin gives, as JSON; kept in `cache/` so that a chat starts without starting plugins. */
export interface PluginDescription {
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonSchema;
    readonly effects: readonly PluginEffect[];
    readonly timeLimit: number;
    /** Whether `plan` says more about a call. */
    readonly plans: boolean;
  }[];
  readonly commands: readonly {
    readonly name: string;
    readonly usage: string;
    readonly description: string;
  }[];
  /** A text, or `true` if it has to be asked for. */
  readonly systemPrompt: string | boolean;
  readonly hooks: readonly string[];
  readonly skills: readonly string[];
  readonly mcpServers: readonly {
    readonly name: string;
    readonly url: string;
    readonly credential?: string;
  }[];
  readonly tasks: readonly string[];
  readonly channel: string | null;
  readonly runtime: {
    readonly name: string;
    readonly cli: string;
    readonly priority: number;
  } | null;
  readonly configFields: readonly {
    readonly key: string;
    readonly kind: "text" | "number" | "bool" | "select" | "list" | "secret";
    readonly label: string;
    readonly description: string;
    readonly default: Json;
    readonly options: readonly string[];
    readonly required: boolean;
  }[];
  readonly hasSetup: boolean;
}

/** What a room asks back; `memory.search`, `settings`, `ui.*` and `channel.*` are answered by the app, the rest by the kernel. */
export type PluginRequest =
  /** `{query, limit}` → `MemoryHit[]`. */
  | "memory.search"
  /** → the values under `plugin_settings.<name>`. */
  | "settings"
  /** `{text}` → null. */
  | "ui.note"
  /** `{question, initial}` → text. */
  | "ui.text"
  /** `{question, initial}` → boolean. */
  | "ui.confirm"
  /** `{question, options}` → text. */
  | "ui.select"
  /** `{key}` → text or null; only of the plugin's own manifest. */
  | "secret"
  /** `{key}` → whether the person gave it. */
  | "secret.ask"
  /** `{key}` → whether it is set. */
  | "secret.has"
  /** `{from, text, thread?}`, what came in over its channel → the answer. */
  | "channel.receive"
  /** As `FetchParams`, with the credential's key; a stream. */
  | "fetch"
  /** `RunParams`; a stream of `RunItem`. */
  | "run"
  /** `RunParams` without `input` and `limitMs` → `PluginJob`. */
  | "job.start"
  /** → `PluginJob[]`. */
  | "job.list"
  /** `{id, characters}` → what `PluginJobs.tail` answers. */
  | "job.tail"
  /** `{id}` → `PluginJob`. */
  | "job.stop"
  /** `{lines}`, no answer. */
  | "log";
