/**
 * One conversation: takes a question, asks the model, and keeps every event in the session file
 * before it is shown.
 * @module
 */
import type { Summary } from "../agent/compaction.ts";
import type { Plan } from "../agent/planner.ts";
import type { Message, Part } from "../protocol/message.ts";
import type { PlanEvent } from "../protocol/plan.ts";
import type { Marks } from "../protocol/tool.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { SessionEvent } from "../sessions/event.ts";
import { newSessionId } from "../sessions/format.ts";
import type { SessionLog } from "../sessions/log.ts";
import { addUsage, type SessionState, type SessionTurn } from "../sessions/state.ts";
import { Asker, isSameModel } from "./asker.ts";
import { inBatches } from "./batches.ts";
import { judged } from "./judged_answer.ts";
import { conversationClosed, modelLost, turnRunning } from "./conversation_error.ts";
import { ConversationFile } from "./conversation_file.ts";
import { saidIn } from "./history.ts";
import { type Ask, ConversationHooks } from "./plugin_hooks.ts";
import type {
  AskOptions,
  Conversation,
  ConversationPorts,
  ModelChoice,
  ModelUsage,
  NewConversation,
  SendOptions,
} from "./ports.ts";
import { RunningTurn } from "./running_turn.ts";
import { newMarker, turnLine } from "./session_lines.ts";

/** A new conversation. Its session file is made with the first question. */
export function startConversation(
  ports: ConversationPorts,
  options: AskOptions & NewConversation,
): Conversation {
  const { choice, system = "", preferences = {}, ...asking } = options;
  const now = ports.now();
  return new SessionConversation(ports, asking, {
    id: newSessionId(now),
    created: new Date(now).toISOString(),
    title: "",
    ...choice,
    system,
    preferences,
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
  #choice: ModelChoice;
  #system: string;
  #turns: readonly SessionTurn[];
  #usage: readonly ModelUsage[];
  readonly #hooks: ConversationHooks | undefined;
  readonly #file: ConversationFile;
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
    this.#choice = { provider: state.provider, model: state.model };
    this.#asker = new Asker(ports, options, this.#choice);
    this.#system = state.system;
    this.#turns = state.turns;
    this.#usage = state.usage;
    this.#file = new ConversationFile(ports.store, { ...state, log });
    this.#hooks = ports.plugins && new ConversationHooks(ports.plugins, this.id);
  }

  get choice(): ModelChoice {
    return this.#choice;
  }

  get system(): string {
    return this.#system;
  }

  get title(): string {
    return this.#file.title;
  }

  get messages(): readonly Message[] {
    return saidIn(this.#turns);
  }

  get usage(): readonly ModelUsage[] {
    return this.#usage;
  }

  get memoryFiles(): readonly string[] {
    return this.#asker.memoryFiles;
  }

  get sent(): Conversation["sent"] {
    return this.#asker.sent;
  }

  get marks(): Marks {
    return this.#asker.marks;
  }

  get plan(): Plan | undefined {
    return this.#file.plan;
  }

  get preferences(): Conversation["preferences"] {
    return this.#file.preferences;
  }

  setPreference: Conversation["setPreference"] = (...given) => this.#file.setPreference(...given);

  keepPlan(event: PlanEvent): Promise<void> {
    return this.#file.keepPlan(event, this.#time());
  }

  async *send(
    parts: readonly Part[],
    signal: AbortSignal,
    options: SendOptions = {},
  ): AsyncGenerator<TurnEvent, void, undefined> {
    this.#checkIdle();
    const ask: Ask = (...asked) => this.#ask(...asked);
    const turn = this.#hooks?.turn(parts, signal, { options, ask }) ?? ask(parts, signal, options);
    for await (const event of judged(turn, this.#ports.judge)) {
      options.watch?.(event);
      yield event;
    }
  }

  async *#ask(
    parts: readonly Part[],
    signal: AbortSignal,
    { untrusted, ...special }: SendOptions,
  ): AsyncGenerator<TurnEvent, void, undefined> {
    this.#checkIdle();
    const stop = new AbortController();
    this.#running = stop;
    const begun = { at: this.#time(), question: parts, answer: [], marker: newMarker() };
    const from = untrusted ?? this.#asker.othersWords(parts);
    const turn = new RunningTurn({ ...begun, ...this.#choice, ...from });
    const question = {
      session: this.id,
      asked: turn.asked,
      before: this.#turns,
      summary: this.#file.summary,
      keepSummary: (summary: Summary) => this.#file.keepSummary(summary, this.#time()),
      preferences: this.preferences,
      system: this.#system,
      keep: (call_id: string, text: string) =>
        this.#file.append({ type: "tool_output", call_id, text }),
      special,
    };
    const batches = inBatches(this.#asker.ask(question, AbortSignal.any([signal, stop.signal])));
    try {
      try {
        await this.#file.writeQuestion(this, turn.asked);
        turn.begin();
        let step = await batches.next();
        for (; step.done !== true; step = await batches.next()) {
          const events = step.value.filter((event) => event.type !== "done");
          await this.#file.append(...this.#news(turn), ...events);
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
    await this.#file.takeBack(this.#turns.length - 1);
    this.#turns = this.#turns.slice(0, -1);
    return this.#asker.takeBack(last);
  }

  async use(choice: ModelChoice): Promise<void> {
    if (isSameModel(choice, this.#choice)) return;
    const { provider, model } = choice;
    await this.#file.append({ type: "choice", provider, model });
    this.#choice = { provider, model };
    this.#asker.use(this.#choice);
  }

  async setSystem(text: string): Promise<void> {
    if (text === this.#system) return;
    await this.#file.append({ type: "system", text });
    this.#system = text;
  }

  setTitle(title: string): Promise<void> {
    return this.#file.setTitle(title);
  }

  async fork(): Promise<Conversation> {
    this.#checkIdle();
    if (!this.#file.exists) {
      const { choice, system, preferences } = this;
      return startConversation(this.#ports, { ...this.#options, choice, system, preferences });
    }
    const copy = await this.#ports.store.fork(this.id);
    return await resumeConversation(this.#ports, copy, this.#options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#running?.abort();
    await this.#hooks?.leave();
    await this.#file[Symbol.asyncDispose]();
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
    await this.#file.append(...news, turnLine(ended, this.#time()));
    await this.#file.sync();
  }

  #checkIdle(): void {
    if (this.#isClosed) throw conversationClosed();
    if (this.#running !== undefined) throw turnRunning();
  }

  #time(): string {
    return new Date(this.#ports.now()).toISOString();
  }
}
