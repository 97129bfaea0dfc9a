/**
 * Who is asked, and what is kept from one question to the next for asking.
 * @module
 */
import type { Fence, Summary } from "../agent/compaction.ts";
import { fencedBy, sentMessages, sentParts } from "../guard/provenance.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { Message } from "../protocol/message.ts";
import type { Marks, Provenance } from "../protocol/tool.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { Preferences } from "../sessions/preferences.ts";
import type { SessionTurn } from "../sessions/state.ts";
import { askModel, type Recollected } from "./ask_model.ts";
import { withCachedAnswers } from "./cached_answer.ts";
import { historyOf } from "./history.ts";
import { KeptLines, lookRound, sentSurroundings } from "./look_round.ts";
import type {
  AskOptions,
  ConversationPorts,
  ModelChoice,
  SendOptions,
  SentContext,
  ToolOffer,
  ToolTurn,
} from "./ports.ts";
import { preferredOptions, preferredSystem, preferredTools } from "./preferred.ts";
import { questionWords, recollect, roomForNotes } from "./recollect.ts";
import { Shortener } from "./shorten.ts";
import { TAKEN_SHARE } from "./too_long.ts";
import { inTurn } from "./turn_provider.ts";
import { newMarker } from "./session_lines.ts";
import {
  KEPT_BY_PLUGINS,
  marksOf,
  marksOfNotes,
  namedIn,
  offerOf,
  Reading,
  turnTools,
} from "./turn_tools.ts";

/** What is asked. */
export interface AskedTurn {
  /** The session's id. */
  readonly session: string;
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
  /** What the person wants of the conversation. */
  readonly preferences: Preferences;
  /** Keeps a tool's result that the model gets only a part of. */
  readonly keep: ToolTurn["keep"];
  /** What is special about it. */
  readonly special: Pick<SendOptions, "offers" | "toolRounds" | "lastTools">;
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
  #sent: SentContext | undefined;
  readonly #lines = new KeptLines();
  #reading = new Reading();
  /** What turns had read that were taken back: their questions may be asked again. */
  readonly #takenBack = new Reading();
  /** Questions of these that others had a hand in, and who that was. */
  readonly #changed = new Map<string, Provenance>();
  /** For turns of older files, which have none. */
  readonly #marker = newMarker();
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

  /** What went with the last question. */
  get sent(): SentContext | undefined {
    return this.#sent;
  }

  /** What the conversation had read when the last question's turn was over, or by now. */
  get marks(): Marks {
    return this.#reading;
  }

  /** Takes notice that a turn no longer belongs to the history. @returns its question */
  takeBack(turn: SessionTurn): SessionTurn["question"] {
    this.#takenBack.mark(marksOf([turn]));
    const { question, from } = turn;
    if (from !== undefined) this.#changed.set(questionWords(question), { from });
    return question;
  }

  /** Whose words a question is, if it is asked again as others had changed it. */
  othersWords(question: SessionTurn["question"]): Provenance | undefined {
    return this.#changed.get(questionWords(question));
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
    { session, asked, before, preferences, keep, summary, keepSummary, special, ...given }:
      AskedTurn,
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, readonly Message[], undefined> {
    const { provider, model, question } = asked;
    const choice = { provider, model };
    const contextWindow = this.#windowOf(choice);
    const { plugins, record } = this.#ports;
    record?.add({ session, from: asked.from, ...choice, parts: question });
    const [shortener, tokenRatio] = [this.#shortener, this.#tokenRatio];
    const options = preferredOptions(this.#options, preferences);
    const system = preferredSystem(given.system, preferences);
    const learn = (tokens: number) => this.#learned = tokens;
    const lines = this.#lines;
    let newest = summary;
    const room = roomForNotes(question, contextWindow, this.#tokenRatio);
    const past = [marksOf([asked]), this.#takenBack, marksOf(before, summary)];
    const reading = this.#reading = new Reading(...past);
    const markerOf = (turn: SessionTurn | undefined) => turn?.marker ?? this.#marker;
    const fence = (turn: SessionTurn | undefined): Fence => (text, from) =>
      fencedBy(markerOf(turn), text, from);
    const name = { session, turn: crypto.randomUUID() };
    const answer = yield* askModel({
      openProvider: async () => {
        const opened = inTurn(await this.#openProvider(choice, signal), name);
        // Only a question that stands for itself is asked again in the same words.
        if (this.#ports.answers === undefined || before.length > 0) return opened;
        return withCachedAnswers(opened, this.#ports.answers, {
          parts: question,
          marker: asked.marker,
          passing: () => lines.lineOf(asked.marker),
          redact: this.#ports.store.redact,
          now: this.#ports.now,
        });
      },
      recollect: (ending) => this.#recollect(question, room, ending),
      offerTools: (ending) => this.#offerTools(ending, special.offers, preferences),
      lookRound: async (tools, ending) => {
        const seen = await lookRound(this.#ports.surroundings, ending);
        if (seen === undefined) return undefined;
        const { foreign, sensitive } = seen;
        const around = sentSurroundings(seen, tools);
        reading.mark({
          ...(foreign && { untrusted: { from: foreign.from } }),
          ...(sensitive && { sensitive }),
        });
        lines.keep(asked.marker, around.current);
        return { ...around, notices: this.#news(around.notices) };
      },
      note: (sent) => this.#sent = sent,
      pluginPrompt: async (ending) => {
        const added = await plugins?.prompt(ending).catch(() => undefined);
        reading.mark(added);
        return added?.text ?? "";
      },
      openTools: (notes) => {
        reading.mark(marksOfNotes(notes));
        const isNamed = namedIn([...before, asked]);
        return turnTools(this.#ports.tools, reading, { keep, isNamed });
      },
      sent: (messages) => sentMessages(messages, markerOf(asked)),
      fenceStanding: fence(before[0] ?? asked),
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
          fence,
          plugins: plugins && (async (count, ending) => {
            const kept = await plugins.beforeCompact(count, ending);
            if (kept.length > 0) reading.mark(KEPT_BY_PLUGINS);
            return kept;
          }),
        }, signal);
        const messages = historyOf(
          [...talk.turns, asked].map((turn) => ({
            ...turn,
            question: lines.withLine(turn.marker, sentParts(turn.question, markerOf(turn))),
            answer: sentMessages(turn.answer, markerOf(turn)),
          })),
        );
        return { messages, summary: talk.summary, contextWindow: learned };
      },
      tokenRatio,
      now: this.#ports.now(),
      options,
      limits: { toolRounds: special.toolRounds, lastTools: special.lastTools },
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
    const { memory, record } = this.#ports;
    const unrecorded = this.#news(record?.notices ?? []);
    if (memory === undefined) return { warnings: unrecorded };
    const found = await recollect(memory, question, { room, signal });
    if (found.kind === "found") this.#memoryFiles = found.context.files;
    const isNew = found.kind === "failed" && !this.#hasFailed;
    this.#hasFailed ||= found.kind === "failed";
    const warnings = this.#news([...memory.notices, ...(isNew ? [found.warning] : [])]);
    return {
      warnings: [...unrecorded, ...warnings],
      ...(found.kind === "found" ? { context: found.context } : {}),
    };
  }

  async #offerTools(
    signal: AbortSignal,
    offers: SendOptions["offers"],
    preferences: Preferences,
  ): Promise<ToolOffer> {
    const whose = offers === undefined ? undefined : "planner";
    const { descriptions, notices } = await offerOf(this.#ports.tools, signal, whose);
    const offered = preferredTools(descriptions, offers, preferences);
    return { descriptions: offered, notices: this.#news(notices) };
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
