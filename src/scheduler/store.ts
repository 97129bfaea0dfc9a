/**
 * Schedules and the ledger of their occurrences, in `db/state.db`.
 *
 * What begins or skips an occurrence moves its schedule to the next time in the same step, so a kill
 * between any two statements leaves each occurrence either to come, begun, or ended.
 * @module
 */
import { type HeldLock, isLockHeld, takeLock } from "../locking/file_lock.ts";
import { EXIT, PyraError } from "../protocol/error.ts";
import type { Row } from "../locking/locked_database.ts";
import { Database } from "./database.ts";
import {
  DEFAULT_GRACE_MS,
  LONGEST_GRACE_MS,
  NAME_UNITS,
  type NewSchedule,
  type Schedule,
  scheduleId,
  ScheduleName,
  scheduleOf,
} from "./schedule.ts";
import { OccurrenceLedger } from "./ledger.ts";

/** Schedules, at most. */
export const SCHEDULES_LIMIT = 500;
const LIVE = "removed_at IS NULL";

/** Schedules and their ledger. */
export class ScheduleStore implements Disposable {
  readonly #db: Database;
  readonly #path: string;
  /** What became of each occurrence. */
  readonly ledger: OccurrenceLedger;

  private constructor(db: Database, path: string) {
    this.#db = db;
    this.#path = path;
    this.ledger = new OccurrenceLedger(db);
  }

  /**
   * Opens the profile's `db/state.db`, made if it is new.
   * @throws {PyraError} `schedules_unusable`, `schedules_newer`
   */
  static async open(path: string): Promise<ScheduleStore> {
    return new ScheduleStore(await Database.open(path), path);
  }

