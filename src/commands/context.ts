/**
 * Everything a command may use: what the kernel told, what it can be asked, the process's streams and
 * the services that `app.ts` wires. Each service loads its code when it is first called.
 * @module
 */
import type { Conversation, ModelChoice } from "../chat/ports.ts";
import type { Ledger } from "../guard/limits/ledger.ts";
import type { CapSettings } from "../guard/limits/run_cap.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { AppBoot, Kernel } from "../protocol/kernel_calls.ts";
import type { Memory } from "../memory/memory.ts";
import type { HeldMemory } from "./held_memory.ts";
import type { RunTools, ToolsStart } from "./run_tools.ts";
import type { OpenInstructions, RunSurroundings } from "../context/surroundings.ts";
import type { Embedder } from "../protocol/embedding.ts";
import type { ProviderEntry } from "../providers/table.ts";
import { EXIT, PyraError } from "../protocol/error.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { SessionStore } from "../sessions/store.ts";

/** What a command runs with. */
export interface CommandContext {
  readonly boot: AppBoot;
  readonly kernel: Kernel;
  /**
   * Aborted by Ctrl-C or SIGTERM with `interruption("interrupt" | "terminate")` as its reason. While
   * the REPL runs it is not looked at: there the first Ctrl-C ends the turn only.
   */
  readonly signal: AbortSignal;
  /** Writes to standard output. @throws {Deno.errors.BrokenPipe} when the reader has gone */
  print(text: string): Promise<void>;
  /** Writes to standard error; never throws. */
  printError(text: string): Promise<void>;
  /** The terminal's width in cells, or `undefined` when standard output is no terminal. */
  columns(): number | undefined;
  /**
   * Standard input to its end, as UTF-8. @throws {PyraError} code `input_too_large` beyond 10 MB;
   * the signal's reason
   */
  readStdin(signal: AbortSignal): Promise<string>;
  /** Standard input as it comes, for whoever answers while it is written. @throws the signal's reason */
  streamStdin(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Requests through egress, only to the origins that were opened before. */
  readonly fetch: typeof fetch;
  /**
   * Opens a provider's usual address for `fetch` (`kernel.connect`; no dialect is loaded).
   * @throws the kernel's `RpcError`
   */
  connect(provider: string): Promise<void>;
  /** The settings in force: environment over profile over system over defaults. @throws {PyraError} */
  loadConfig(): Promise<LoadedConfig>;
  /**
   * Opens the way to a provider (`kernel.connect`) and makes it ready to be asked. `baseUrl` stands
   * for an address that is not in the settings yet; without it those say where the provider is.
   * @throws {PyraError} and `RpcError`s of the kernel
   */
  openProvider(
    choice: ModelChoice & { readonly baseUrl?: string },
    signal: AbortSignal,
  ): Promise<ModelProvider>;
  /** What models have used. */
  usage(): Promise<UsageRecord>;
  /** The profile's conversations. */
  sessions(): Promise<SessionStore>;
  /** The profile's notes, opened for the caller, who lets go of them (`await using`). */
  memory(): Promise<Memory>;
  /** The tools of this run. Quick: what they need is loaded when it is needed. */
  openTools(start: ToolsStart): Promise<RunTools>;
  /** What models are told of the machine and the workspace; the same for the run. Absent: nothing. */
  surroundings?(): Promise<RunSurroundings>;
  /** What a complete answer is remarkable for, a few words each; the gravest first. */
  judgeAnswer(answer: string): Promise<readonly string[]>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the REPL until the person leaves it. @returns the exit code */
  runRepl(start: ReplStart): Promise<number>;
  /** Keeps the daemon's tasks running until the run ends. @throws the signal's reason */
  runDaemon(): Promise<number>;
  /** The session of the chat that the kernel ended to speak with the person; it goes on now. */
  interruptedSession(): Promise<string | undefined>;
  /** Opens the wizard's questions on the terminal. */
  openPrompts(): Promise<Prompts>;
}

/** What models have used, as it is kept in the profile. */
export interface UsageRecord {
  /**
   * @param fault what using it threw: then one that works, if there can be one
   * @throws {PyraError} `usage_unusable`
   */
  ledger(fault?: unknown): Promise<Ledger>;
  /** Providers that are opened from here on may use no more in this run. */
  cap(settings: CapSettings): Promise<void>;
  /** The same model of vectors, counted and held to the spending caps. */
  limitEmbedder(embedder: Embedder, provider: ProviderEntry): Promise<Embedder>;
  /** What the person should be told of it, one sentence each; told once. */
  takeNotices(): readonly string[];
}

/** What the REPL starts with. It lets go of the conversation, or of the one that took its place. */
export interface ReplStart {
  readonly conversation: Conversation;
  /** The notes, for the chat too; whoever runs the REPL lets go of them. */
  readonly memory: HeldMemory;
  readonly tools: RunTools;
  /** What becomes of project instructions that change while the chat runs; left out if absent. */
  readonly instructions?: OpenInstructions;
  /** Sentences to show first: the demo's announcement, warnings about the config. */
  readonly notices: readonly string[];
}

/** One answer a person can select. */
export interface PromptOption<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/**
 * The wizard's questions. Secrets are never asked here: the kernel asks those.
 * Each rejects with `interruption("interrupt")` when the person cancels.
 */
export interface Prompts {
  intro(title: string): void;
  note(text: string): void;
  outro(text: string): void;
  /** Enter takes `initial`. */
  select<T>(question: {
    readonly message: string;
    readonly options: readonly PromptOption<T>[];
    readonly initial: T;
  }): Promise<T>;
  /** Enter takes `initial`; `check` returns what is wrong, or undefined. */
  text(question: {
    readonly message: string;
    readonly initial?: string;
    readonly check?: (value: string) => string | undefined;
  }): Promise<string>;
  /** Shows that something goes on until it settles. */
  busy<T>(message: string, work: Promise<T>): Promise<T>;
}

/** Why a run ended early: the reason of `CommandContext.signal`. It carries the exit code. */
export function interruption(kind: "interrupt" | "terminate"): PyraError {
  return kind === "interrupt"
    ? new PyraError("system", "interrupted", "interrupted", { exitCode: EXIT.interrupted })
    : new PyraError("system", "terminated", "terminated", { exitCode: EXIT.terminated });
}
