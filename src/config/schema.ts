/**
 * The shape of `config.yaml`. It holds types and names; the limits of each value stand in `fields.ts`,
 * so that a file that is plainly right can be read without loading this library.
 * @module
 */
import * as z from "zod/mini";
import { type Field, fieldAt, type FieldValue } from "./fields.ts";

/** How deep a plugin's settings may nest. */
const DEPTH_LIMIT = 16;

const BLOCK = "expected a mapping of settings";

const text = (path: string) => z.optional(z.string(expected(path)).check(within(path)));
const number = (path: string) => z.optional(z.number(expected(path)).check(within(path)));
const boolean = (path: string) => z.optional(z.boolean(expected(path)));
const list = (path: string) =>
  z.optional(z.array(z.string(expected(path)), expected(path)).check(within(path)));

/** What one file may hold. Everything is optional; what is missing comes from the layer below. */
export const ConfigFile = z.strictObject({
  ai: z.optional(z.strictObject({
    provider_id: text("ai.provider_id"),
    model: text("ai.model"),
    base_url: text("ai.base_url"),
    temperature: number("ai.temperature"),
    max_output_tokens: number("ai.max_output_tokens"),
    cache_seconds: number("ai.cache_seconds"),
    context_window: number("ai.context_window"),
    fallbacks: list("ai.fallbacks"),
  }, BLOCK)),
  general: z.optional(z.strictObject({
    user_name: text("general.user_name"),
    assistant_name: text("general.assistant_name"),
    theme: text("general.theme"),
    editor: text("general.editor"),
  }, BLOCK)),
  memory: z.optional(z.strictObject({
    max_tokens_in_context: number("memory.max_tokens_in_context"),
    auto_load: boolean("memory.auto_load"),
    embeddings: text("memory.embeddings"),
  }, BLOCK)),
  security: z.optional(z.strictObject({
    injection_detection: boolean("security.injection_detection"),
    log_injections: boolean("security.log_injections"),
    log_queries: boolean("security.log_queries"),
  }, BLOCK)),
  plugins: z.optional(z.strictObject({
    enabled: list("plugins.enabled"),
    require_approval: boolean("plugins.require_approval"),
    log_executions: boolean("plugins.log_executions"),
  }, BLOCK)),
  tools: z.optional(z.strictObject({ rules: list("tools.rules") }, BLOCK)),
  limits: z.optional(z.strictObject({
    requests_per_minute: number("limits.requests_per_minute"),
    requests_per_hour: number("limits.requests_per_hour"),
    tokens_per_minute: number("limits.tokens_per_minute"),
    turn_tokens: number("limits.turn_tokens"),
    day_tokens: number("limits.day_tokens"),
    month_tokens: number("limits.month_tokens"),
    turn_cost: number("limits.turn_cost"),
    day_cost: number("limits.day_cost"),
    month_cost: number("limits.month_cost"),
    prices: list("limits.prices"),
  }, BLOCK)),
  shell: z.optional(z.strictObject({
    sandbox: text("shell.sandbox"),
    image: text("shell.image"),
  }, BLOCK)),
  daemon: z.optional(z.strictObject({
    enabled: boolean("daemon.enabled"),
    socket_path: text("daemon.socket_path"),
    log_file: text("daemon.log_file"),
    pid_file: text("daemon.pid_file"),
    ipc_port: number("daemon.ipc_port"),
  }, BLOCK)),
  plugin_settings: z.optional(z.record(
    z.string(),
    z.record(
      z.string(),
      z.unknown().check(z.refine(isPlainData, "expected text, numbers, lists and mappings")),
      "expected a mapping of names to values",
    ),
    "expected a mapping of plugins' names to their settings",
  )),
});
/** What one file holds. */
export type ConfigFile = z.infer<typeof ConfigFile>;

/** The settings in force: those that have a default are always there. */
export interface Config {
  readonly ai: WithDefaults<Block<"ai">, "fallbacks" | "cache_seconds">;
  readonly general: WithDefaults<Block<"general">, "assistant_name" | "theme">;
  readonly memory: WithDefaults<Block<"memory">>;
  readonly security: WithDefaults<Block<"security">>;
  readonly plugins: WithDefaults<Block<"plugins">>;
  readonly tools: WithDefaults<Block<"tools">>;
  readonly limits: WithDefaults<Block<"limits">>;
  readonly shell: WithDefaults<Block<"shell">, "sandbox">;
  readonly daemon: WithDefaults<Block<"daemon">>;
  /** By plugin and name. Not checked further: each plugin knows its own. */
  readonly plugin_settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
type Block<K extends keyof ConfigFile> = NonNullable<ConfigFile[K]>;
/** `T` with the settings `K` (all, if none is named) always there. */
type WithDefaults<T, K extends keyof T = keyof T> =
  & { readonly [P in Exclude<keyof T, K>]?: NonNullable<T[P]> }
  & { readonly [P in K]-?: Readonly<NonNullable<T[P]>> };

function known(path: string): Field {
  const field = fieldAt(path);
  // A planted mistake here is caught by the test that compares the schema with the table.
  if (!field) throw new TypeError(`no field ${path} in the table`);
  return field;
}

function expected(path: string): string {
  return `expected ${known(path).expects}`;
}

function within<T extends FieldValue>(path: string) {
  const field = known(path);
  return z.refine<T>((value) => field.allows(value), expected(path));
}

/** Whether a value is made of JSON's types only, and not too deep. */
export function isPlainData(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth >= DEPTH_LIMIT) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainData(item, depth + 1));
  return Object.entries(value).every(([key, item]) =>
    key !== "__proto__" && isPlainData(item, depth + 1)
  );
}