  /**
   * Keeps a new schedule.
   * @param nextAt its first time, of `nextTimes`
   * @param id of `freeId`, where something else is kept by it
   * @throws {PyraError} `schedule_name`, `schedule_exists`, `schedules_full`, `schedule_grace`
   */
  add(
    draft: NewSchedule,
    { now, nextAt, id: wanted }: { now: number; nextAt: number | null; id?: string },
  ): Schedule {
    const { rule, missed, graceMs = DEFAULT_GRACE_MS } = draft;
    const name = draft.name.trim();
    if (!ScheduleName.safeParse(name).success) {
      throw new PyraError("configuration", "schedule_name", "the schedule needs another name", {
        hint: `write one line of at most ${NAME_UNITS} characters`,
        exitCode: EXIT.usage,
      });
    }
    if (!Number.isInteger(graceMs) || graceMs < 0 || graceMs > LONGEST_GRACE_MS) {
      throw new PyraError("configuration", "schedule_grace", "the grace must be a week at most", {
        exitCode: EXIT.usage,
      });
    }
    return this.#db.exclusively(() => {
      if (this.find(name) !== undefined) {
        throw new PyraError("configuration", "schedule_exists", `there is a schedule "${name}"`, {
          hint: "give another name, or remove that one: pyra schedule rm",
        });
      }
      if (this.#db.all(`SELECT 1 FROM schedules WHERE ${LIVE}`).length >= SCHEDULES_LIMIT) {
        const message = `there are ${SCHEDULES_LIMIT} schedules already`;
        throw new PyraError("configuration", "schedules_full", message, {
          hint: "remove one: pyra schedule rm",
        });
      }
      const id = wanted ?? this.freeId(name);
      if (this.#isTaken(id)) {
        throw new PyraError("configuration", "schedule_exists", `there is a schedule "${id}"`);
      }
      this.#db.run(
        `INSERT INTO schedules (id, name, rule, missed, grace_ms, created, next_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)`,
        id,
        name,
        JSON.stringify(rule),
        missed,
        graceMs,
        now,
        nextAt,
      );
      return { id, name, rule, missed, graceMs, enabled: true, created: now, nextAt };
    });
  }

  /** An id for a name. @param others that must not be it either */
  freeId(name: string, others: readonly string[] = []): string {
    return scheduleId(name, (id) => others.includes(id) || this.#isTaken(id));
  }

  /** Removes a schedule; its history stays for 90 days. @returns whether there was one */
  remove(id: string, now: number): boolean {
    const sql = `UPDATE schedules SET removed_at = ?, next_at = NULL WHERE id = ? AND ${LIVE}`;
    return this.#db.run(sql, now, id).changes > 0;
  }

  /** Lets a schedule fall due again, first at that time. @returns whether there is one */
  enable(id: string, nextAt: number | null): boolean {
    const sql = `UPDATE schedules SET enabled = 1, next_at = ? WHERE id = ? AND ${LIVE}`;
    return this.#db.run(sql, nextAt, id).changes > 0;
  }

  /** Lets a schedule fall due no more. @returns whether there is one */
  disable(id: string): boolean {
    return this.#db.run(`UPDATE schedules SET enabled = 0 WHERE id = ? AND ${LIVE}`, id).changes >
      0;
  }

  /** The schedule of an id, or else of a name. */
  find(idOrName: string): Schedule | undefined {
    const row = this.#db.first(
      `SELECT * FROM schedules WHERE (id = ?1 OR name = ?1) AND ${LIVE} ORDER BY id = ?1 DESC`,
      idOrName,
    );
    return row === undefined ? undefined : scheduleOf(row);
  }

  /** All schedules that can be read, by name. */
  list(): Schedule[] {
    return readable(this.#db.all(`SELECT * FROM schedules WHERE ${LIVE} ORDER BY name, id`));
  }

  /** The enabled schedules whose time has come, the earliest first. */
  due(now: number): Schedule[] {
    return readable(this.#db.all(
      `SELECT * FROM schedules WHERE enabled = 1 AND ${LIVE} AND next_at IS NOT NULL
      AND next_at <= ? ORDER BY next_at, id`,
      now,
    ));
  }

  /**
   * Says that a schedule's job runs in this process, which is not the scheduler's, until that is disposed of.
   * @returns `undefined` if another process has said so
   */
  async holdJob(id: string): Promise<HeldLock | undefined> {
    return await takeLock(this.#lockOf(id));
  }

  /** Whether a process that is alive has said so. */
  async isJobHeld(id: string): Promise<boolean> {
    return await isLockHeld(this.#lockOf(id));
  }

  #lockOf(id: string): string {
    return `${this.#path}.${id}.lock`;
  }

  /** When the next schedule is due; after an instant, if one is given. */
  soonest(after: number = -1): number | undefined {
    const row = this.#db.first(
      `SELECT min(next_at) AS next FROM schedules WHERE enabled = 1 AND ${LIVE}
      AND next_at IS NOT NULL AND next_at > ?`,
      after,
    );
    return typeof row?.["next"] === "number" ? row["next"] : undefined;
  }

  /** The ids of enabled schedules that cannot be read: somebody else wrote them. */
  unreadable(): string[] {
    return this.#db.all(`SELECT * FROM schedules WHERE enabled = 1 AND ${LIVE}`)
      .filter((row) => scheduleOf(row) === undefined).map(({ id }) => String(id));
  }

  /** The ids of removed ones are still in the ledger. */
  #isTaken(id: string): boolean {
    return this.#db.first("SELECT 1 FROM schedules WHERE id = ?", id) !== undefined;
  }

  /** Moves a schedule to another time, unless somebody else has. */
  move({ id, nextAt }: Schedule, to: number | null): boolean {
    const sql = "UPDATE schedules SET next_at = ? WHERE id = ? AND next_at = ?";
    return nextAt !== null && this.#db.run(sql, to, id, nextAt).changes > 0;
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }
}

function readable(rows: readonly Row[]): Schedule[] {
  return rows.map(scheduleOf).filter((schedule) => schedule !== undefined);
}
