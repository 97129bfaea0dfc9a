/**
 * Who is asked, and what is kept from one question to the next for asking.
 * @module
 */
import type { Summary } from "../agent/compaction.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { Message } from "../protocol/message.ts";
import type { Provenance } from "../protocol/tool.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { SessionTurn } from "../sessions/state.ts";
import { askModel, type Recollected } from "./ask_model.ts";
import { historyOf } from "./history.ts";
import type { AskOptions, ConversationPorts, ModelChoice, ToolOffer, ToolTurn } from "./ports.ts";
import { recollect, roomForNotes } from "./recollect.ts";
import { Shortener } from "./shorten.ts";
import { TAKEN_SHARE } from "./too_long.ts";
import { offerOf, Taint, turnTools, untrustedOf } from "./turn_tools.ts";

/** What is asked. */
export interface AskedTurn {
  /** The question, and who is asked; its answer is empty. */
  readonly asked: SessionTurn;
  /** The turns before it. */
  readonly before: readonly SessionTurn[];
  /** What stands for the first of them. */
  readonly summary: Summary | undefined;
  /** Keeps another one. */
  readonly keepSummary: (summary: Summary) => Promise<void>;
  /** The person's system text. */
  readonly system: string;
  /** Set if the question's text is not the person's own. */
  readonly untrusted: Provenance | undefined;
  /** Keeps a tool's result that the model gets only a part of. */
  readonly keep: ToolTurn["keep"];
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
  /** What the model takes, as its refusal of a longer request told, tokens. */
  #learned: number | undefined;
  #memoryFiles: readonly string[] = [];
  #taint = new Taint(undefined);
  /** Set once a turn was taken back that had read such text: its question may be asked again. */
  #takenBack: Provenance | undefined;
  readonly #shortener = new Shortener();
  /** What was said of notes and tools; nothing is said twice. */
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

  /** Where the first text came from that nobody vouches for and that the last question's turn read. */
  get untrusted(): Provenance | undefined {
    return this.#taint.untrusted;
  }

  /** Takes notice that a turn no longer belongs to the history. @returns its question */
  takeBack(turn: SessionTurn): SessionTurn["question"] {
    this.#takenBack ??= untrustedOf([turn]);
    return turn.question;
  }

  /** Asks another one from now on. */
  use(choice: ModelChoice): void {
    this.#choice = choice;
    this.#provider = undefined;
    this.#tokenRatio = undefined;
    this.#learned = undefined;
  }

  /** Asks, and streams the events. @returns what the turn adds to the history */
  async *ask(
    { asked, before, system, untrusted, keep, summary, keepSummary }: AskedTurn,
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, readonly Message[], undefined> {
    const { provider, model, question } = asked;
    const choice = { provider, model };
    const contextWindow = this.#windowOf(choice);
    const { plugins } = this.#ports;
    const [shortener, options, tokenRatio] = [this.#shortener, this.#options, this.#tokenRatio];
    const learn = (tokens: number) => this.#learned = tokens;
    let newest = summary;
    const room = roomForNotes(question, contextWindow, this.#tokenRatio);
    const taint = this.#taint = new Taint(
      untrusted ?? this.#takenBack ?? untrustedOf(before),
    );
    const answer = yield* askModel({
      openProvider: () => this.#openProvider(choice, signal),
      recollect: (ending) => this.#recollect(question, room, ending),
      offerTools: (ending) => this.#offerTools(ending),
      pluginPrompt: async (ending) => {
        const added = await plugins?.prompt(ending).catch(() => undefined);
        taint.mark(added?.untrusted);
        return added?.text ?? "";
      },
      openTools: ([note]) => {
        taint.mark(note === undefined ? undefined : { from: `the note ${note}` });
        return turnTools(this.#ports.tools, taint, keep);
      },
      choice,
      system,
      async *history(opened, beside, refused) {
        const learned = refused === undefined
          ? contextWindow
          : learn(Math.floor(refused * (tokenRatio ?? 1) * TAKEN_SHARE));
        const talk = yield* shortener.shorten({
          provider: opened,
          choice,
          before,
          asked,
          summary: newest,
          contextWindow: learned,
          maxOutputTokens: options.maxOutputTokens,
          tokenRatio,
          beside,
          keep: async (made) => {
            await keepSummary(made);
            newest = made;
          },
          plugins: plugins && ((count, ending) => plugins.beforeCompact(count, ending)),
        }, signal);
        const messages = historyOf([...talk.turns, asked]);
        return { messages, summary: talk.summary, contextWindow: learned };
      },
      tokenRatio,
      now: this.#ports.now(),
      options,
    }, signal);
    this.#tokenRatio = answer.tokenRatio;
    return answer.messages;
  }

  #windowOf(choice: ModelChoice): number | undefined {
    const known = this.#ports.contextWindow?.(choice);
    return this.#learned === undefined ? known : Math.min(this.#learned, known ?? Infinity);
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
    const warnings = this.#news([...memory.notices, ...(isNew ? [found.warning] : [])]);
    return { warnings, ...(found.kind === "found" ? { context: found.context } : {}) };
  }

  async #offerTools(signal: AbortSignal): Promise<ToolOffer> {
    const { descriptions, notices } = await offerOf(this.#ports.tools, signal);
    return { descriptions, notices: this.#news(notices) };
  }

  /** What of it was not said yet. */
  #news(sentences: readonly string[]): readonly string[] {
    const news = sentences.filter((sentence) => !this.#told.has(sentence));
    for (const sentence of news) this.#told.add(sentence);
    return news;
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
