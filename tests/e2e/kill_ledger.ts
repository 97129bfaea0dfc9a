/**
 * The ledger of a profile whose daemon is killed again and again, as SQLite has it and not as Pyra says. Each
 * end that is written is counted by the database itself.
 * @module
 */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

/** A row of the ledger, times in ms. */
export interface LedgerRow {
  readonly id: number;
  readonly schedule: string;
  readonly due_at: number;
  readonly manual: number;
  readonly state: string;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly reason: string;
}

/** A request that reached the model: its mark, and when, ms since 1970. */
export interface SeenRequest {
  readonly mark: string;
  readonly at: number;
}

const CUT_OFF = "Pyra ended while it ran";
/** Two clocks of one machine, ms. */
const CLOCK_MS = 5;
const COUNTED = `
CREATE TABLE IF NOT EXISTS test_ends (id INTEGER NOT NULL, state TEXT NOT NULL);
CREATE TRIGGER test_updated AFTER UPDATE OF state ON occurrences WHEN NEW.state <> 'started'
  BEGIN INSERT INTO test_ends VALUES (NEW.id, NEW.state); END;
CREATE TRIGGER test_inserted AFTER INSERT ON occurrences WHEN NEW.state <> 'started'
  BEGIN INSERT INTO test_ends VALUES (NEW.id, NEW.state); END;`;

/** What is expected of the ledger after all that was seen so far. */
export class KillLedger {
  readonly #path: string;
  #known = new Map<number, LedgerRow>();
  /** What a killed daemon left open. */
  readonly #cut = new Set<number>();

  /** @param path `state.db`, with its schedules in it and no daemon at it */
  constructor(path: string) {
    this.#path = path;
    using db = new DatabaseSync(path);
    db.exec(COUNTED);
  }

  get cutOff(): number {
    return this.#cut.size;
  }

  get rows(): readonly LedgerRow[] {
    return [...this.#known.values()];
  }

  /** Looks at what a kill left; whoever comes next finds all as it was. */
  afterKill(what: string): void {
    const rows = this.#read();
    this.#compare(rows, what);
    for (const { id, state } of rows) if (state === "started") this.#cut.add(id);
  }

  /** Looks at what a daemon left that ended in order. @param accepted the numbers that were answered */
  atEnd(accepted: ReadonlySet<number>): void {
    const rows = this.#read();
    this.#compare(rows, "at the end");
    const open = rows.filter(({ state, ended_at }) => state === "started" || ended_at === null);
    assert.deepEqual(open, [], "all has ended");
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of accepted) assert.ok(ids.has(id), `${id} was accepted, and is lost`);
    for (const { id, reason } of rows.filter(({ id }) => this.#cut.has(id))) {
      assert.equal(reason, CUT_OFF, `occurrence ${id}`);
    }
    const due = rows.filter(({ manual }) => manual === 0)
      .map(({ schedule, due_at }) => `${schedule} ${due_at}`);
    assert.equal(new Set(due).size, due.length, "each time is there once");
    using db = new DatabaseSync(this.#path);
    const ends = db.prepare("SELECT id, count(*) AS count FROM test_ends GROUP BY id").all();
    assert.equal(ends.length, rows.length, "each has an end");
    assert.deepEqual(ends.filter(({ count }) => count !== 1), [], "each has one end");
    assert.equal(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
  }

  /** Each time of an interval, from the first on until what is to come, is in the ledger. */
  checkTimes(): void {
    using db = new DatabaseSync(this.#path, { readOnly: true });
    const schedules = db.prepare("SELECT id, rule, next_at FROM schedules").all();
    for (const { id, rule, next_at: next } of schedules) {
      const { kind, ms, from } = JSON.parse(String(rule));
      if (kind !== "every") continue;
      const due = new Set(this.rows.filter((row) => row.schedule === id).map((row) => row.due_at));
      for (let at = from + ms; at < Number(next); at += ms) {
        assert.ok(due.has(at), `${id} at ${at} is lost; the next is ${next}`);
      }
    }
  }

  /** No run asked twice, and what was asked belongs to a run. @param markOf the mark of a schedule */
  checkRequests(requests: readonly SeenRequest[], markOf: (schedule: string) => string): void {
    const bySchedule = Map.groupBy(this.rows, ({ schedule }) => markOf(schedule));
    const asked = new Map<number, number>();
    for (const { mark, at } of requests) {
      const rows = bySchedule.get(mark) ?? [];
      const row = rows.find(({ state, started_at, ended_at }) =>
        state !== "skipped" && started_at !== null && ended_at !== null &&
        at >= started_at - CLOCK_MS && at <= ended_at + CLOCK_MS
      );
      assert.ok(row, `${mark} was asked at ${at}, and no occurrence ran then`);
      asked.set(row.id, (asked.get(row.id) ?? 0) + 1);
    }
    const twice = [...asked].filter(([, count]) => count > 1);
    assert.deepEqual(twice, [], "no run asked twice");
    for (const { id, state } of this.rows.filter(({ schedule }) => markOf(schedule) !== "")) {
      if (state === "done") assert.equal(asked.get(id), 1, `occurrence ${id} is done`);
      if (state === "skipped") assert.equal(asked.get(id), undefined, `occurrence ${id}`);
    }
  }

  #compare(rows: readonly LedgerRow[], what: string): void {
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of this.#known.keys()) assert.ok(ids.has(id), `${what}: ${id} is gone`);
    for (const row of rows) {
      const before = this.#known.get(row.id);
      if (before !== undefined && before.state !== "started") {
        assert.deepEqual(row, before, `${what}: what had ended was changed`);
      } else if (this.#cut.has(row.id)) {
        const isRight = row.state === "started" || row.state === "failed" && row.reason === CUT_OFF;
        assert.ok(isRight, `${what}: ${row.id} was cut off, and is ${row.state} (${row.reason})`);
      }
      this.#known.set(row.id, row);
    }
  }

  /** Read-only: a last writer would take what is in the WAL over, and the daemon is to find it. */
  #read(): LedgerRow[] {
    using db = new DatabaseSync(this.#path, { readOnly: true });
    const rows = db.prepare(
      `SELECT id, schedule, due_at, manual, state, started_at, ended_at, reason FROM occurrences
      ORDER BY id`,
    ).all();
    return rows as unknown as LedgerRow[];
  }
}
