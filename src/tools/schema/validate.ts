/**
 * Checks a value against a vetted schema, in bounded time, and says what is wrong so that a model can
 * repair it. JSON Schema 2020-12, and what of draft 7 differs: lists of `items`, `definitions`.
 * @module
 */
import { type Budget, BudgetSpent, spend } from "./pattern.ts";
import { listProblems } from "./list_check.ts";
import { objectProblems } from "./object_check.ts";
import { type Check, isSame, isType, type Problem, PROBLEM_LIMIT, shown, typeOf } from "./value.ts";
import type { Schema, VettedSchema } from "./vet.ts";

/** What came of a check. `overrun`: it would take too long, or the schema points at itself. */
export type Validation =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] }
  | { readonly kind: "overrun" };

/** Steps of one check: a keyword, a name, a character of a pattern. Some 50 ms at most. */
const STEP_LIMIT = 200_000;
/** Schemas within schemas that are open at once. */
const FRAME_LIMIT = 300;

/** Checks a value. Never throws. */
export function validate(value: unknown, schema: VettedSchema): Validation {
  const checking = new Checking(schema, { left: STEP_LIMIT });
  try {
    const problems = checking.check(value, schema.root, "");
    return problems.length === 0
      ? { kind: "valid" }
      : { kind: "invalid", problems: problems.slice(0, PROBLEM_LIMIT) };
  } catch (cause) {
    if (cause instanceof BudgetSpent) return { kind: "overrun" };
    throw cause;
  }
}

class Checking implements Check {
  readonly schema: VettedSchema;
  readonly budget: Budget;
  #frames = 0;

  constructor(schema: VettedSchema, budget: Budget) {
    this.schema = schema;
    this.budget = budget;
  }

  check(value: unknown, schema: Schema, path: string): Problem[] {
    spend(this.budget);
    if (schema === true) return [];
    if (schema === false) return [{ path, message: "is not allowed" }];
    if (++this.#frames > FRAME_LIMIT) throw new BudgetSpent("too deep");
    try {
      const problems = this.#ofType(value, schema, path);
      // What has the wrong type fails everything else too; one sentence is enough.
      return problems.length > 0 ? problems : [
        ...this.#ofValue(value, schema, path),
        ...this.#ofText(value, schema, path),
        ...this.#ofNumber(value, schema, path),
        ...objectProblems(this, value, schema, path),
        ...listProblems(this, value, schema, path),
        ...this.#ofSeveral(value, schema, path),
      ];
    } finally {
      this.#frames--;
    }
  }

  matches(value: unknown, schema: Schema): boolean {
    return this.check(value, schema, "").length === 0;
  }

  hasPattern(text: string, source: string): boolean {
    return this.schema.patterns.get(source)?.occursIn(text, this.budget) ?? false;
  }

  #ofType(value: unknown, schema: Record<string, unknown>, path: string): Problem[] {
    const { type } = schema;
    if (type === undefined) return [];
    const types: readonly unknown[] = Array.isArray(type) ? type : [type];
    if (types.some((name) => isType(value, name))) return [];
    const expected = types.map(String);
    return [{
      path,
      message: `must be ${expected.join(" or ")}, not ${typeOf(value)}`,
      expected,
    }];
  }

