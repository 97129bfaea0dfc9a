/**
 * Schedules and their occurrences, as data.
 * @module
 */
import * as z from "zod/mini";
import { isPlain, jsonOf } from "../protocol/foreign_text.ts";
import type { Row } from "../locking/locked_database.ts";
import { ScheduleRule } from "./rule/rule.ts";

/** Characters of a name, at most. */
export const NAME_UNITS = 80;
/** Later than so many ms after its time an occurrence counts as missed. */
export const DEFAULT_GRACE_MS = 60_000;
/** The longest grace, ms: a week. */
export const LONGEST_GRACE_MS = 604_800_000;
const ID_UNITS = 40;

/** What becomes of an occurrence whose time was missed. */
export const MissedRule = z.enum(["late", "skip"]);
/** What becomes of an occurrence whose time was missed: the newest runs late, or none does. */
export type MissedRule = z.infer<typeof MissedRule>;

/** One line that can be shown. */
export const ScheduleName = z.string().check(
  z.minLength(1),
  z.maxLength(NAME_UNITS),
  z.refine((name) => isPlain(name) && name.trim() === name),
);

/** A schedule, as it is kept. */
export const Schedule = z.strictObject({
  id: z.string().check(z.maxLength(ID_UNITS), z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)),
  name: ScheduleName,
  rule: ScheduleRule,
  missed: MissedRule,
  graceMs: z.int().check(z.gte(0), z.lte(LONGEST_GRACE_MS)),
  enabled: z.boolean(),
  /** ms since 1970, as all times here. */
  created: z.int(),
  /** When it is due next; null if never again. */
  nextAt: z.nullable(z.int()),
});
/** A schedule, as it is kept. */
export type Schedule = z.infer<typeof Schedule>;

/** A schedule to be. */
export interface NewSchedule {
  readonly name: string;
  readonly rule: ScheduleRule;
  readonly missed: MissedRule;
  /** `DEFAULT_GRACE_MS` without. */
  readonly graceMs?: number;
}

/** An occurrence that has begun. */
export interface Occurrence {
  /** Its number in the ledger. */
  readonly id: number;
  readonly schedule: Schedule;
  readonly dueAt: number;
  /** Asked for, and not due. */
  readonly manual: boolean;
  readonly startedAt: number;
}

/** How an occurrence ended. */
export interface OccurrenceEnd {
  readonly state: "done" | "failed" | "skipped";
  /** One sentence; may be empty if it is done. */
  readonly reason: string;
  /** Where its result is. */
  readonly output?: string;
  /** The id of the session that it made. */
  readonly session?: string;
}

/** A line of the ledger. */
export const OccurrenceRecord = z.strictObject({
  id: z.int(),
  /** The schedule's id. */
  schedule: z.string(),
  dueAt: z.int(),
  manual: z.boolean(),
  state: z.enum(["started", "done", "failed", "skipped"]),
  startedAt: z.nullable(z.int()),
  endedAt: z.nullable(z.int()),
  reason: z.string(),
  output: z.nullable(z.string()),
  session: z.nullable(z.string()),
});
/** A line of the ledger. */
export type OccurrenceRecord = z.infer<typeof OccurrenceRecord>;

/** The schedule of a row; `undefined` if somebody has written there what is none. */
export function scheduleOf(row: Row): Schedule | undefined {
  const { rule, grace_ms: graceMs, enabled, next_at: nextAt, id, name, missed, created } = row;
  return Schedule.safeParse({
    id,
    name,
    rule: typeof rule === "string" ? jsonOf(rule) : undefined,
    missed,
    graceMs,
    enabled: enabled === 1,
    created,
    nextAt,
  }).data;
}

/** The ledger's line of a row. @throws a `ZodError` of a row that is none */
export function recordOf(row: Row): OccurrenceRecord {
  const { due_at: dueAt, manual, started_at: startedAt, ended_at: endedAt, ...rest } = row;
  return OccurrenceRecord.parse({ ...rest, dueAt, manual: manual === 1, startedAt, endedAt });
}

/** A short id of a name that is not taken: `Morning news` becomes `morning-news`, then `morning-news-2`. */
export function scheduleId(name: string, isTaken: (id: string) => boolean): string {
  const plain = name.normalize("NFKD").toLowerCase().replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-").slice(0, ID_UNITS - 8).replaceAll(/^-+|-+$/g, "");
  const base = plain === "" ? "schedule" : plain;
  let id = base;
  for (let number = 2; isTaken(id); number += 1) id = `${base}-${number}`;
  return id;
}
