/**
 * What a plugin is: the whole surface that an author writes against. A plugin is a folder with
 * `manifest.json` and one module that default-exports a `Plugin` (or exports `getPlugin()`); it imports
 * only the types from here, as `pyra/sdk`.
 *
 * It runs in a process of its own without files, network, programs or environment, but for what its
 * manifest asks for and the person agreed to. Everything else comes through the context.
 * @module
 */
import type { PluginEffect, PluginJobs, RunningProgram, RunOptions } from "./plugin_acts.ts";

export type {
  PluginEffect,
  PluginJob,
  PluginJobs,
  RunningProgram,
  RunOptions,
  RunPiece,
  RunResult,
} from "./plugin_acts.ts";

/** A JSON Schema (draft 2020-12 or 7) of type object. */
export type JsonSchema = Readonly<Record<string, unknown>>;
/** A value that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [name: string]: Json;
};

/** What a plugin can reach. Every call may reject with an `Error` whose `code` says why. */
export interface PluginContext {
  /** The plugin's name. */
  readonly name: string;
  /** The folder that is its own, absolute; readable and writable. */
  readonly dataFolder: string;
  /** The folder that Pyra works in, if the manifest asks for it; else undefined. */
  readonly workspace: string | undefined;
  /** The values of `configFields`, with their defaults. */
  readonly settings: Readonly<Record<string, Json>>;
  readonly secrets: {
    /** The value of a secret of the manifest; `undefined` if the person has not set it. */
    get(key: string): Promise<string | undefined>;
  };
  /**
   * Requests through Pyra's network room, to the hosts of the manifest. `credential` names a secret of
   * the manifest, which is put where it belongs; the plugin never sees it. Redirects are followed to
   * granted hosts only.
   */
  fetch(
    url: string | URL,
    init?: RequestInit & { readonly credential?: string },
  ): Promise<Response>;
  /**
   * Runs a program of the manifest while a tool is run, or a command or task: the program by its name and its
   * arguments, without a shell, in a sandbox where there is one. A tool may run what its effects say. Leaving
   * the loop over the output ends the program, and all that it started; so does the call's end.
   */
  run(argv: readonly string[], options?: RunOptions): RunningProgram;
  /** Programs that go on after the call, and end with Pyra. */
  readonly jobs: PluginJobs;
  /** Writes a line to `logs/plugins/<name>.log`; `console` does the same. */
  log(text: string): void;
  readonly storage: PluginStorage;
  readonly memory: {
    /** The person's notes, if the manifest asks for `memory`. */
    search(query: string, limit?: number): Promise<readonly MemoryHit[]>;
  };
  /** Aborts when this call is cancelled or takes too long, and when the plugin is stopped. */
  readonly signal: AbortSignal;
  /** Tells the person how far a call has come; one line. */
  progress(text: string): void;
  /** Shows the person what a program writes, as it comes: whole lines, and the end of what is too much. */
  output(text: string): void;
}

/** A note that was found. */
export interface MemoryHit {
  readonly file: string;
  readonly line: number;
  readonly summary: string;
  readonly snippet: string;
}

/** The plugin's own SQLite file. SQL runs in the plugin's room. */
export interface PluginStorage {
  get(key: string): Promise<Json | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
  /** Keys that begin so, in order; 1,000 at most. */
  keys(prefix?: string): Promise<readonly string[]>;
  /** Runs SQL in the plugin's own database. */
  query(
    sql: string,
    values?: readonly (string | number | null)[],
  ): Promise<readonly Readonly<Record<string, Json>>[]>;
}

/** What a call would do. */
export interface PlannedUse {
  /** An imperative in plain words: `show the weather in Berlin`. */
  readonly does: string;
  readonly effects?: readonly PluginEffect[];
  /** What the person may look at before they agree, such as a unified diff. */
  readonly detail?: string;
  /** The person is asked whatever their rules say. */
  readonly ask?: "always";
}

/** A tool that the model may call, after the person agreed. */
export interface PluginTool {
  /** `snake_case`; the model sees it with the plugin's name before it. */
  readonly name: string;
  /** What it does and when to use it, for the model. */
  readonly description: string;
  readonly parameters: JsonSchema;
  /**
   * What it does; absent: what the manifest asks for. That counts whatever is said here: naming a host or a
   * folder of it only says to the person which one it is.
   */
  readonly effects?: readonly PluginEffect[];
  /** How long a call may take, ms; 60,000 if absent, 300,000 at most. */
  readonly timeLimit?: number;
  /** What this very call would do, in plain words and as effects; absent: the tool's own. */
  plan?(
    input: Readonly<Record<string, Json>>,
    context: PluginContext,
  ): Awaitable<PlannedUse>;
  /** @returns text for the model; what is no text is sent as JSON */
  run(input: Readonly<Record<string, Json>>, context: PluginContext): Json | Promise<Json>;
}

/** A slash command of the chat. */
export interface PluginCommand {
  /** Without the slash, `[a-z][a-z0-9-]*`. */
  readonly name: string;
  /** The arguments, as `/help` shows them. */
  readonly usage: string;
  readonly description: string;
  /** @returns Markdown to show; `ask` sends a question to the model instead */
  run(
    argument: string,
    context: PluginContext,
  ): CommandAnswer | Promise<CommandAnswer>;
}

/** What a slash command came to. */
export type CommandAnswer = string | { readonly show?: string; readonly ask?: string };

/** What a hook may do to what it is given: nothing, another value, or stop it with a reason. */
export type HookVerdict<T> = undefined | void | { readonly replace: T } | {
  readonly veto: string;
};