  #ofValue(value: unknown, schema: Record<string, unknown>, path: string): Problem[] {
    const problems: Problem[] = [];
    const { enum: allowed } = schema;
    if (Array.isArray(allowed)) {
      spend(this.budget, allowed.length);
      if (!allowed.some((item) => isSame(item, value, this.budget))) {
        const names = allowed.slice(0, 20).map(shown).join(", ");
        const more = allowed.length > 20 ? ` or ${allowed.length - 20} others` : "";
        problems.push({
          path,
          message: `must be one of ${names}${more}, not ${shown(value)}`,
          expected: allowed.map(typeOf),
        });
      }
    }
    if (Object.hasOwn(schema, "const") && !isSame(schema["const"], value, this.budget)) {
      const only = schema["const"];
      problems.push({ path, message: `must be ${shown(only)}`, expected: [typeOf(only)] });
    }
    return problems;
  }

  #ofText(value: unknown, schema: Record<string, unknown>, path: string): Problem[] {
    if (typeof value !== "string") return [];
    const { minLength, maxLength, pattern } = schema;
    const problems: Problem[] = [];
    if (typeof minLength === "number" || typeof maxLength === "number") {
      spend(this.budget, value.length / 100);
      const length = value.length > 100_000 ? value.length : [...value].length;
      if (length < Number(minLength ?? 0)) {
        problems.push({ path, message: `must have at least ${minLength} characters` });
      } else if (length > Number(maxLength ?? Infinity)) {
        problems.push({ path, message: `must have at most ${maxLength} characters` });
      }
    }
    if (typeof pattern === "string" && !this.hasPattern(value, pattern)) {
      problems.push({ path, message: `must match the pattern ${shown(pattern)}` });
    }
    return problems;
  }

  #ofNumber(value: unknown, schema: Record<string, unknown>, path: string): Problem[] {
    if (typeof value !== "number") return [];
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    const problems: Problem[] = [];
    const say = (message: string) => problems.push({ path, message });
    if (typeof minimum === "number" && value < minimum) say(`must be at least ${minimum}`);
    if (typeof maximum === "number" && value > maximum) say(`must be at most ${maximum}`);
    if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) {
      say(`must be more than ${exclusiveMinimum}`);
    }
    if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) {
      say(`must be less than ${exclusiveMaximum}`);
    }
    if (typeof multipleOf === "number") {
      const times = value / multipleOf;
      // 0.3 is three times 0.1 to everybody but a processor.
      if (Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times))) {
        say(`must be a multiple of ${multipleOf}`);
      }
    }
    return problems;
  }

  #ofSeveral(value: unknown, schema: Record<string, unknown>, path: string): Problem[] {
    const problems: Problem[] = [];
    const { $ref, allOf, anyOf, oneOf, not } = schema;
    if (typeof $ref === "string") {
      problems.push(...this.check(value, this.schema.targets.get($ref) ?? false, path));
    }
    for (const part of (allOf ?? []) as Schema[]) problems.push(...this.check(value, part, path));
    if (Array.isArray(anyOf)) problems.push(...this.#ofChoice(value, anyOf, path));
    if (Array.isArray(oneOf)) {
      const count = oneOf.filter((part) => this.matches(value, part)).length;
      if (count === 0) problems.push(...this.#ofChoice(value, oneOf, path));
      else if (count > 1) problems.push({ path, message: "fits more than one of the choices" });
    }
    if (not !== undefined && this.matches(value, not as Schema)) {
      problems.push({ path, message: "must not be what it is" });
    }
    const condition = schema["if"];
    if (condition !== undefined) {
      const branch = this.matches(value, condition as Schema) ? schema["then"] : schema["else"];
      if (branch !== undefined) problems.push(...this.check(value, branch as Schema, path));
    }
    return problems;
  }

  /** The problems of the choice that was nearest: deepest in, then fewest. */
  #ofChoice(value: unknown, parts: readonly Schema[], path: string): Problem[] {
    let nearest: Problem[] | undefined;
    const expected: string[] = [];
    const depth = (problems: readonly Problem[]) =>
      Math.max(...problems.map((problem) => problem.path.split(/[.[]/).length));
    for (const part of parts) {
      const problems = this.check(value, part, path);
      if (problems.length === 0) return [];
      for (const problem of problems) {
        if (problem.path === path) expected.push(...(problem.expected ?? []));
      }
      const isNearer = nearest === undefined || depth(problems) > depth(nearest) ||
        (depth(problems) === depth(nearest) && problems.length < nearest.length);
      if (isNearer) nearest = problems;
    }
    const own = nearest ?? [{ path, message: "fits none of the choices" }];
    if (own.length > 1 || own[0]?.path !== path || expected.length < 2) return own;
    const types = [...new Set(expected)];
    const message = types.length < 2
      ? own[0].message
      : `must be ${types.join(" or ")}, not ${typeOf(value)}`;
    return [{ path, message, expected: types }];
  }
}
