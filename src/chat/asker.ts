/**
 * Who is asked, and what is kept from one question to the next for asking.
 * @module
 */
import type { ModelProvider } from "../protocol/model.ts";
import type { Message } from "../protocol/message.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { SessionTurn } from "../sessions/state.ts";
import { askModel, type Recollected } from "./ask_model.ts";
import { historyOf } from "./history.ts";
import type { AskOptions, ConversationPorts, ModelChoice } from "./ports.ts";
import { recollect, roomForNotes } from "./recollect.ts";

/** What is asked. */
export interface AskedTurn {
  /** The question, and who is asked; its answer is empty. */
  readonly asked: SessionTurn;
  /** The turns before it. */
  readonly before: readonly SessionTurn[];
  /** The person's system text. */
  readonly system: string;
}

/** Asks the questions of one conversation. */
export class Asker {
  readonly #ports: ConversationPorts;
  readonly #options: AskOptions;
  #choice: ModelChoice;
  /** The provider of `#choice`, once it was opened. */
  #provider: ModelProvider | undefined;
  /** Reported tokens per estimated one, as the last answer told. */
  #tokenRatio: number | undefined;
  #memoryFiles: readonly string[] = [];
  /** What was said of the notes; nothing is said twice. */
  readonly #told = new Set<string>();
  /** That they cannot be had is said once, whatever the reason. */
  #hasFailed = false;

  constructor(ports: ConversationPorts, options: AskOptions, choice: ModelChoice) {
    this.#ports = ports;
    this.#options = options;
    this.#choice = choice;
  }

  /** The notes that went with the last question. */
  get memoryFiles(): readonly string[] {
    return this.#memoryFiles;
  }

  /** Asks another one from now on. */
  use(choice: ModelChoice): void {
    this.#choice = choice;
    this.#provider = undefined;
    this.#tokenRatio = undefined;
  }

  /** Asks, and streams the events. @returns what the turn adds to the history */
  async *ask(
    { asked, before, system }: AskedTurn,
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, readonly Message[], undefined> {
    const { provider, model, question } = asked;
    const choice = { provider, model };
    const contextWindow = this.#ports.contextWindow?.(choice);
    const room = roomForNotes(question, contextWindow, this.#tokenRatio);
    const answer = yield* askModel({
      openProvider: () => this.#openProvider(choice, signal),
      recollect: (ending) => this.#recollect(question, room, ending),
      choice,
      system,
      history: historyOf([...before, asked]),
      contextWindow,
      tokenRatio: this.#tokenRatio,
      now: this.#ports.now(),
      options: this.#options,
    }, signal);
    this.#tokenRatio = answer.tokenRatio;
    return answer.messages;
  }

  async #recollect(
    question: SessionTurn["question"],
    room: number | undefined,
    signal: AbortSignal,
  ): Promise<Recollected> {
    this.#memoryFiles = [];
    const { memory } = this.#ports;
    if (memory === undefined) return { warnings: [] };
    const found = await recollect(memory, question, { room, signal });
    if (found.kind === "found") this.#memoryFiles = found.context.files;
    const isNew = found.kind === "failed" && !this.#hasFailed;
    this.#hasFailed ||= found.kind === "failed";
    const sentences = [...memory.notices, ...(isNew ? [found.warning] : [])];
    const warnings = sentences.filter((sentence) => !this.#told.has(sentence));
    for (const sentence of warnings) this.#told.add(sentence);
    return { warnings, ...(found.kind === "found" ? { context: found.context } : {}) };
  }

  async #openProvider(choice: ModelChoice, signal: AbortSignal): Promise<ModelProvider> {
    if (this.#provider !== undefined) return this.#provider;
    const provider = await this.#ports.openProvider(choice, signal);
    if (isSameModel(choice, this.#choice)) this.#provider = provider;
    return provider;
  }
}

/** Whether both name the same provider and model. */
export function isSameModel(a: ModelChoice, b: ModelChoice): boolean {
  return a.provider === b.provider && a.model === b.model;
}