/**
 * Called in the order of the plugins' names, each for 2 s at most; one that fails is skipped. All but
 * `onSessionStart` and `onSessionEnd` are called only if the manifest asks for `conversation`.
 */
export interface PluginHooks {
  beforeTurn?(turn: { readonly text: string }, context: PluginContext): Awaitable<
    HookVerdict<{ readonly text: string }>
  >;
  afterTurn?(
    turn: { readonly question: string; readonly answer: string },
    context: PluginContext,
  ): Awaitable<void>;
  beforeTool?(
    call: { readonly tool: string; readonly input: Readonly<Record<string, Json>> },
    context: PluginContext,
  ): Awaitable<HookVerdict<{ readonly input: Readonly<Record<string, Json>> }>>;
  afterTool?(
    call: { readonly tool: string; readonly text: string },
    context: PluginContext,
  ): Awaitable<HookVerdict<{ readonly text: string }>>;
  onSessionStart?(session: { readonly id: string }, context: PluginContext): Awaitable<void>;
  onSessionEnd?(session: { readonly id: string }, context: PluginContext): Awaitable<void>;
  /** `keep`: sentences that must survive when the oldest turns are summarised. */
  beforeCompact?(
    turns: { readonly count: number },
    context: PluginContext,
  ): Awaitable<void | { readonly keep: readonly string[] }>;
}

/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** One setting of a plugin, kept under `plugin_settings.<name>`; a secret is kept in the vault. */
export interface ConfigField {
  /** `snake_case`. */
  readonly key: string;
  readonly kind: "text" | "number" | "bool" | "select" | "list" | "secret";
  readonly label: string;
  readonly description?: string;
  readonly default?: Json;
  /** For `select`. */
  readonly options?: readonly string[];
  readonly required?: boolean;
}

/** What `setup` may ask the person, on the terminal. */
export interface SetupUi {
  note(text: string): Promise<void>;
  text(question: string, initial?: string): Promise<string>;
  confirm(question: string, initial?: boolean): Promise<boolean>;
  select(question: string, options: readonly string[]): Promise<string>;
}

/** A plugin's way to keep a setting or to have a secret asked for by Pyra itself. */
export interface SetupSecrets {
  /** Pyra asks the person for the secret of that key and puts it into the vault. */
  ask(key: string): Promise<boolean>;
  has(key: string): Promise<boolean>;
}

/** What a set-up came to. Pyra keeps the settings and asks the person for each host that is not granted. */
export interface SetupOutcome {
  /** Values of `configFields`. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** Origins that the plugin needs from now on, beside those of its manifest. */
  readonly hosts?: readonly string[];
}

/**
 * A place where the person writes from, such as a messenger. `pyra plugin info` shows it; it is started by
 * the daemon, once there is one.
 */
export interface PluginChannel {
  readonly name: string;
  start(
    host: {
      receive(
        message: { readonly from: string; readonly text: string; readonly thread?: string },
      ): Promise<string>;
    },
    context: PluginContext,
  ): Awaitable<void>;
  send(
    message: { readonly to: string; readonly text: string },
    context: PluginContext,
  ): Awaitable<void>;
  stop(): Awaitable<void>;
}

/**
 * A Model Context Protocol server that the plugin brings, over streamable HTTP. Its tools are offered as
 * `<plugin>.<server>_<tool>`; what they answer is text that nobody vouches for.
 */
export interface PluginMcpServer {
  readonly name: string;
  /** An address of a granted host. */
  readonly url: string;
  /** The secret that goes with its requests. */
  readonly credential?: string;
}

/** A program that runs containers. */
export interface ContainerRuntime {
  readonly name: string;
  /** The program, which the manifest must ask for. */
  readonly cli: string;
  /** Higher is chosen first. */
  readonly priority: number;
  platformMatches(platform: { readonly os: string; readonly arch: string }): boolean;
  ensureRunning(context: PluginContext): Awaitable<void>;
  listRunning(prefix: string, context: PluginContext): Awaitable<readonly string[]>;
  buildRunArgs(
    mounts: readonly { readonly from: string; readonly to: string; readonly writable: boolean }[],
    name: string,
    image: string,
  ): readonly string[];
}

/** Work that the daemon (`pyra daemon start`) keeps running; its name is `[a-z][a-z0-9-]*`. */
export interface PluginTask {
  readonly name: string;
  /** Runs until the context's signal aborts; one that ends or throws before is started again, later each time. */
  run(context: PluginContext): Promise<void>;
}

/** Everything that a plugin may give. */
export interface Plugin {
  readonly tools?: readonly PluginTool[];
  readonly commands?: readonly PluginCommand[];
  /** Added to the system prompt; 2,000 characters at most. */
  readonly systemPrompt?: string | ((context: PluginContext) => Awaitable<string>);
  readonly hooks?: PluginHooks;
  readonly channel?: PluginChannel;
  readonly mcpServers?: readonly PluginMcpServer[];
  /** Folders in the plugin's own that hold a `SKILL.md`. */
  readonly skills?: readonly string[];
  readonly runtime?: ContainerRuntime;
  readonly tasks?: readonly PluginTask[];
  configFields?(): readonly ConfigField[];
  /** Asks the person what it needs; where there is none, Pyra asks for each of `configFields`. */
  setup?(
    ui: SetupUi,
    secrets: SetupSecrets,
    context: PluginContext,
  ): Awaitable<void | SetupOutcome>;
  onLoad?(context: PluginContext): Awaitable<void>;
  onUnload?(): Awaitable<void>;
}
