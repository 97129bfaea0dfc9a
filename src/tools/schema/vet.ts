/**
 * The JSON Schema of a tool's arguments, vetted before it is used: it is foreign, as its tool is.
 * Everything that bears on what is valid is either understood or refused, never passed over.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { isPlain, oneLine, plainLines } from "../../protocol/foreign_text.ts";
import { Pattern } from "./pattern.ts";

/** A schema that may be interpreted: plain JSON, frozen, of known keywords. */
export type Schema = boolean | { readonly [keyword: string]: unknown };

/** A vetted schema with what belongs to it. */
export interface VettedSchema {
  /** Of type object. Also what the model is told. */
  readonly root: { readonly [keyword: string]: unknown };
  /** The targets of `$ref`, by its text. */
  readonly targets: ReadonlyMap<string, Schema>;
  readonly patterns: ReadonlyMap<string, Pattern>;
}

/** Values in one schema, names and texts included. */
const NODE_LIMIT = 5_000;
const DEPTH_LIMIT = 40;
/** UTF-16 units of all texts together: models pay for them with each request. */
const TEXT_LIMIT = 40_000;
/** UTF-16 units of what explains one field. */
const NOTE_LIMIT = 600;

const NOTES = new Set(["title", "description", "$comment"]);
const EXAMPLES = new Set(["default", "examples", "example", "enum", "const"]);
const ONE = new Set([
  ..."additionalProperties propertyNames additionalItems contains not if then else".split(" "),
]);
const SEVERAL = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const NAMED = new Set(
  "properties patternProperties dependentSchemas $defs definitions".split(" "),
);
const COUNTS = new Set(
  "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains"
    .split(" "),
);
const NUMBERS = new Set("minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".split(" "));
/** These bear on what is valid, and are not understood here. */
const UNSUPPORTED = new Set([
  ..."unevaluatedProperties unevaluatedItems $dynamicRef $recursiveRef dependencies".split(" "),
]);
const TYPES = new Set("object array string number integer boolean null".split(" "));

/** Vets a schema. @throws {PyraError} "bad_schema" with the place and what is wrong */
export function vetSchema(given: unknown): VettedSchema {
  const vetting = new Vetting();
  const copy = vetting.copied(given, "#", 0);
  if (!isObject(copy)) throw bad("#", "must be an object");
  const root = { ...copy, type: copy["type"] ?? "object", properties: copy["properties"] ?? {} };
  if (root.type !== "object") throw bad("#/type", "must be object: arguments have names");
  vetting.visit(root, "#");
  const targets = vetting.targets(root);
  return { root: frozen(root), targets, patterns: vetting.patterns };
}

class Vetting {
  readonly patterns = new Map<string, Pattern>();
  readonly #seen = new Set<unknown>();
  readonly #references = new Map<string, string>();
  #nodes = 0;
  #units = 0;

