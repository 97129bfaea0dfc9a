/**
 * What a plugin says that it gives and would do: foreign, so its shape, sizes and words are checked. It
 * loads the library for that: import it when a plugin was started.
 * @module
 */
import * as z from "zod/mini";
import { PyraError } from "../protocol/error.ts";
import { oneLine, plainLines } from "../protocol/foreign_text.ts";
import type { Json } from "../protocol/plugin.ts";
import type { PluginDescription } from "../protocol/plugin_calls.ts";
import { HOOKS, isJson, PROMPT_UNITS, TOOL_LIMIT_MS } from "./bounds.ts";

const line = (most: number) =>
  z.pipe(
    z.string().check(z.maxLength(100_000)),
    z.transform((text: string) => oneLine(text, most)),
  );
const name = (pattern: RegExp) => z.string().check(z.regex(pattern));
const listOf = <T extends z.core.$ZodType>(item: T, most: number) =>
  z.array(item).check(z.maxLength(most));

const SNAKE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+){0,20}$/;
/** A folder in the plugin's own: no way out of it. */
const FOLDER = /^(?!\.)[^/\\\p{C}]{1,100}(?:\/(?!\.)[^/\\\p{C}]{1,100}){0,7}$/u;

const json: z.ZodMiniType<Json> = z.custom<Json>((value) => isJson(value));
const where = z.string().check(z.minLength(1), z.maxLength(4_096));

const Effects = listOf(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.enum(["reads", "writes"]), where }),
    z.object({ kind: z.literal("network"), host: where }),
    z.object({
      kind: z.literal("runs"),
      program: where,
      argv: z.exactOptional(z.array(z.string()).check(z.maxLength(1_000))),
      network: z.exactOptional(z.boolean()),
      folder: z.exactOptional(where),
    }),
  ]),
  20,
);

const Tool = z.object({
  name: name(SNAKE).check(z.maxLength(40)),
  description: z.pipe(
    z.string().check(z.maxLength(100_000)),
    z.transform((text: string) => plainLines(text, 1_024)),
  ),
  parameters: z.record(z.string(), z.unknown()).check(z.refine(isJson)),
  effects: Effects,
  timeLimit: z.number().check(z.gte(1), z.lte(TOOL_LIMIT_MS)),
  plans: z.boolean(),
});

const Description = z.object({
  tools: listOf(Tool, 64),
  commands: listOf(
    z.object({
      name: name(/^[a-z][a-z0-9-]{0,31}$/),
      usage: line(100),
      description: line(200),
    }),
    32,
  ),
  systemPrompt: z.union([
    z.boolean(),
    z.pipe(
      z.string().check(z.maxLength(100_000)),
      z.transform((text: string) => plainLines(text, PROMPT_UNITS)),
    ),
  ]),
  hooks: listOf(z.enum(HOOKS), HOOKS.length),
  skills: listOf(name(FOLDER), 32),
  mcpServers: listOf(
    z.object({
      name: name(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/),
      url: z.string().check(z.maxLength(2_000)),
      credential: z.optional(z.string().check(z.maxLength(100))),
    }),
    16,
  ),
  tasks: listOf(line(100), 16),
  channel: z.nullable(line(100)),
  runtime: z.nullable(z.object({
    name: name(/^[a-z][a-z0-9-]{0,31}$/),
    cli: name(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    priority: z.number().check(z.gte(-1_000), z.lte(1_000)),
  })),
  configFields: listOf(
    z.object({
      key: name(SNAKE).check(z.maxLength(64)),
      kind: z.enum(["text", "number", "bool", "select", "list", "secret"]),
      label: line(200),
      description: line(500),
      default: json,
      options: listOf(line(200), 100),
      required: z.boolean(),
    }),
    64,
  ),
  hasSetup: z.boolean(),
});

/**
 * Reads a description.
 * @throws {PyraError} `bad_description`, which says where it is wrong
 */
export function readDescription(given: unknown, plugin: string): PluginDescription {
  const read = Description.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = oneLine(issue?.path.map(String).join(".") ?? "", 100);
    throw broken(plugin, `${path === "" ? "what it gives" : path} is not as it has to be`);
  }
  const { tools, commands, configFields, hooks, skills } = read.data;
  const names = [
    tools.map((tool) => `tool ${tool.name}`),
    commands.map((command) => `command ${command.name}`),
    configFields.map((field) => `setting ${field.key}`),
    read.data.tasks.map((task) => `task ${task}`),
  ];
  for (const each of names) {
    const twice = each.find((name, at) => each.indexOf(name) !== at);
    if (twice !== undefined) throw broken(plugin, `it has the ${twice} twice`);
  }
  const { mcpServers, ...rest } = read.data;
  return {
    ...rest,
    hooks: [...new Set(hooks)],
    skills: [...new Set(skills)],
    mcpServers: mcpServers.map(({ credential, ...server }) =>
      credential === undefined ? server : { ...server, credential }
    ),
  };
}

function broken(plugin: string, what: string): PyraError {
  return new PyraError("configuration", "bad_description", `the plugin ${plugin}: ${what}`, {
    hint: `correct its code, or remove it with pyra plugin remove ${plugin}`,
  });
}

const Plan = z.object({
  does: z.string().check(z.maxLength(10_000)),
  effects: z.optional(z.nullable(Effects)),
  detail: z.optional(z.nullable(z.string().check(z.maxLength(1_000_000)))),
  ask: z.optional(z.literal("always")),
});
/** What a call would do, as a plugin says it. */
export type Plan = z.infer<typeof Plan>;

/** Reads a plan; `undefined` if it is none. */
export function readPlan(given: unknown): Plan | undefined {
  return Plan.safeParse(given).data;
}
