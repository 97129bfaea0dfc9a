/**
 * What a schema says about lists.
 * @module
 */
import { spend } from "./pattern.ts";
import { type Check, type Problem, PROBLEM_LIMIT, typeOf } from "./value.ts";
import type { Schema } from "./vet.ts";

/** The problems of a list; none of anything else. @throws {BudgetSpent} */
export function listProblems(
  check: Check,
  value: unknown,
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  if (!Array.isArray(value)) return [];
  spend(check.budget, value.length);
  const { minItems = 0, maxItems = Infinity, uniqueItems } = schema;
  const problems: Problem[] = [];
  if (value.length < Number(minItems)) {
    problems.push({ path, message: `must have at least ${minItems} entries` });
  }
  if (value.length > Number(maxItems)) {
    problems.push({ path, message: `must have at most ${maxItems} entries` });
  }
  if (uniqueItems === true && !areUnique(check, value)) {
    problems.push({ path, message: "must not hold an entry twice" });
  }
  return [...problems, ...items(check, value, schema, path), ...found(check, value, schema, path)];
}

function items(
  check: Check,
  value: readonly unknown[],
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { items, prefixItems, additionalItems } = schema;
  const first = (Array.isArray(items) ? items : prefixItems ?? []) as readonly Schema[];
  const rest = (Array.isArray(items) ? additionalItems : items) as Schema | undefined;
  const problems: Problem[] = [];
  for (const [at, item] of value.entries()) {
    if (problems.length >= PROBLEM_LIMIT) break;
    const part = at < first.length ? first[at] : rest;
    if (part !== undefined) problems.push(...check.check(item, part, `${path}[${at}]`));
  }
  return problems;
}

function found(
  check: Check,
  value: readonly unknown[],
  schema: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const { contains, minContains = 1, maxContains = Infinity } = schema;
  if (contains === undefined) return [];
  const count = value.filter((item) => check.matches(item, contains as Schema)).length;
  if (count < Number(minContains)) {
    return [{ path, message: `must hold at least ${minContains} fitting entries` }];
  }
  return count > Number(maxContains)
    ? [{ path, message: `must hold at most ${maxContains} fitting entries` }]
    : [];
}

/** By a text for each entry, so that long lists take no square of their length. */
function areUnique(check: Check, value: readonly unknown[]): boolean {
  return new Set(value.map((item) => canonical(check, item))).size === value.length;
}

function canonical(check: Check, value: unknown): string {
  spend(check.budget);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(check, item)).join()}]`;
  if (typeof value !== "object" || value === null) {
    return typeOf(value) === "integer" ? String(value) : JSON.stringify(value) ?? "";
  }
  const entries = Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1);
  return `{${entries.map(([key, item]) => JSON.stringify(key) + canonical(check, item)).join()}}`;
}
