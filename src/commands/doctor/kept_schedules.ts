/**
 * The schedules as a look at the profile finds them. Nothing is made that is not there.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { asPyraError } from "../../protocol/error.ts";
import type { OccurrenceRecord, Schedule } from "../../scheduler/schedule.ts";

/** How long another process is waited for; the thread stands still meanwhile, ms. */
const BUSY_TIMEOUT_MS = 200;
/** Occurrences of a schedule that are looked at. */
const RECENT = 20;

/** A schedule, and its newest occurrences, newest first. */
export interface KeptSchedule {
  readonly schedule: Schedule;
  readonly recent: readonly OccurrenceRecord[];
}

/** What the database says. */
export type KeptSchedules =
  | { readonly kind: "none" }
  /** `damaged`: the whole database is, which another check tells; `strange`: these tables are. */
  | { readonly kind: "busy" | "damaged" }
  | { readonly kind: "strange"; readonly message: string }
  | {
    readonly kind: "read";
    readonly schedules: readonly KeptSchedule[];
    /** Ids of those that are enabled, and that somebody else wrote. */
    readonly unreadable: readonly string[];
  };

/** Reads the schedules in `state.db`. */
export async function readSchedules(path: string): Promise<KeptSchedules> {
  try {
    if (!hasTables(path)) return { kind: "none" };
    const { ScheduleStore } = await import("../../scheduler/store.ts");
    using store = await ScheduleStore.open(path);
    const schedules = store.list().map((schedule) => ({
      schedule,
      recent: store.ledger.history(schedule.id, RECENT),
    }));
    const unreadable = store.unreadable();
    if (schedules.length + unreadable.length === 0) return { kind: "none" };
    return { kind: "read", schedules, unreadable };
  } catch (thrown) {
    const { message } = asPyraError(thrown);
    if (/locked|busy/i.test(message)) return { kind: "busy" };
    const isDamaged = /not a database|malformed|corrupt/i.test(message);
    return isDamaged ? { kind: "damaged" } : { kind: "strange", message };
  }
}

/** @throws what SQLite says */
function hasTables(path: string): boolean {
  try {
    Deno.statSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    const sql = "SELECT 1 FROM sqlite_schema WHERE name = 'schedule_version'";
    return db.prepare(sql).get() !== undefined;
  } finally {
    db.close();
  }
}