  /** A copy of plain JSON; whatever else is in it is refused. */
  copied(value: unknown, place: string, depth: number): unknown {
    if (depth > DEPTH_LIMIT) throw bad(place, "nests too deep");
    if (++this.#nodes > NODE_LIMIT) throw bad(place, `has more than ${NODE_LIMIT} values`);
    if (typeof value === "string") this.#count(value, place);
    if (value === null || ["string", "boolean"].includes(typeof value)) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (Array.isArray(value)) {
      return Array.from(value, (item, at) => this.copied(item, `${place}/${at}`, depth + 1));
    }
    if (!isObject(value)) throw bad(place, "is not JSON");
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === "__proto__") throw bad(place, "must not use the name __proto__");
      if (!isPlain(key)) throw bad(place, "has a name with control characters");
      this.#count(key, place);
      if (item !== undefined) copy[key] = this.copied(item, under(place, key), depth + 1);
    }
    return copy;
  }

  #count(text: string, place: string): void {
    this.#units += text.length;
    if (this.#units > TEXT_LIMIT) throw bad(place, `has more than ${TEXT_LIMIT} characters`);
  }

  /** Checks the keywords of a schema and of those in it; shortens its notes. */
  visit(schema: unknown, place: string): void {
    this.#seen.add(schema);
    if (typeof schema === "boolean") return;
    if (!isObject(schema)) throw bad(place, "must be an object, true or false");
    for (const [keyword, value] of Object.entries(schema)) {
      this.#keyword(schema, keyword, value, under(place, keyword));
    }
  }

  #keyword(
    schema: Record<string, unknown>,
    keyword: string,
    value: unknown,
    place: string,
  ): void {
    if (NOTES.has(keyword)) {
      schema[keyword] = plainLines(typeof value === "string" ? value : "", NOTE_LIMIT);
    } else if (EXAMPLES.has(keyword)) this.#examples(keyword, value, place);
    else if (ONE.has(keyword)) this.visit(value, place);
    else if (keyword === "items" && !Array.isArray(value)) this.visit(value, place);
    else if (SEVERAL.has(keyword) || keyword === "items") {
      if (!Array.isArray(value)) throw bad(place, "must be a list");
      value.forEach((item, at) => this.visit(item, `${place}/${at}`));
    } else if (NAMED.has(keyword)) {
      if (!isObject(value)) throw bad(place, "must be an object");
      for (const [name, item] of Object.entries(value)) {
        if (keyword === "patternProperties") this.#pattern(name, place);
        this.visit(item, under(place, name));
      }
    } else if (keyword === "pattern") this.#pattern(value, place);
    else if (keyword === "$ref") this.#reference(value, place);
    else if (!this.#plainKeyword(keyword, value, place)) {
      // By the specification unknown words say nothing; the model does not need them.
      delete schema[keyword];
    }
  }

  /** False: it says nothing about what is valid. */
  #plainKeyword(keyword: string, value: unknown, place: string): boolean {
    if (keyword === "type") {
      const types = Array.isArray(value) ? value : [value];
      if (types.length === 0 || !types.every((type) => TYPES.has(type))) {
        throw bad(place, `must be one of ${[...TYPES].join(", ")}`);
      }
    } else if (keyword === "required") {
      if (!isTexts(value)) throw bad(place, "must be a list of names");
    } else if (keyword === "dependentRequired") {
      if (!isObject(value) || !Object.values(value).every(isTexts)) {
        throw bad(place, "must be lists of names");
      }
    } else if (COUNTS.has(keyword)) {
      if (!Number.isSafeInteger(value) || Number(value) < 0) throw bad(place, "must be a count");
    } else if (NUMBERS.has(keyword)) {
      if (typeof value !== "number" || (keyword === "multipleOf" && value <= 0)) {
        throw bad(place, "must be a number");
      }
    } else if (keyword === "uniqueItems") {
      if (typeof value !== "boolean") throw bad(place, "must be true or false");
    } else if (UNSUPPORTED.has(keyword)) throw bad(place, "is not supported here");
    else if (keyword === "$id" && place !== "#/$id") {
      // References within it would be about it, and not about the whole.
      throw bad(place, "is only supported at the top");
    } else return keyword === "format" && isName(value);
    return true;
  }

  #examples(keyword: string, value: unknown, place: string): void {
    if (keyword === "enum" && !Array.isArray(value)) throw bad(place, "must be a list");
    // A model would be told them as they are, and they cannot be shortened.
    const isShown = (item: unknown): boolean =>
      typeof item === "string"
        ? isPlain(item.replace(/[\n\t]/g, " "))
        : typeof item !== "object" || item === null || Object.values(item).every(isShown);
    if (!isShown(value)) throw bad(place, "has control characters");
  }

  #pattern(source: unknown, place: string): void {
    if (typeof source !== "string") throw bad(place, "must be a regular expression");
    const pattern = Pattern.of(source);
    if (!(pattern instanceof Pattern)) throw bad(place, `cannot be used: ${pattern.problem}`);
    this.patterns.set(source, pattern);
  }

  #reference(value: unknown, place: string): void {
    if (typeof value !== "string" || !/^#(\/|$)/.test(value)) {
      throw bad(place, "may only point into the schema itself, as #/$defs/name");
    }
    this.#references.set(value, place);
  }

  /** What the references point to. Only a place that was vetted as a schema is one. */
  targets(root: Record<string, unknown>): Map<string, Schema> {
    const targets = new Map<string, Schema>();
    for (const [reference, place] of this.#references) {
      let target: unknown = root;
      for (const part of reference.split("/").slice(1)) {
        const key = decoded(part);
        const isThere = typeof target === "object" && target !== null && key !== undefined &&
          Object.hasOwn(target, key);
        target = isThere ? Reflect.get(target as object, key) : undefined;
      }
      const isSchema = typeof target === "boolean" || isObject(target);
      if (!isSchema || !this.#seen.has(target)) throw bad(place, "points to no schema");
      targets.set(reference, target as Schema);
    }
    return targets;
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch (cause) {
    if (cause instanceof URIError) return undefined;
    throw cause;
  }
}

function under(place: string, key: string): string {
  return `${place}/${key}`;
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /^[\w.-]{1,60}$/.test(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
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

function bad(place: string, problem: string): PyraError {
  const where = oneLine(place, 120);
  return new PyraError(
    "configuration",
    "bad_schema",
    `the schema of the arguments cannot be used: ${where} ${problem}`,
    { hint: "correct the tool's schema" },
  );
}
