/**
 * The arguments that a model gives to a tool: their shape as it is told, and as it is checked.
 * @module
 */
import * as z from "zod/mini";
import type { ToolDescription } from "../../protocol/message.ts";
import type { Effect, Tool, ToolContext, ToolPlan } from "../../protocol/tool.ts";

/** Problems that one sentence names. */
const NAMED_PROBLEMS = 3;

/** A tool of a schema and of what it plans with arguments of that shape. */
export function toolOf<Shape extends z.core.$ZodLooseShape>(definition: {
  readonly name: string;
  readonly description: string;
  readonly effects: readonly Effect[];
  readonly parameters: z.ZodMiniObject<Shape, z.core.$strict>;
  readonly plan: (
    value: z.infer<z.ZodMiniObject<Shape, z.core.$strict>>,
    context: ToolContext,
  ) => Promise<ToolPlan>;
}): Tool {
  const { name, description, effects, parameters, plan } = definition;
  return {
    description: { name, description, parameters: jsonSchema(parameters) },
    owner: "pyra",
    effects,
    async plan(given, context) {
      const read = parameters.safeParse(given);
      if (read.success) return await plan(read.data, context);
      const names = Object.keys(parameters.shape);
      const problems = read.error.issues.map((issue) => sentenceOf(issue, given, names));
      return { kind: "refused", message: problems.slice(0, NAMED_PROBLEMS).join("; ") };
    },
  };
}

/** The schema as a model's provider takes it. */
function jsonSchema(schema: z.core.$ZodType): ToolDescription["parameters"] {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema);
  return rest;
}

function sentenceOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  names: readonly string[],
): string {
  const [first, second] = issue.path;
  if (first === undefined && issue.code !== "unrecognized_keys") {
    return `the arguments must be an object with ${names.join(", ")}`;
  }
  const what = second === undefined ? `"${String(first)}"` : `each of "${String(first)}"`;
  switch (issue.code) {
    case "unrecognized_keys": {
      const unknown = issue.keys.slice(0, NAMED_PROBLEMS).map((key) =>
        JSON.stringify(key.slice(0, 40))
      );
      return `there is no argument ${unknown.join(", ")}; the arguments are ${names.join(", ")}`;
    }
    case "invalid_type":
      return isMissing(value, first)
        ? `${what} is missing`
        : `${what} must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "too_small":
      return issue.origin === "string"
        ? `${what} must not be empty`
        : `${what} must be at least ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `${what} may have ${issue.maximum} characters at most`;
      return issue.origin === "array"
        ? `${what} may have ${issue.maximum} entries at most`
        : `${what} may be ${issue.maximum} at most`;
    default:
      return `${what} is not valid`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  boolean: "true or false",
};

function isMissing(value: unknown, name: PropertyKey | undefined): boolean {
  return typeof value === "object" && value !== null && name !== undefined && !(name in value);
}

/** A field with what the model is told of it. */
export function describe<Schema extends z.core.$ZodType>(schema: Schema, text: string): Schema {
  z.globalRegistry.add(schema, { description: text });
  return schema;
}
