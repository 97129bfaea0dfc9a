/**
 * One conversation: takes a question, asks the model, and keeps every event in the session file
 * before it is shown.
 * @module
 */
import type { Summary } from "../agent/compaction.ts";
import type { Message, Part } from "../protocol/message.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import { summaryEvent } from "../sessions/copy.ts";
import type { SessionEvent } from "../sessions/event.ts";
import { newSessionId } from "../sessions/format.ts";
import type { SessionLog } from "../sessions/log.ts";
import { addUsage, type SessionState, type SessionTurn } from "../sessions/state.ts";
import { Asker, isSameModel } from "./asker.ts";
import { inBatches } from "./batches.ts";
import { judged } from "./judged_answer.ts";
import { conversationClosed, modelLost, turnRunning } from "./conversation_error.ts";
import { type Ask, ConversationHooks } from "./plugin_hooks.ts";
import type {
  AskOptions,
  Conversation,
  ConversationPorts,
  ModelChoice,
  ModelUsage,
  SendOptions,
} from "./ports.ts";
import { RunningTurn } from "./running_turn.ts";
import { headerLine, newMarker, questionLine, turnLine } from "./session_lines.ts";
import { titleOf } from "./title.ts";

/** A new conversation. Its session file is made with the first question. */
export function startConversation(
  ports: ConversationPorts,
  options: AskOptions & { readonly choice: ModelChoice; readonly system?: string },
): Conversation {
  const { choice, system = "", ...asking } = options;
  const now = ports.now();
  return new SessionConversation(ports, asking, {
    id: newSessionId(now),
    created: new Date(now).toISOString(),
    title: "",
    ...choice,
    system,
    turns: [],
    usage: [],
    warnings: [],
  });
}

/**
 * Goes on with a session. `choice` and `system` replace the session's own from now on.
 * @param id the full id (`SessionStore.resolve` finds it)
 * @throws {PyraError} codes `no_such_session`, `session_in_use`, `session_newer`,
 * `session_unreadable`, `session_unwritable`; `no_model` if the session's own is lost and none is given
 */
export async function resumeConversation(
  ports: ConversationPorts,
  id: string,
  options: AskOptions & { readonly choice?: ModelChoice; readonly system?: string } = {},
): Promise<Conversation> {
  const { choice, system, ...asking } = options;
  const { log, state } = await ports.store.open(id);
  const conversation = new SessionConversation(ports, asking, state, log);
  try {
    if (choice !== undefined) await conversation.use(choice);
    if (system !== undefined) await conversation.setSystem(system);
    if (conversation.choice.model === "") throw modelLost(id);
  } catch (cause) {
    await conversation[Symbol.asyncDispose]();
    throw cause;
  }
  return conversation;
}

class SessionConversation implements Conversation {
  readonly id: string;
  readonly warnings: readonly string[];
  readonly #ports: ConversationPorts;
  readonly #options: AskOptions;
  readonly #asker: Asker;
  readonly #created: string;
  #choice: ModelChoice;
  #system: string;
  #title: string;
  #turns: readonly SessionTurn[];
  #summary: Summary | undefined;
  #usage: readonly ModelUsage[];
  readonly #hooks: ConversationHooks | undefined;
  /** Absent until the first question. */
  #log: SessionLog | undefined;
  /** Ends the turn that runs. */
  #running: AbortController | undefined;
  #isClosed = false;

  constructor(
    ports: ConversationPorts,
    options: AskOptions,
    state: SessionState,
    log?: SessionLog,
  ) {
    this.id = state.id;
    this.warnings = state.warnings;
    this.#ports = ports;
    this.#options = options;
    this.#created = state.created;
    this.#choice = { provider: state.provider, model: state.model };
    this.#asker = new Asker(ports, options, this.#choice);
    this.#system = state.system;
    this.#title = state.title;
    this.#turns = state.turns;
    this.#summary = state.summary;
    this.#usage = state.usage;
    this.#log = log;
    this.#hooks = ports.plugins && new ConversationHooks(ports.plugins, this.id);
  }

  get choice(): ModelChoice {
    return this.#choice;
  }

  get system(): string {
    return this.#system;
  }

  get title(): string {
    return this.#title;
  }

