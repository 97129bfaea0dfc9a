/**
 * JSON values as a schema sees them.
 * @module
 */
import { type Budget, spend } from "./pattern.ts";
import type { Schema } from "./vet.ts";

/** Something that is wrong with a value. */
export interface Problem {
  /** As a program would write it: `filters[0].name`; empty for the whole. */
  readonly path: string;
  /** What follows the path: `must be number, not string`. */
  readonly message: string;
  /** The types that would be right, if the type is what is wrong. */
  readonly expected?: readonly string[];
}

/** What the checks of lists and objects need of the whole. */
export interface Check {
  readonly budget: Budget;
  check(value: unknown, schema: Schema, path: string): Problem[];
  matches(value: unknown, schema: Schema): boolean;
  /** Whether a vetted pattern occurs in a text. */
  hasPattern(text: string, source: string): boolean;
}

/** Problems that are told; behind them nothing is looked for. */
export const PROBLEM_LIMIT = 8;

/** The name of a value's type. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "number") return typeof value;
  // JSON's 1e999 is read as one.
  if (!Number.isFinite(value)) return "infinity";
  return Number.isInteger(value) ? "integer" : "number";
}

/** Whether a value is of a type. */
export function isType(value: unknown, name: unknown): boolean {
  const type = typeOf(value);
  return type === name || (type === "integer" && name === "number");
}

/** Whether two values are the same JSON. @throws {BudgetSpent} */
export function isSame(one: unknown, other: unknown, budget: Budget): boolean {
  spend(budget);
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return false;
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) =>
    Object.hasOwn(other, key) && isSame(Reflect.get(one, key), Reflect.get(other, key), budget)
  );
}

/** A value, short, as JSON. */
export function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return typeOf(value);
  const text = typeof value === "string" && value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return JSON.stringify(typeof text === "string" ? text.toWellFormed() : text) ?? "nothing";
}

/** The path of a part of an object. */
export function memberPath(path: string, name: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]{0,80}$/u.test(name)) return `${path}[${shown(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
