/**
 * Reading JSON that a stranger sent, field by field: what is not there or of another type is undefined
 * or empty. For answers of servers that agree on little; shapes of our own have schemas.
 * @module
 */

/** An own field of an object or list; undefined if there is none, or if it is null. */
export function field(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value ?? undefined;
}

/** A string as it is, a number as its digits, all else as the empty string. */
export function scalar(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A count: a finite number that is not negative, or undefined. */
export function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The value if it is a list, else an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The parsed JSON, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
