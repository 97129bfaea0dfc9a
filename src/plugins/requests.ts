/**
 * What plugins ask of the app: the person's notes, their settings, and questions during a set-up. Who
 * asks is the kernel's word; what they ask is foreign.
 * @module
 */
import * as z from "zod/mini";
import { PyraError } from "../protocol/error.ts";
import { oneLine, plainLines } from "../protocol/foreign_text.ts";
import type { PluginAsk, ServePlugin } from "../protocol/kernel_calls.ts";
import type { Json, MemoryHit, SetupUi } from "../protocol/plugin.ts";

/** What serving plugins needs. */
export interface RequestPorts {
  /** The values of a plugin's settings. */
  readonly settings: (
    plugin: string,
    signal: AbortSignal,
  ) => Promise<Readonly<Record<string, Json>>>;
  /** Whether the person agreed that it may search their notes. */
  readonly maySearch: (plugin: string) => Promise<boolean> | boolean;
  /** Searches the person's notes. */
  readonly search: (
    query: string,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly MemoryHit[]>;
  /** Where the person is asked, while that plugin is being set up; else undefined. */
  readonly ui: (plugin: string) => SetupUi | undefined;
}

const QUESTION_UNITS = 300;
const NOTE_UNITS = 4_000;
const OPTIONS = 100;

const text = z.string().check(z.maxLength(20_000));
const Search = z.object({
  query: z.string().check(z.minLength(1), z.maxLength(500)),
  limit: z.optional(z.nullable(z.number())),
});
const Note = z.object({ text });
const Text = z.object({ question: text, initial: z.optional(z.nullable(text)) });
const Confirm = z.object({ question: text, initial: z.optional(z.nullable(z.boolean())) });
const Select = z.object({
  question: text,
  options: z.array(text).check(z.minLength(1), z.maxLength(OPTIONS)),
});

/** Serves the plugins. What it refuses is told to the plugin in one sentence. */
export function pluginServer(ports: RequestPorts): ServePlugin {
  return async ({ name, method, params }, signal) => {
    signal.throwIfAborted();
    if (method === "settings") return { ...await ports.settings(name, signal) };
    if (method === "memory.search") return await search(name, params, ports, signal);
    return await ask({ name, method, params }, ports);
  };
}

async function search(
  plugin: string,
  params: unknown,
  ports: RequestPorts,
  signal: AbortSignal,
): Promise<Json> {
  if (!await ports.maySearch(plugin)) {
    throw new PyraError("permission", "denied", "the manifest does not ask for memory");
  }
  const { query, limit } = read(Search, params);
  const most = Math.min(20, Math.max(1, Math.trunc(limit ?? 5)));
  const hits = await ports.search(query, most, signal);
  return hits.map(({ file, line, summary, snippet }) => ({ file, line, summary, snippet }));
}

async function ask({ name, method, params }: PluginAsk, { ui }: RequestPorts): Promise<Json> {
  const asking = ui(name);
  if (asking === undefined) {
    throw new PyraError("permission", "denied", "the person is asked in setup only");
  }
  switch (method) {
    case "ui.note":
      await asking.note(plainLines(read(Note, params).text, NOTE_UNITS));
      return null;
    case "ui.text": {
      const { question, initial } = read(Text, params);
      const usual = initial ? [oneLine(initial, NOTE_UNITS)] : [];
      return await asking.text(oneLine(question, QUESTION_UNITS), ...usual);
    }
    case "ui.confirm": {
      const { question, initial } = read(Confirm, params);
      return await asking.confirm(oneLine(question, QUESTION_UNITS), initial ?? false);
    }
    case "ui.select": {
      const { question, options } = read(Select, params);
      const shown = options.map((option) => oneLine(option, QUESTION_UNITS));
      const chosen = await asking.select(oneLine(question, QUESTION_UNITS), shown);
      return options[shown.indexOf(chosen)] ?? null;
    }
    default:
      throw new PyraError("permission", "denied", "there is no such request");
  }
}

function read<T>(schema: z.ZodMiniType<T>, params: unknown): T {
  const given = schema.safeParse(params);
  if (given.success) return given.data;
  throw new PyraError("system", "bad_request", "the request is not of the right kind");
}
