/**
 * What the tests of a plugin are written against: `export const tests: PluginTests` in `plugin_test.ts`,
 * run by `pyra plugin test`. They import the types from `pyra/sdk`, and `node:assert/strict`.
 * @module
 */
import type { Awaitable, Json, MemoryHit, PluginEffect, RunOptions, RunResult } from "./plugin.ts";

/** Tests by their names, which are sentences about what the plugin does. */
export type PluginTests = Readonly<Record<string, (kit: TestKit) => Awaitable<void>>>;

/** What a plugin finds in its context during one test; a test changes it before it calls the plugin. */
export interface GivenToPlugin {
  settings: Record<string, Json>;
  /** By key. `context.secrets.get` finds them, and `fetch` may carry them as `credential`. */
  secrets: Record<string, string>;
  workspace: string | undefined;
  /** What `context.memory.search` finds, whatever is searched. */
  notes: readonly MemoryHit[];
  /** Answers requests. There is no network: without this `context.fetch` fails. */
  fetch: ((request: Request, credential: string | undefined) => Awaitable<Response>) | undefined;
  /** Stands for programs, which a test runs none of: what `context.run` gives, and how it ends (code 0). */
  run:
    | ((
      argv: readonly string[],
      options: RunOptions,
    ) => Awaitable<
      { readonly stdout?: string; readonly stderr?: string } & Partial<RunResult>
    >)
    | undefined;
}

/** What a plugin did during one test. */
export interface SeenOfPlugin {
  readonly log: readonly string[];
  readonly progress: readonly string[];
  readonly output: readonly string[];
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    /** The key of the secret that it was to carry. */
    readonly credential: string | undefined;
  }[];
}

/** One test's way to the plugin, which is loaded anew for it. */
export interface TestKit {
  readonly given: GivenToPlugin;
  readonly seen: SeenOfPlugin;
  /** Runs a tool. @returns the text that a model would get */
  run(tool: string, input?: Readonly<Record<string, Json>>): Promise<string>;
  /** What the person would be asked about a call. */
  plan(
    tool: string,
    input?: Readonly<Record<string, Json>>,
  ): Promise<
    {
      readonly does: string;
      readonly effects: readonly PluginEffect[];
      readonly detail?: string;
      readonly ask?: "always";
    }
  >;
  /** Runs a slash command. */
  command(
    name: string,
    argument?: string,
  ): Promise<{ readonly show?: string; readonly ask?: string }>;
  /** Calls a hook. @returns its verdict; undefined if it let the value be */
  hook(name: string, value: Json): Promise<Json | undefined>;
  /** Starts a task; `stop` tells it to end and waits for that. */
  task(name: string): { stop(): Promise<void> };
  /** What it adds to the system prompt. */
  prompt(): Promise<string>;
}
