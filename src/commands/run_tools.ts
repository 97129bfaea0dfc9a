/**
 * The tools of a run, as commands have them: what models are offered, and who is asked about them.
 * @module
 */
import type { ConversationPlugins, QuestionTools } from "../chat/ports.ts";
import type { PluginSlashCommand } from "../plugins/commands.ts";
import type { AskingSurface } from "../tools/approval.ts";
import type { AskPerson } from "../tools/clarification.ts";
import type { CommandLineAnswers } from "../tools/approver.ts";
import type { ToolExecutor } from "../tools/executor.ts";
import type { ToolRegistry } from "../tools/registry.ts";
import type { Rule } from "../tools/rule.ts";
import type { HeldMemory } from "./held_memory.ts";

/** Where the person is asked, and sees how far a call has come. */
export interface ToolSurface extends AskingSurface {
  /** @param text one line */
  progress(callId: string, text: string): void;
  /** What a program of the call writes, as it comes: whole lines of foreign text. */
  output?(callId: string, text: string): void;
  /** Asks what the model asks; absent where nobody can be asked. */
  readonly clarify?: AskPerson;
}

/** The plugins of a run, beside their tools. */
export interface PluginParts extends ConversationPlugins {
  /** Their slash commands. @param taken the chat's own names, without slashes */
  commands(taken: ReadonlySet<string>): Promise<readonly PluginSlashCommand[]>;
}

/** The tools of a run; made by `CommandContext.openTools`. */
export interface RunTools extends QuestionTools {
  readonly plugins: PluginParts;
  /** From here on the person is asked there; before, nobody can be. */
  attach(surface: ToolSurface): void;
  /** From here on what programs of calls write is shown there; whole lines of foreign text. */
  watch(output: (callId: string, text: string) => void): void;
  /** Every tool, built-in and of enabled plugins. @throws {PyraError} */
  registry(): Promise<ToolRegistry>;
  /** The only way to run one. @throws {PyraError} */
  executor(): Promise<ToolExecutor>;
  /** The rules of the settings as they are now. @throws {PyraError} */
  rules(): Promise<StoredRules>;
}

/** The rules of the settings. */
export interface StoredRules {
  readonly rules: readonly Rule[];
  /** What is wrong with those that cannot be read, one sentence each. */
  readonly problems: readonly string[];
}

/** What the tools of a run are made with. */
export interface ToolsStart {
  /** The notes; whoever opens the tools lets go of them. */
  readonly memory: HeldMemory;
  readonly answers: CommandLineAnswers;
  /** `none` offers models nothing. */
  readonly offer: "all" | "none";
  /** `denials`: of the stored rules only those hold, since nobody's yes may be borrowed; all if absent. */
  readonly rules?: "denials";
}
