/**
 * What a slash command is, and what it may do.
 * @module
 */
import type { Plan } from "../agent/planner.ts";
import type { PlanPerson } from "../chat/plan_person.ts";
import type { Conversation, ModelChoice, SendOptions } from "../chat/ports.ts";
import type { Part } from "../protocol/message.ts";
import type { PlanEvent } from "../protocol/plan.ts";
import type { ReplPorts, ReplState } from "./ports.ts";
import type { Tone } from "./turn.ts";

/** One thing to choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** What the chat holds beside the conversation. */
export class ChatState {
  /** Images and files that go with the next question. */
  attachments: readonly Part[] = [];
  /** The paths behind them, for the room that follows if this one ends before they are sent. */
  attachedPaths: readonly string[] = [];
  #conversation: Conversation;
  readonly #connected = new Set<string>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  /** Goes on with another conversation and lets go of this one. */
  async switchTo(conversation: Conversation): Promise<void> {
    const left = this.#conversation;
    this.#conversation = conversation;
    if (left !== conversation) await left[Symbol.asyncDispose]();
  }

  /** Takes the attachments, for the question that they go with. */
  takeAttachments(): readonly Part[] {
    const taken = this.attachments;
    this.attachments = [];
    this.attachedPaths = [];
    return taken;
  }

  /** Attaches a file. @throws {PyraError} */
  async attach(path: string, ports: ReplPorts): Promise<void> {
    this.attachments = [...this.attachments, await ports.openAttachment(path)];
    this.attachedPaths = [...this.attachedPaths, path];
  }

  /** Opens the way to a provider once; `line` is what to give again should the room end. */
  async connect(
    choice: ModelChoice,
    line: string,
    context: { readonly ports: ReplPorts; readonly surface: Surface },
  ): Promise<void> {
    if (this.#connected.has(choice.provider)) return;
    await context.surface.outside(line, () => context.ports.connect(choice));
    this.#connected.add(choice.provider);
  }
}

/** A piece of a text that was searched, sanitised already. */
export interface MatchPiece {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Where the person sees plans, and says what is to become of them. */
export interface PlanSurface extends PlanPerson {
  /** Shows the whole plan. */
  list(plan: Plan): void;
  /** Shows what has just happened to it. */
  show(plan: Plan, event: PlanEvent): void;
  /** Nothing of it goes on any more. */
  end(): void;
}

/** What a command may do to the terminal. */
export interface Surface {
  readonly plans: PlanSurface;
  /** Shows lines; `text` is sanitised already. */
  show(text: string, tone?: Tone): void;
  /** Shows pairs of a short and a longer text. */
  showTable(rows: readonly (readonly [string, string])[]): void;
  /** Shows one line of text in which something was found. */
  showMatches(pieces: readonly MatchPiece[]): void;
  /** Lets the person choose; undefined if nothing was chosen, or if it cannot be asked. */
  choose(title: string, choices: readonly Choice[]): Promise<string | undefined>;
  /** Puts text into the editor. */
  setDraft(text: string): void;
  /** Asks the model. */
  ask(parts: readonly Part[], options?: SendOptions): Promise<void>;
  /** Shows the end of a conversation that was resumed. */
  replay(conversation: Conversation): void;
  clear(): void;
  /** Puts text on the clipboard; false if there is no way to. */
  copy(text: string): boolean;
  quit(): void;
  /** Runs a call in which the kernel may speak with the person, or end this room. */
  outside<T>(command: string, call: () => Promise<T>): Promise<T>;
}

/** What a command gets. */
export interface CommandContext {
  readonly ports: ReplPorts;
  readonly state: ChatState;
  readonly surface: Surface;
  readonly signal: AbortSignal;
  /** The whole line, as typed. */
  readonly line: string;
  /** What stands behind the command's name, trimmed. */
  readonly argument: string;
}

/** One slash command. */
export interface SlashCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The arguments, as shown by `/help`. */
  readonly usage: string;
  readonly description: string;
  /** What completes its argument. */
  readonly completes?: "path" | "provider" | "note";
  readonly run: (context: CommandContext) => Promise<void> | void;
}

/** UTF-16 units of the text that is remembered; the kernel keeps 64 KiB. */
const MAX_REMEMBERED = 8_000;

/** What to remember before a call that may end this room; text that is too long is left out. */
export function rememberable(state: ChatState, command: string, draft: string): ReplState {
  const attached = state.attachedPaths;
  return {
    session: state.conversation.id,
    ...(attached.length > 0 && { attached }),
    ...(command.length <= MAX_REMEMBERED && { command }),
    ...(draft !== "" && draft.length <= MAX_REMEMBERED && { draft }),
  };
}

/**
 * The text of a question without its attachments: the last text that is the person's. Of a question that
 * only this program asks, such as a step of a plan, the first line.
 */
export function questionText(parts: readonly Part[]): string {
  const own = parts[ownText(parts)];
  if (own?.type === "text") return own.text;
  const [asked] = parts.filter(isOurs);
  return asked?.type === "text" ? asked.text.split("\n")[0] ?? "" : "";
}

/** What goes with a question: all but that text, and but what this program adds. */
export function questionAttachments(parts: readonly Part[]): readonly Part[] {
  const at = ownText(parts);
  return parts.filter((part, index) => index !== at && !isOurs(part));
}

function isOurs({ origin }: Part): boolean {
  return origin?.kind === "pyra";
}

/** Where the person's own text is; -1 if there is none. Older files have no origins. */
function ownText(parts: readonly Part[]): number {
  return parts.findLastIndex(({ type, origin }) =>
    type === "text" && (origin === undefined || origin.kind === "person")
  );
}

/** A file name as typed, without its quotes or escaped spaces. */
export function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  return quoted === null ? text.replace(/\\ /g, " ") : quoted[2] ?? "";
}