  get messages(): readonly Message[] {
    return this.#turns.flatMap(({ question, answer }): Message[] => [
      { role: "user", parts: [...question] },
      ...answer,
    ]);
  }

  get usage(): readonly ModelUsage[] {
    return this.#usage;
  }

  get memoryFiles(): readonly string[] {
    return this.#asker.memoryFiles;
  }

  async *send(
    parts: readonly Part[],
    signal: AbortSignal,
    options: SendOptions = {},
  ): AsyncGenerator<TurnEvent, void, undefined> {
    this.#checkIdle();
    const ask: Ask = (...asked) => this.#ask(...asked);
    const turn = this.#hooks?.turn(parts, signal, { options, ask }) ?? ask(parts, signal, options);
    yield* judged(turn, this.#ports.judge);
  }

  async *#ask(
    parts: readonly Part[],
    signal: AbortSignal,
    { untrusted }: SendOptions,
  ): AsyncGenerator<TurnEvent, void, undefined> {
    this.#checkIdle();
    const stop = new AbortController();
    this.#running = stop;
    const begun = { at: this.#time(), question: parts, answer: [], marker: newMarker() };
    const turn = new RunningTurn({ ...begun, ...this.#choice, ...untrusted });
    const { asked } = turn;
    const question = {
      session: this.id,
      asked,
      before: this.#turns,
      summary: this.#summary,
      keepSummary: async (summary: Summary) => {
        await this.#log?.append(summaryEvent(summary, this.#time()));
        this.#summary = summary;
      },
      system: this.#system,
      keep: async (call_id: string, text: string) =>
        await this.#log?.append({ type: "tool_output", call_id, text }),
    };
    const batches = inBatches(this.#asker.ask(question, AbortSignal.any([signal, stop.signal])));
    try {
      try {
        const log = await this.#writeQuestion(asked);
        turn.begin();
        let step = await batches.next();
        for (; step.done !== true; step = await batches.next()) {
          const events = step.value.filter((event) => event.type !== "done");
          await log.append(...this.#news(turn), ...events);
          for (const event of step.value) this.#note(turn, event);
          yield* events;
        }
        turn.complete(step.value);
      } catch (thrown) {
        yield* turn.fail(thrown);
      }
      try {
        await this.#keep(turn);
      } catch (thrown) {
        yield* turn.fail(thrown);
      }
      yield { type: "done", reason: turn.finish, session: this.id };
    } finally {
      stop.abort();
      await batches[Symbol.asyncDispose]();
      // Only if the reader left early is there anything to keep, and no one to be told of a failure.
      await this.#keep(turn).catch(() => undefined);
      this.#running = undefined;
    }
  }

  async takeBack(): Promise<readonly Part[] | undefined> {
    this.#checkIdle();
    const last = this.#turns.at(-1);
    if (last === undefined) return undefined;
    await this.#log?.append({ type: "taken_back" });
    this.#turns = this.#turns.slice(0, -1);
    if ((this.#summary?.turns ?? 0) > this.#turns.length) this.#summary = undefined;
    return this.#asker.takeBack(last);
  }

  async use(choice: ModelChoice): Promise<void> {
    if (isSameModel(choice, this.#choice)) return;
    const { provider, model } = choice;
    await this.#log?.append({ type: "choice", provider, model });
    this.#choice = { provider, model };
    this.#asker.use(this.#choice);
  }

  async setSystem(text: string): Promise<void> {
    if (text === this.#system) return;
    await this.#log?.append({ type: "system", text });
    this.#system = text;
  }

  async setTitle(title: string): Promise<void> {
    await this.#log?.append({ type: "title", text: title });
    this.#title = title;
  }

  async fork(): Promise<Conversation> {
    this.#checkIdle();
    if (this.#log === undefined) {
      const { choice, system } = this;
      return startConversation(this.#ports, { ...this.#options, choice, system });
    }
    return await resumeConversation(
      this.#ports,
      await this.#ports.store.fork(this.id),
      this.#options,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#running?.abort();
    await this.#hooks?.leave();
    await this.#log?.[Symbol.asyncDispose]();
  }

  /** Makes the session's file if there is none yet. */
  async #writeQuestion(asked: SessionTurn): Promise<SessionLog> {
    const isUntitled = this.#title === "";
    const title = isUntitled ? titleOf(asked.question, this.#ports.store.redact) : this.#title;
    if (this.#log === undefined) {
      this.#log = await this.#ports.store.create(headerLine(this, title, this.#created));
    } else if (isUntitled) {
      await this.#log.append({ type: "title", text: title });
    }
    this.#title = title;
    await this.#log.append(questionLine(asked));
    return this.#log;
  }

  #note(turn: RunningTurn, event: TurnEvent): void {
    turn.note(event);
    if (event.type === "usage") this.#usage = addUsage(this.#usage, event);
  }

  /** What the turn has read since it was last looked at. */
  #news(turn: RunningTurn): SessionEvent[] {
    return turn.read(this.#asker.marks);
  }

  async #keep(turn: RunningTurn): Promise<void> {
    const news = this.#news(turn);
    const ended = turn.end();
    if (ended === undefined) return;
    this.#turns = [...this.#turns, ended];
    await this.#log?.append(...news, turnLine(ended, this.#time()));
    await this.#log?.sync();
  }

  #checkIdle(): void {
    if (this.#isClosed) throw conversationClosed();
    if (this.#running !== undefined) throw turnRunning();
  }

  #time(): string {
    return new Date(this.#ports.now()).toISOString();
  }
}
