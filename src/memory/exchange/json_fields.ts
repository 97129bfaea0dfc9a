/**
 * Reads values of JSON that other companies wrote and may change: what is not as expected is absent.
 * @module
 */

/** An object's own fields. */
export type Fields = ReadonlyMap<string, unknown>;

const NONE: Fields = new Map();

/** The fields of an object; none of anything else. Inherited names such as `constructor` are none. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return NONE;
  return new Map(Object.entries(value));
}

/** A list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text without lone surrogates and NUL bytes, which no file can hold; else an empty one. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value.toWellFormed().replaceAll("\0", "") : "";
}

/** The latest time that is believed: beyond it `Date` and file names get strange. */
const LAST_MS = Date.UTC(9999, 11, 31);

/** Seconds since 1970, or a date as text, in ms; `undefined` for anything else. */
export function timeOf(value: unknown): number | undefined {
  const ms = typeof value === "number"
    ? value * 1000
    : typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value)
    ? Date.parse(value)
    : NaN;
  return ms > 0 && ms < LAST_MS ? Math.round(ms) : undefined;
}

/** A foreign id if it is a short plain word, else an empty text. */
export function idOf(value: unknown): string {
  return typeof value === "string" && /^[\w.:-]{1,100}$/.test(value) ? value : "";
}
