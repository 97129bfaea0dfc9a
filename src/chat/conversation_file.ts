/**
 * The session file of one conversation, which is made with the first thing that is to be kept.
 * @module
 */
import type { Summary } from "../agent/compaction.ts";
import { type Plan, planAfter } from "../agent/planner.ts";
import type { PlanEvent } from "../protocol/plan.ts";
import { preferenceEvents, summaryEvent } from "../sessions/copy.ts";
import type { SessionEvent } from "../sessions/event.ts";
import type { SessionLog } from "../sessions/log.ts";
import {
  type PreferenceKey,
  type Preferences,
  type PreferenceValue,
  withPreference,
} from "../sessions/preferences.ts";
import type { SessionTurn } from "../sessions/state.ts";
import type { SessionStore } from "../sessions/store.ts";
import type { Conversation } from "./ports.ts";
import { headerLine, questionLine } from "./session_lines.ts";
import { titleOf } from "./title.ts";

/** What there is before the first question. */
interface Begun {
  /** ISO 8601, UTC. */
  readonly created: string;
  /** Empty if there is none yet. */
  readonly title: string;
  /** Absent until the first question. */
  readonly log?: SessionLog | undefined;
  readonly plan?: Plan;
  readonly preferences?: Preferences;
  readonly summary?: Summary;
}

/** A conversation's session file. */
export class ConversationFile implements AsyncDisposable {
  readonly #store: SessionStore;
  readonly #created: string;
  #title: string;
  #log: SessionLog | undefined;
  #plan: Plan | undefined;
  #preferences: Preferences;
  #summary: Summary | undefined;

  constructor(store: SessionStore, begun: Begun) {
    const { created, title, log, plan, preferences = {}, summary } = begun;
    this.#store = store;
    this.#created = created;
    this.#title = title;
    this.#log = log;
    this.#plan = plan;
    this.#preferences = preferences;
    this.#summary = summary;
  }

  /** False until the first question. */
  get exists(): boolean {
    return this.#log !== undefined;
  }

  get title(): string {
    return this.#title;
  }

  /** The last plan that was proposed, and what became of it. */
  get plan(): Plan | undefined {
    return this.#plan;
  }

  /** What the person wants of this conversation. */
  get preferences(): Preferences {
    return this.#preferences;
  }

  /** What models are sent for the first turns, if the conversation got too long for them. */
  get summary(): Summary | undefined {
    return this.#summary;
  }

  /** Keeps another one. @param at ISO 8601, UTC @throws {PyraError} */
  async keepSummary(summary: Summary, at: string): Promise<void> {
    await this.append(summaryEvent(summary, at));
    this.#summary = summary;
  }

  /** A turn is taken back. @param turns that are left: what stands for more of them is no more */
  async takeBack(turns: number): Promise<void> {
    await this.append({ type: "taken_back" });
    if ((this.#summary?.turns ?? 0) > turns) this.#summary = undefined;
  }

  /** Keeps what the person wants from now on; `null` leaves it to the settings. @throws {PyraError} */
  async setPreference(key: PreferenceKey, value: PreferenceValue | null): Promise<void> {
    await this.append({ type: "preference", key, value });
    this.#preferences = withPreference(this.#preferences, key, value);
  }

  /** Writes what happened to the plan, which then has happened. @param at ISO 8601, UTC @throws {PyraError} */
  async keepPlan(event: PlanEvent, at: string): Promise<void> {
    await this.append({ type: "plan", at, event });
    this.#plan = planAfter(this.#plan, event);
  }

  /** Writes lines; nothing if there is no file yet. @throws {PyraError} `session_unwritable` */
  async append(...events: readonly SessionEvent[]): Promise<void> {
    await this.#log?.append(...events);
  }

  /** Makes what was written outlive a power cut. @throws {PyraError} `session_unwritable` */
  async sync(): Promise<void> {
    await this.#log?.sync();
  }

  /** @throws {PyraError} `session_unwritable` */
  async setTitle(title: string): Promise<void> {
    await this.append({ type: "title", text: title });
    this.#title = title;
  }

  /** Writes the question; makes the file, and the title, if there is none. @throws {PyraError} */
  async writeQuestion(conversation: Conversation, asked: SessionTurn): Promise<void> {
    const isUntitled = this.#title === "";
    const title = isUntitled ? titleOf(asked.question, this.#store.redact) : this.#title;
    if (this.#log === undefined) {
      this.#log = await this.#store.create(headerLine(conversation, title, this.#created));
      const preferences = preferenceEvents(this.#preferences);
      if (preferences.length > 0) await this.append(...preferences);
    } else if (isUntitled) {
      await this.#log.append({ type: "title", text: title });
    }
    this.#title = title;
    await this.#log.append(questionLine(asked));
  }

  /** Lets go of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log?.[Symbol.asyncDispose]();
  }
}
