/**
 * What a schema says about objects.
 * @module
 */
import { editDistance } from "../../protocol/edit_distance.ts";
import { spend } from "./pattern.ts";
import { type Check, memberPath, type Problem, PROBLEM_LIMIT, shown } from "./value.ts";
import type { Schema } from "./vet.ts";

type Schemas = Readonly<Record<string, Schema>>;

/** The problems of an object; none of anything else. @throws {BudgetSpent} */
export function objectProblems(
  check: Check,
  value: unknown,
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const keys = Object.keys(value);
  spend(check.budget, keys.length);
  return [
    ...missing(value, schema, path),
    ...counted(keys.length, schema, path),
    ...members(check, value, schema, path),
    ...names(check, keys, schema, path),
    ...dependents(check, value, schema, path),
  ];
}

function missing(
  value: object,
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { required = [] } = schema;
  return (required as readonly string[]).filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path: memberPath(path, name), message: "is missing" }));
}

function counted(
  count: number,
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { minProperties = 0, maxProperties = Infinity } = schema;
  if (count < Number(minProperties)) {
    return [{ path, message: `must have at least ${minProperties} entries` }];
  }
  return count > Number(maxProperties)
    ? [{ path, message: `must have at most ${maxProperties} entries` }]
    : [];
}

function members(
  check: Check,
  value: object,
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { properties = {}, patternProperties = {}, additionalProperties } = schema;
  const known = properties as Schemas;
  const patterns = Object.entries(patternProperties as Schemas);
  const problems: Problem[] = [];
  for (const [name, item] of Object.entries(value)) {
    if (problems.length >= PROBLEM_LIMIT) break;
    const own = memberPath(path, name);
    let isKnown = Object.hasOwn(known, name);
    if (isKnown) problems.push(...check.check(item, known[name] ?? true, own));
    for (const [pattern, part] of patterns) {
      if (!check.hasPattern(name, pattern)) continue;
      isKnown = true;
      problems.push(...check.check(item, part, own));
    }
    if (isKnown || additionalProperties === undefined) continue;
    problems.push(
      ...(additionalProperties === false
        ? [{ path: own, message: unknownName(name, Object.keys(known)) }]
        : check.check(item, additionalProperties as Schema, own)),
    );
  }
  return problems;
}

function unknownName(name: string, known: readonly string[]): string {
  if (known.length === 0) return "is not known; there are no names here";
  const near = name.length > 60
    ? undefined
    : known.find((other) =>
      other.length <= 60 && editDistance(name.toLowerCase(), other.toLowerCase()) <= 2
    );
  if (near !== undefined) return `is not known; did you mean ${shown(near)}?`;
  return `is not known; the names are ${known.slice(0, 12).map(shown).join(", ")}`;
}

function names(
  check: Check,
  keys: readonly string[],
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { propertyNames } = schema;
  if (propertyNames === undefined) return [];
  return keys.filter((name) => !check.matches(name, propertyNames as Schema))
    .slice(0, PROBLEM_LIMIT)
    .map((name) => ({ path: memberPath(path, name), message: "is not an allowed name" }));
}

function dependents(
  check: Check,
  value: object,
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { dependentRequired = {}, dependentSchemas = {} } = schema;
  const needed = Object.entries(dependentRequired as Readonly<Record<string, readonly string[]>>)
    .filter(([name]) => Object.hasOwn(value, name))
    .flatMap(([name, others]) =>
      others.filter((other) => !Object.hasOwn(value, other)).map((other) => ({
        path: memberPath(path, other),
        message: `is missing, where ${shown(name)} is given`,
      }))
    );
  const parts = Object.entries(dependentSchemas as Schemas)
    .filter(([name]) => Object.hasOwn(value, name))
    .flatMap(([, part]) => check.check(value, part, path));
  return [...needed, ...parts];
}
