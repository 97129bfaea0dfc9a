/**
 * The hooks of plugins: asked one after another in the order of the plugins' names, each for a short
 * time. One that fails is logged and passed over; it never ends a turn.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import type { Json } from "../protocol/plugin.ts";
import type { PluginRecord } from "../protocol/plugin_calls.ts";
import type { DescribedPlugin } from "./catalogue.ts";
import { type HookName, isJson } from "./bounds.ts";
import { type PluginRooms, problemOf } from "./rooms.ts";

/** What came of asking the hooks about a value. */
export type Verdict<T> =
  /** As it was, or as the plugins named in `by` made it. */
  | { readonly kind: "pass"; readonly value: T; readonly by: readonly string[] }
  | { readonly kind: "veto"; readonly plugin: string; readonly reason: string };

/** A call as hooks see it. */
export interface HookedCall {
  /** The tool's full name. */
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A hook may take so long, ms. */
export const HOOK_LIMIT_MS = 2_000;
/** UTF-16 units of a text that a hook gives. */
const TEXT_UNITS = 1_000_000;
const REASON_UNITS = 300;
/** Sentences that one plugin may have kept when turns are summarised, and the units of each. */
const KEPT_SENTENCES = 20;
const KEPT_UNITS = 300;

/** Whether the person agreed that a plugin is told what this hook tells: of a session, only its id. */
export function isHeard(hook: string, { wishes }: Pick<PluginRecord, "wishes">): boolean {
  return wishes.conversation || hook === "onSessionStart" || hook === "onSessionEnd";
}

/** The hooks of the enabled plugins. */
export class Hooks {
  readonly #plugins: readonly DescribedPlugin[];
  readonly #rooms: PluginRooms;

  /** @param plugins in the order in which their hooks are asked */
  constructor(plugins: readonly DescribedPlugin[], rooms: PluginRooms) {
    this.#plugins = plugins;
    this.#rooms = rooms;
  }

  /** Whether any plugin has that hook, and may have it called. */
  has(hook: HookName): boolean {
    return this.#having(hook).length > 0;
  }

