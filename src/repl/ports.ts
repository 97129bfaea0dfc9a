/**
 * What the chat on the terminal needs from others; wired in `app.ts`.
 * @module
 */
import type { Conversation, ModelChoice } from "../chat/ports.ts";
import type { RunSurroundings } from "../context/surroundings.ts";
import type { Memory } from "../memory/memory.ts";
import type { Part } from "../protocol/message.ts";
import type { Provenance } from "../protocol/tool.ts";
import type { AskingSurface } from "../tools/approval.ts";
import type { AskPerson } from "../tools/clarification.ts";

/** A conversation that can be resumed. */
export interface SessionChoice {
  readonly id: string;
  /** The beginning of the first question. */
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly updated: string;
}

/** A provider that can be chosen. */
export interface ProviderChoice {
  readonly id: string;
  readonly name: string;
  readonly defaultModel: string;
}

/** What is kept for the room that follows, if the kernel ends this one in the middle of a call. */
export interface ReplState {
  /** The id of the session in use. */
  readonly session: string;
  /** The slash command or question that was being worked on; to be given again. */
  readonly command?: string;
  /** What stood in the editor. */
  readonly draft?: string;
  /** The paths of files that go with the next question. */
  readonly attached?: readonly string[];
}

/** What of the notes the chat's commands use. */
export type ChatMemory = Pick<
  Memory,
  "notices" | "list" | "read" | "append" | "remove" | "search" | "figures" | "refresh"
>;

/** The person's notes. */
export interface ReplMemory {
  /** Opens them when they are first used. @throws {PyraError} */
  open(): Promise<ChatMemory>;
  /** The folder that holds them, as it may be shown. */
  readonly folder: string;
  /** Whether the settings send notes along with questions. */
  readonly goesWithQuestions: boolean;
  /** What went wrong with following changes by other programs, one sentence each. */
  readonly problems: readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Where the person is asked about tools, and sees how far a call has come. */
export interface ApprovalSurface extends AskingSurface {
  /** @param text one line */
  progress(callId: string, text: string): void;
  /** What a program of the call writes, as it comes: whole lines of foreign text. */
  output?(callId: string, text: string): void;
  /** Asks what the model asks; absent where nobody can be asked. */
  readonly clarify?: AskPerson;
}

/** A slash command that a plugin gives. */
export interface PluginCommand {
  readonly plugin: string;
  /** Without the slash; none of the chat's own. */
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  /** Runs it; the person typed it. @throws {PyraError} the signal's reason */
  run(
    argument: string,
    options: { readonly signal: AbortSignal; readonly progress?: (text: string) => void },
  ): Promise<{
    /** To be shown; foreign. */
    readonly show?: string;
    /** A question for the model; foreign. */
    readonly ask?: string;
    readonly from: Provenance;
  }>;
}

/** What models are told of the machine and the workspace. */
export type ReplSurroundings = Pick<RunSurroundings, "forQuestion" | "instructions" | "decide">;

/** Everything the chat on the terminal may do and must know. */
export interface ReplPorts {
  /** The first one. The chat lets go of every conversation that it leaves, and of the last. */
  readonly conversation: Conversation;
  /**
   * Opens the way to a provider before it is asked for the first time; the kernel may speak with the
   * person for that. Quick when the way is open. @throws {PyraError}
   */
  connect(choice: ModelChoice): Promise<void>;
  /** A new, empty conversation. */
  newConversation(choice: ModelChoice): Promise<Conversation>;
  /** The newest first. */
  listSessions(): Promise<readonly SessionChoice[]>;
  /** @throws {PyraError} if there is none with this id */
  resume(id: string): Promise<Conversation>;
  /** Writes a session to a file; returns the file's path as it may be shown. @throws {PyraError} */
  exportSession(id: string, path: string, format: "md" | "json"): Promise<string>;
  /** The models of a provider. @throws {PyraError} */
  listModels(provider: string, signal: AbortSignal): Promise<readonly string[]>;
  readonly providers: readonly ProviderChoice[];
  /** Absent: this chat has none. */
  readonly memory?: ReplMemory;
  /** The folder of the person's recipes. Absent: this chat has none. */
  readonly recipes?: string;
  /** Absent: models are told nothing of them. */
  readonly surroundings?: () => Promise<ReplSurroundings>;
  /** Tells where the person is asked about tools. Absent: this chat has no tools. */
  readonly attachTools?: (surface: ApprovalSurface) => void;
  /** The slash commands of plugins, by name; none is started. Absent: there are none. */
  readonly pluginCommands?: () => Promise<readonly PluginCommand[]>;
  /** @throws {PyraError} if the file cannot be read or is of no use to a model */
  openAttachment(path: string): Promise<Part>;
  /** Names that begin with `prefix`, folders with `/` at their end. */
  completePath(prefix: string): Promise<readonly string[]>;
  /** The file that keeps what was typed, over all runs. */
  readonly historyPath: string;
  /** Which ends are terminals; `columns` overrides the width of plain output. */
  readonly terminal: {
    readonly stdin: boolean;
    readonly stdout: boolean;
    readonly columns?: number;
  };
  /** `TERM`, `NO_COLOR`, … */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False (`--no-color`): never colours. */
  readonly color?: boolean;
  readonly theme: string;
  readonly assistantName: string;
  /** Empty if it is not known. */
  readonly userName: string;
  /** Ctrl-C that reached the kernel, SIGTERM, the end of the daemon it is in, a new terminal size. Returns the way to stop listening. */
  onKernel(event: "interrupt" | "terminate" | "leave" | "resize", listener: () => void): () => void;
  /** Lines to show at the start, such as what a demo provider is. */
  readonly notice: readonly string[];
  /** Awaited before a call in which the kernel may end this room and start a new one. */
  remember(state: ReplState): Promise<void>;
  /** What the room before this one left. */
  readonly resumed?: Omit<ReplState, "session">;
}
