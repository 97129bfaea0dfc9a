/**
 * The arguments of a call: from the JSON text that a model wrote to a value that fits the tool's
 * schema. What models often get wrong is mended where the schema leaves no doubt.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import { readJson } from "./json_text.ts";
import { validate, type Validation } from "./schema/validate.ts";
import { memberPath, type Problem } from "./schema/value.ts";
import type { VettedSchema } from "./schema/vet.ts";

/** Arguments, read. `invalid`: a sentence that tells the model what to repair. */
export type ReadArguments =
  | {
    readonly kind: "valid";
    /** Frozen through and through, so that what is shown is what is run. */
    readonly value: Readonly<Record<string, unknown>>;
  }
  | { readonly kind: "invalid"; readonly message: string };

/** How often a value is mended and looked at again: a text in a list in a text. */
const MENDING_ROUNDS = 3;
/** UTF-16 units of the sentence. */
const MESSAGE_UNITS = 1_200;

/** Reads arguments. Never throws. */
export function readArguments(text: string, schema: VettedSchema): ReadArguments {
  // Models write nothing where there is nothing to say.
  const read = readJson(text.trim() === "" ? "{}" : text);
  if (read.kind === "problem") return invalid(`the arguments are not valid JSON: ${read.message}`);
  if (holdsPrototype(read.value)) {
    return invalid("the arguments must not use the name __proto__");
  }
  const value = unwrapped(read.value);
  const first = validate(value, schema);
  let found: Validation = first;
  let mended: unknown = value;
  for (let round = 0; found.kind === "invalid" && round < MENDING_ROUNDS; round++) {
    const next = mend(mended, found.problems);
    if (next === undefined) break;
    mended = next;
    found = validate(mended, schema);
  }
  if (found.kind === "valid" && isObject(mended)) return { kind: "valid", value: frozen(mended) };
  if (found.kind === "overrun" || first.kind === "overrun") {
    return invalid("the arguments take too long to check; make them smaller");
  }
  // The sentence is about what the model wrote, not about what was tried with it.
  return invalid(first.kind === "invalid" ? sentenceOf(first.problems) : "they must be an object");
}

function invalid(message: string): ReadArguments {
  return { kind: "invalid", message: oneLine(message, MESSAGE_UNITS) };
}

function sentenceOf(problems: readonly Problem[]): string {
  const parts = problems.map(({ path, message }) => `${path || "the arguments"} ${message}`);
  return `the arguments do not fit: ${[...new Set(parts)].join("; ")}`;
}

/** JSON in a JSON text, or nothing where an object should be. */
function unwrapped(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value !== "string") return value;
  const inner = readJson(value.trim() === "" ? "{}" : value);
  return inner.kind === "value" && isObject(inner.value) && !holdsPrototype(inner.value)
    ? inner.value
    : value;
}

/** A copy in which values of the wrong type are what they look like; `undefined` if none can be. */
function mend(value: unknown, problems: readonly Problem[]): unknown {
  let isMended = false;
  const wrong = new Map(
    problems.flatMap(({ path, expected }) =>
      expected === undefined || path === "" ? [] : [[path, expected] as const]
    ),
  );
  const copy = copied(value, (item, path) => {
    const expected = wrong.get(path);
    if (expected === undefined) return item;
    const better = converted(item, expected);
    if (better === undefined) return item;
    isMended = true;
    return better.value;
  });
  return isMended ? copy : undefined;
}

function converted(
  value: unknown,
  expected: readonly string[],
): { readonly value: unknown } | undefined {
  const wants = (...types: string[]) => types.some((type) => expected.includes(type));
  if (typeof value === "number" || typeof value === "boolean") {
    return wants("string") ? { value: String(value) } : undefined;
  }
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (wants("number", "integer") && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text)) {
    return { value: Number(text) };
  }
  if (wants("boolean") && /^(?:true|false)$/i.test(text)) {
    return { value: text.toLowerCase() === "true" };
  }
  if (wants("null") && text === "null") return { value: null };
  if (!/^[[{]/.test(text) || !wants("array", "object")) return undefined;
  const inner = readJson(text);
  return inner.kind === "value" && !holdsPrototype(inner.value)
    ? { value: inner.value }
    : undefined;
}

/** A copy; each part goes through `change` with its path. */
function copied(
  value: unknown,
  change: (item: unknown, path: string) => unknown,
  path = "",
): unknown {
  const changed = change(value, path);
  if (Array.isArray(changed)) {
    return changed.map((item, at) => copied(item, change, `${path}[${at}]`));
  }
  if (!isObject(changed)) return changed;
  return Object.fromEntries(
    Object.entries(changed).map(([name, item]) => [
      name,
      copied(item, change, memberPath(path, name)),
    ]),
  );
}

/** It would be a name like others here, and a trap for whoever copies it by assignment. */
function holdsPrototype(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsPrototype);
  return isObject(value) &&
    (Object.hasOwn(value, "__proto__") || Object.values(value).some(holdsPrototype));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
