/**
 * Where in a conversation the hooks of plugins are asked: before a question, after its answer, at the
 * first question and when the conversation is left.
 * @module
 */
import type { Part } from "../protocol/message.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { ConversationPlugins, SendOptions } from "./ports.ts";
import { questionWords } from "./recollect.ts";

/** Asks as the conversation does without plugins. */
export type Ask = (
  parts: readonly Part[],
  signal: AbortSignal,
  options: SendOptions,
) => AsyncGenerator<TurnEvent, void, undefined>;

/** Leaving a conversation waits so long for hooks, ms. */
const LEAVE_MS = 4_000;

/** The hooks of one conversation. */
export class ConversationHooks {
  readonly #plugins: ConversationPlugins;
  readonly #session: string;
  /** The hooks of the turns that are over. */
  #after: Promise<void> = Promise.resolve();
  #hasBegun = false;
  readonly #left = new AbortController();

  /** @param session the session's id */
  constructor(plugins: ConversationPlugins, session: string) {
    this.#plugins = plugins;
    this.#session = session;
  }

  /** Asks, if no plugin forbids it, and tells the plugins what came of it. */
  async *turn(
    parts: readonly Part[],
    signal: AbortSignal,
    { options, ask }: { readonly options: SendOptions; readonly ask: Ask },
  ): AsyncGenerator<TurnEvent, void, undefined> {
    const heard = await this.#before(parts, signal).catch((thrown) => {
      if (signal.aborted) return undefined;
      throw thrown;
    });
    if (heard === undefined) {
      yield { type: "done", reason: "cancelled", session: this.#session };
      return;
    }
    if (heard.kind === "veto") {
      const message = `the plugin ${heard.plugin} stopped this question: ${heard.reason}`;
      const hint = `ask otherwise, or: pyra plugin disable ${heard.plugin}`;
      const report = { category: "permission", severity: "error", code: "vetoed" } as const;
      yield { type: "error", error: { ...report, message, hint } };
      yield { type: "done", reason: "error", session: this.#session };
      return;
    }
    const { asked, by } = heard;
    const isChanged = by.length > 0;
    const names = by.join(", ");
    if (isChanged) yield { type: "warning", message: `the question was changed by: ${names}` };
    const untrusted = { from: `plugin ${names}` };
    let answer = "";
    for await (const event of ask(asked, signal, isChanged ? { ...options, untrusted } : options)) {
      if (event.type === "text") answer += event.text;
      // A round of tools begins the answer anew.
      if (event.type === "tool_result") answer = "";
      if (event.type === "done" && answer !== "") this.#tellAnswer(questionWords(asked), answer);
      yield event;
    }
  }

  /** Tells the plugins that the conversation is left. Never rejects. */
  async leave(): Promise<void> {
    if (!this.#hasBegun) return;
    this.#hasBegun = false;
    const timer = setTimeout(() => this.#left.abort(), LEAVE_MS);
    await this.#after;
    await this.#plugins.session("end", this.#session, this.#left.signal);
    clearTimeout(timer);
  }

  async #before(parts: readonly Part[], signal: AbortSignal): Promise<Heard> {
    await this.#after;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      await this.#plugins.session("start", this.#session, signal);
    }
    const at = parts.findLastIndex(({ type, origin }) => type === "text" && isOwn(origin));
    const part = parts[at];
    if (part?.type !== "text") return { kind: "pass", asked: parts, by: [] };
    const verdict = await this.#plugins.beforeTurn(part.text, signal);
    if (verdict.kind === "veto") return verdict;
    const { value, by } = verdict;
    if (by.length === 0 || value === part.text) return { kind: "pass", asked: parts, by: [] };
    return { kind: "pass", asked: parts.with(at, { type: "text", text: value }), by };
  }

  #tellAnswer(question: string, answer: string): void {
    this.#after = this.#after
      .then(() => this.#plugins.afterTurn(question, answer, this.#left.signal));
  }
}

/** Whether the person wrote it. */
function isOwn(origin: Part["origin"]): boolean {
  return origin === undefined || origin.kind === "person";
}

type Heard =
  | { readonly kind: "pass"; readonly asked: readonly Part[]; readonly by: readonly string[] }
  | { readonly kind: "veto"; readonly plugin: string; readonly reason: string };
