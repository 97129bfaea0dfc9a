/**
 * One line of the history's journal: what was kept before which change.
 * @module
 */
import { jsonOf } from "../../protocol/foreign_text.ts";
import { isNoteName } from "../note/name.ts";
import type { Version } from "./store.ts";

/** A kept version, and what only the history needs to know of it. */
export interface VersionRecord extends Version {
  /** The version that an undo put back; such a record is not undone itself. */
  readonly undoes?: string;
}

const ID = /^\d{4}(0[1-9]|1[0-2])[0-3]\d(T([01]\d|2[0-3])([0-5]\d){2}\d{3}Z)-\d{3}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const CHANGES: ReadonlySet<unknown> = new Set(["changed", "removed", "moved", "created"]);

/** Whether a text is the id of a version. */
export function isVersionId(text: string): boolean {
  return ID.test(text);
}

/**
 * The id of the next version: the time, and a number where two fall on one millisecond.
 * @param last the greatest id so far; the next one is greater, even if the clock went back
 */
export function nextId(now: number, last: string): string {
  const stamp = (time: number) => new Date(time).toISOString().replace(/[-:.]/g, "");
  const first = `${stamp(now)}-000`;
  if (first > last) return first;
  const count = Number(last.slice(-3)) + 1;
  if (count <= 999) return `${last.slice(0, -3)}${String(count).padStart(3, "0")}`;
  const moment = momentOfId(last);
  return `${stamp(Number.isNaN(moment) ? now : moment + 1)}-000`;
}

/** Milliseconds since 1970 at which an id was given; `NaN` for a day that there never was. */
export function momentOfId(id: string): number {
  const [, year, month, day, hour, minute, second, fraction] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(id) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`);
}

function isOwnName(value: unknown): value is string {
  return typeof value === "string" && value.normalize("NFC") === value && isNoteName(value);
}

/** A line of the journal; `undefined` for one that is damaged or says what cannot be. */
export function parseRecord(line: string): VersionRecord | undefined {
  const value = jsonOf(line);
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, replaced, change, to, size_bytes, undoes } = value as Record<string, unknown>;
  if (typeof id !== "string" || !isVersionId(id)) return undefined;
  // The name becomes a path: one that leads elsewhere is never believed.
  if (!isOwnName(name) || (to !== undefined && !isOwnName(to))) return undefined;
  if (typeof replaced !== "string" || !MOMENT.test(replaced)) return undefined;
  if (!CHANGES.has(change) || (change === "moved") !== (to !== undefined)) return undefined;
  if (!Number.isSafeInteger(size_bytes) || Number(size_bytes) < 0) return undefined;
  if (undoes !== undefined && (typeof undoes !== "string" || !isVersionId(undoes))) {
    return undefined;
  }
  return {
    id,
    name,
    replaced,
    change: change as Version["change"],
    ...(to !== undefined && { to }),
    size_bytes: Number(size_bytes),
    ...(undoes !== undefined && { undoes }),
  };
}
