/**
 * The ledger: each occurrence is in it once, and ends once.
 * @module
 */
import { oneLine } from "../protocol/foreign_text.ts";
import type { Database } from "./database.ts";
import {
  type Occurrence,
  type OccurrenceEnd,
  type OccurrenceRecord,
  recordOf,
  type Schedule,
} from "./schedule.ts";

/** Ends that are kept of a schedule. */
export const ENDS_KEPT = 1_000;
/** How long the history of a removed schedule is kept, ms. */
export const REMOVED_KEPT_MS = 90 * 86_400_000;
const REASON_UNITS = 500;
const PATH_UNITS = 4_096;
const SESSION_UNITS = 200;

/** An occurrence that is not run. */
export interface Skipped {
  readonly dueAt: number;
  readonly reason: string;
}

/** The ledger of all schedules. */
export class OccurrenceLedger {
  readonly #db: Database;

  /** @param db its owner closes it */
  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Begins the occurrence that a schedule waits for, and moves the schedule on.
   * @returns `undefined` if it is no longer waited for: another process has it, or it was begun before
   */
  begin(
    schedule: Schedule,
    { nextAt, now }: { nextAt: number | null; now: number },
  ): Occurrence | undefined {
    const { nextAt: dueAt } = schedule;
    if (dueAt === null) return undefined;
    return this.#db.exclusively(() => {
      if (!this.#moveOn(schedule, nextAt)) return undefined;
      const { changes, id } = this.#db.run(
        `INSERT OR IGNORE INTO occurrences (schedule, due_at, manual, state, started_at)
        VALUES (?, ?, 0, 'started', ?)`,
        schedule.id,
        dueAt,
        now,
      );
      return changes === 0 ? undefined : { id, schedule, dueAt, manual: false, startedAt: now };
    });
  }

  /** Begins an occurrence that was asked for. */
  beginManual(schedule: Schedule, now: number): Occurrence {
    const { id } = this.#db.run(
      `INSERT INTO occurrences (schedule, due_at, manual, state, started_at)
      VALUES (?, ?, 1, 'started', ?)`,
      schedule.id,
      now,
      now,
    );
    return { id, schedule, dueAt: now, manual: true, startedAt: now };
  }

  /**
   * Skips occurrences, and moves the schedule on. What is in the ledger already stays as it is.
   * @returns whether the schedule still waited for that time
   */
  skip(
    schedule: Schedule,
    skipped: readonly Skipped[],
    { nextAt, now }: { nextAt: number | null; now: number },
  ): boolean {
    return this.#db.exclusively(() => {
      if (!this.#moveOn(schedule, nextAt)) return false;
      for (const { dueAt, reason } of skipped) {
        this.#db.run(
          `INSERT OR IGNORE INTO occurrences (schedule, due_at, manual, state, ended_at, reason)
          VALUES (?, ?, 0, 'skipped', ?, ?)`,
          schedule.id,
          dueAt,
          now,
          oneLine(reason, REASON_UNITS),
        );
      }
      this.#prune(schedule.id);
      return true;
    });
  }

  /** Writes down how an occurrence ended. @returns whether it had not ended before */
  finish(id: number, end: OccurrenceEnd, now: number): boolean {
    const { state, reason, output, session } = end;
    return this.#db.exclusively(() => {
      const { changes } = this.#db.run(
        `UPDATE occurrences SET state = ?, ended_at = ?, reason = ?, output = ?, session = ?
        WHERE id = ? AND state = 'started'`,
        state,
        now,
        oneLine(reason, REASON_UNITS),
        output?.slice(0, PATH_UNITS) ?? null,
        session?.slice(0, SESSION_UNITS) ?? null,
        id,
      );
      if (changes === 0) return false;
      const row = this.#db.first("SELECT schedule FROM occurrences WHERE id = ?", id);
      this.#prune(String(row?.["schedule"]));
      return true;
    });
  }

  /** All that has begun and not ended. */
  open(): OccurrenceRecord[] {
    return this.#db.all("SELECT * FROM occurrences WHERE state = 'started' ORDER BY id")
      .map(recordOf);
  }

  /** The newest lines, newest first; of one schedule, or of all. */
  history(schedule: string | undefined, limit: number): OccurrenceRecord[] {
    const rows = schedule === undefined
      ? this.#db.all("SELECT * FROM occurrences ORDER BY id DESC LIMIT ?", limit)
      : this.#db.all(
        "SELECT * FROM occurrences WHERE schedule = ? ORDER BY id DESC LIMIT ?",
        schedule,
        limit,
      );
    return rows.map(recordOf);
  }

  /** One line. */
  record(id: number): OccurrenceRecord | undefined {
    const row = this.#db.first("SELECT * FROM occurrences WHERE id = ?", id);
    return row === undefined ? undefined : recordOf(row);
  }

  /** The last due time of a schedule that was in the ledger and is gone; 0 if none is. */
  lastGone(schedule: string): number {
    const row = this.#db.first("SELECT pruned_to FROM schedules WHERE id = ?", schedule);
    return Number(row?.["pruned_to"] ?? 0);
  }

  /** The last instant at which something was written; 0 if nothing ever was. */
  lastWritten(): number {
    const row = this.#db.first(
      "SELECT max(max(coalesce(started_at, 0), coalesce(ended_at, 0))) AS last FROM occurrences",
    );
    return Number(row?.["last"] ?? 0);
  }

  /** Forgets schedules that were removed long ago, with their history. */
  sweep(now: number): void {
    this.#db.exclusively(() => {
      const old = "SELECT id FROM schedules WHERE removed_at < ?";
      const before = now - REMOVED_KEPT_MS;
      this.#db.run(
        `DELETE FROM occurrences WHERE state <> 'started' AND schedule IN (${old})`,
        before,
      );
      this.#db.run(
        `DELETE FROM schedules WHERE removed_at < ? AND id NOT IN
        (SELECT schedule FROM occurrences WHERE state = 'started')`,
        before,
      );
    });
  }

  #moveOn({ id, nextAt: dueAt }: Schedule, nextAt: number | null): boolean {
    const { changes } = this.#db.run(
      `UPDATE schedules SET next_at = ? WHERE id = ? AND next_at = ? AND enabled = 1
      AND removed_at IS NULL`,
      nextAt,
      id,
      dueAt,
    );
    return changes > 0;
  }

  #prune(schedule: string): void {
    const row = this.#db.first(
      `SELECT id FROM occurrences WHERE schedule = ? AND state <> 'started'
      ORDER BY id DESC LIMIT 1 OFFSET ?`,
      schedule,
      ENDS_KEPT,
    );
    if (row === undefined) return;
    const old = "schedule = ?1 AND state <> 'started' AND id <= ?2";
    const last = Number(row["id"]);
    this.#db.run(
      `UPDATE schedules SET pruned_to = max(pruned_to, coalesce((SELECT max(due_at) FROM occurrences
      WHERE ${old} AND manual = 0), 0)) WHERE id = ?1`,
      schedule,
      last,
    );
    this.#db.run(`DELETE FROM occurrences WHERE ${old}`, schedule, last);
  }
}
