/**
 * Every setting: its type, default, limits and meaning. The help, the errors, the environment's
 * variables and the schema are all made from this table, which loads no library.
 * @module
 */

import {
  boolean,
  choice,
  type Field,
  type FieldValue,
  fileName,
  ID,
  isTextList,
  LINE,
  line,
  list,
  number,
  text,
  TEXT_LIMIT,
} from "./field_kinds.ts";

export type { Field, FieldKind, FieldValue } from "./field_kinds.ts";

const RULE_LIMIT = 500;
/** UTF-16 units of a rule. */
const RULE_UNITS = 2_000;

const MODEL = /^[^\p{Cc}\p{Cs}\p{Z}]{1,200}$/u;

/** As the kernel has it. */
const IMAGE = /^[A-Za-z0-9][\w./:@-]{0,254}$/;

/** The outside of a rule about a tool; `src/tools/rule.ts` reads the rest. */
const RULE =
  /^(?:allow|deny) [^\s"]{1,200}(?: (?:in|reading|on|running) (?:"(?:[^"\\]|\\.)*"|[^\s"]+)){0,4}$/u;

/** What `src/guard/limits/price.ts` reads. */
const PRICE = /^[a-z0-9][a-z0-9_-]{0,63}\/\S{1,200}(?: \d{1,6}(?:\.\d{1,6})?){2,3}$/;
const MOST_LIMIT = 1e9;
/**
 * Rates, and what may be spent: tokens, and US dollars. No limit in tokens or money suits everybody, so
 * there is but one, far beyond what an honest answer takes: it ends a model that calls tools without end.
 */
const LIMITS: readonly (readonly [string, string, number, boolean?])[] = [
  ["requests_per_minute", "how many requests may go to models in a minute; 0: any", 50],
  ["requests_per_hour", "how many requests may go to models in an hour; 0: any", 500],
  ["tokens_per_minute", "how many tokens may be used in a minute; 0: any", 100_000],
  ["turn_tokens", "how many tokens one question may use, its tools included; 0: any", 1_000_000],
  ["day_tokens", "how many tokens may be used in a day; 0: any", 0],
  ["month_tokens", "how many tokens may be used in a month; 0: any", 0],
  ["turn_cost", "how many dollars one question may cost; 0: any", 0, false],
  ["day_cost", "how many dollars may be spent in a day; 0: any", 0, false],
  ["month_cost", "how many dollars may be spent in a month; 0: any", 0, false],
];

/** The settings in the order in which they are shown. `plugin_settings` is free and not among them. */
export const FIELDS: readonly Field[] = [
  text(
    "ai.provider_id",
    "the provider that answers",
    "a provider's id such as openai",
    (value) => ID.test(value),
  ),
  text("ai.model", "the model that answers", "a model's name", (value) => MODEL.test(value)),
  text(
    "ai.base_url",
    "another address for the provider's API",
    "an address that begins with https:// or http://",
    isWebAddress,
  ),
  number("ai.temperature", "how freely the model words its answers", [0, 2], { whole: false }),
  number("ai.max_output_tokens", "the longest answer, in tokens", [1, 10_000_000]),
  number(
    "ai.cache_seconds",
    "how long pyra ask gives the same answer again; 0: never",
    [0, 86_400],
    {
      initial: 600,
    },
  ),
  number("ai.context_window", "how many tokens the model can take in", [256, 100_000_000]),
  list(
    "ai.fallbacks",
    "who answers, in order, when the provider is down or rate-limited",
    "a list of provider/model",
    isProviderAndModel,
  ),
  line("general.user_name", "what Pyra calls you"),
  line("general.assistant_name", "what the assistant is called", "Pyra"),
  choice("general.theme", "the colours of the chat", ["auto", "dark", "light", "plain"]),
  line("general.editor", "the program that `pyra config edit` opens, before $VISUAL and $EDITOR"),
  number("memory.max_tokens_in_context", "how much memory a question may carry, in tokens", [
    0,
    1_000_000,
  ], { initial: 2_000 }),
  boolean("memory.auto_load", "put what is known about you into each conversation", {
    initial: true,
  }),
  text(
    "memory.embeddings",
    "the model that finds notes by meaning; your notes are sent to it",
    "a provider/model such as ollama/nomic-embed-text",
    isProviderAndModel,
  ),
  boolean("security.injection_detection", "look for instructions hidden in what tools return", {
    initial: true,
  }),
  boolean("security.log_injections", "write what was found to the security log", { initial: true }),
  boolean("security.log_queries", "write each question to the log of queries", { initial: true }),
  list(
    "plugins.enabled",
    "the plugins that are started",
    "a list of plugins' names",
    (item) => ID.test(item),
  ),
  boolean("plugins.require_approval", "ask also before a plugin's tool reads the workspace", {
    initial: false,
  }),
  boolean("plugins.log_executions", "write each run of a tool to the log", { initial: true }),
  list(
    "tools.rules",
    "what tools may do without asking, or never",
    "a list of rules such as allow memory_write in notes/knowledge",
    (item) => item.length <= RULE_UNITS && LINE.test(item) && RULE.test(item),
    RULE_LIMIT,
  ),
  ...LIMITS.map(([name, description, initial, whole = true]) =>
    number(`limits.${name}`, description, [0, MOST_LIMIT], { initial, whole })
  ),
  list(
    "limits.prices",
    "what models cost, before Pyra's own table: dollars for a million tokens",
    "a list of provider/model input output [cached], such as custom/m 0.5 1.5",
    (item) => PRICE.test(item),
  ),
  choice("shell.sandbox", "what holds the programs that tools run", [
    "auto",
    "bubblewrap",
    "sandbox-exec",
    "container",
    "none",
  ]),
  text(
    "shell.image",
    "the image of the container, where that is the sandbox",
    "an image's name such as docker.io/library/debian:stable-slim",
    (value) => IMAGE.test(value),
  ),
  boolean("daemon.enabled", "let Pyra run in the background", { initial: false }),
  fileName("daemon.socket_path", "the socket's name in the profile's folder run", "daemon.sock"),
  fileName("daemon.log_file", "the log's name in the profile's folder logs", "daemon.log"),
  fileName("daemon.pid_file", "the name of the file with the process id in run", "daemon.pid"),
  number("daemon.ipc_port", "the loopback port where there are no sockets; 0 takes a free one", [
    0,
    65_535,
  ], { initial: 0 }),
];

const BY_PATH: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.path, field]));

/** The block whose content belongs to the plugins: `plugin_settings.<plugin>.<name>`. */
export const PLUGIN_SETTINGS = "plugin_settings";
/** The top-level blocks. */
export const BLOCKS: readonly string[] = [
  ...new Set(FIELDS.map((field) => splitPath(field.path)[0])),
  PLUGIN_SETTINGS,
];

/** The setting of that path, if there is one. */
export function fieldAt(path: string): Field | undefined {
  return BY_PATH.get(path);
}

/** A field's block and its name in it. */
export function splitPath(path: string): [block: string, name: string] {
  const dot = path.indexOf(".");
  return [path.slice(0, dot), path.slice(dot + 1)];
}

/** Whether `value`, which may be anything, is one that the setting takes. */
export function accepts(field: Field, value: unknown): value is FieldValue {
  switch (field.kind) {
    case "text":
      return typeof value === "string" && field.allows(value);
    case "number":
      return typeof value === "number" && field.allows(value);
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return isTextList(value) && field.allows(value);
  }
}

function isWebAddress(value: string): boolean {
  const url = value.length <= TEXT_LIMIT && LINE.test(value) ? URL.parse(value) : null;
  // A password in an address would end up in logs; keys belong in the vault.
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "";
}

function isProviderAndModel(value: string): boolean {
  const slash = value.indexOf("/");
  return slash > 0 && ID.test(value.slice(0, slash)) && MODEL.test(value.slice(slash + 1));
}