  /** Before a question is asked. @throws the signal's reason */
  beforeTurn(text: string, signal: AbortSignal): Promise<Verdict<string>> {
    return this.#asked("beforeTurn", text, {
      wrap: (value) => ({ text: value }),
      read: textOf,
      signal,
    });
  }

  /** Before a tool's arguments are planned and shown to the person. @throws the signal's reason */
  beforeTool(call: HookedCall, signal: AbortSignal): Promise<Verdict<HookedCall["input"]>> {
    const { tool, input } = call;
    return this.#asked("beforeTool", input, {
      wrap: (value) => isJson(value) ? { tool, input: value } : undefined,
      read: inputOf,
      mayHear: mayHear(tool),
      signal,
    });
  }

  /** Before the model reads what a tool answered. @throws the signal's reason */
  afterTool(tool: string, text: string, signal: AbortSignal): Promise<Verdict<string>> {
    return this.#asked("afterTool", text, {
      wrap: (value) => ({ tool, text: value }),
      read: textOf,
      mayHear: mayHear(tool),
      signal,
    });
  }

  /** After an answer. Never rejects. */
  async afterTurn(question: string, answer: string, signal: AbortSignal): Promise<void> {
    await this.#told("afterTurn", { question, answer }, signal);
  }

  /** When a session's first question is asked, and when it is left. Never rejects. */
  async session(event: "start" | "end", id: string, signal: AbortSignal): Promise<void> {
    await this.#told(event === "start" ? "onSessionStart" : "onSessionEnd", { id }, signal);
  }

  /** The sentences that must survive when so many turns are summarised. @throws the signal's reason */
  async beforeCompact(
    count: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly plugin: string; readonly text: string }[]> {
    const kept: { plugin: string; text: string }[] = [];
    for (const plugin of this.#having("beforeCompact")) {
      const said = await this.#call("beforeCompact", plugin, { count }, signal);
      if (!said.isAnswer || !isRecord(said.answer)) continue;
      const sentences = said.answer["keep"];
      if (!Array.isArray(sentences)) continue;
      for (const sentence of sentences.slice(0, KEPT_SENTENCES)) {
        const text = typeof sentence === "string" ? oneLine(sentence, KEPT_UNITS) : "";
        if (text !== "") kept.push({ plugin: plugin.record.name, text });
      }
    }
    return kept;
  }

  #having(hook: HookName): DescribedPlugin[] {
    return this.#plugins.filter(({ description, record }) =>
      description.hooks.includes(hook) && isHeard(hook, record)
    );
  }

  async #asked<T>(hook: HookName, first: T, way: Way<T>): Promise<Verdict<T>> {
    let value = first;
    const by: string[] = [];
    for (const plugin of this.#having(hook)) {
      if (way.mayHear?.(plugin) === false) continue;
      const wrapped = way.wrap(value);
      if (wrapped === undefined) continue;
      const { name } = plugin.record;
      const said = await this.#call(hook, plugin, wrapped, way.signal);
      if (!said.isAnswer || !isRecord(said.answer)) continue;
      const { veto, replace } = said.answer;
      if (veto !== undefined && veto !== null) {
        const reason = typeof veto === "string" ? oneLine(veto, REASON_UNITS) : "";
        return { kind: "veto", plugin: name, reason: reason || "it gave no reason" };
      }
      if (replace === undefined || replace === null) continue;
      const other = way.read(replace);
      if (other === undefined) {
        await this.#rooms.report(name, `${hook}: what it wants in place is not of the right kind`);
        continue;
      }
      value = other;
      by.push(name);
    }
    return { kind: "pass", value, by };
  }

  async #told(hook: HookName, value: Json, signal: AbortSignal): Promise<void> {
    for (const plugin of this.#having(hook)) {
      if (signal.aborted) return;
      await this.#call(hook, plugin, value, signal).catch(() => undefined);
    }
  }

  /** @throws the signal's reason */
  async #call(
    hook: HookName,
    { record: { name } }: DescribedPlugin,
    value: Json,
    signal: AbortSignal,
  ): Promise<Said> {
    try {
      const answer = await this.#rooms.call(
        { plugin: name, method: "hook", params: { hook, value }, limitMs: HOOK_LIMIT_MS },
        { signal: AbortSignal.any([signal, AbortSignal.timeout(HOOK_LIMIT_MS + START_MS)]) },
      );
      return { isAnswer: true, answer };
    } catch (thrown) {
      signal.throwIfAborted();
      await this.#rooms.report(name, `${hook}: ${problemOf(thrown)}`);
      return { isAnswer: false };
    }
  }
}

/** The first call starts the plugin's room, which takes its time too, ms. */
const START_MS = 10_000;

type Said = { readonly isAnswer: true; readonly answer: Json } | { readonly isAnswer: false };

interface Way<T> {
  /** As the hook is given it; `undefined` if it cannot be. */
  readonly wrap: (value: T) => Json | undefined;
  /** What a hook wants in its place; `undefined` if it is none. */
  readonly read: (given: unknown) => T | undefined;
  /** Absent: every plugin. */
  readonly mayHear?: (plugin: DescribedPlugin) => boolean;
  readonly signal: AbortSignal;
}

/** What the person's notes say is only for plugins that may search them. */
function mayHear(tool: string): (plugin: DescribedPlugin) => boolean {
  return ({ record }) => !tool.startsWith("memory_") || record.wishes.memory;
}

function textOf(given: unknown): string | undefined {
  const text = isRecord(given) ? given["text"] : undefined;
  return typeof text === "string" && text.length <= TEXT_UNITS ? text.toWellFormed() : undefined;
}

function inputOf(given: unknown): HookedCall["input"] | undefined {
  const input = isRecord(given) ? given["input"] : undefined;
  return isRecord(input) && isJson(input) ? input : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
