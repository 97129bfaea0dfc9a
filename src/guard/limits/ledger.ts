/**
 * What was asked of models and what it used, in a database that several processes share: nothing is let
 * through without being written down first.
 * @module
 */
import type { Usage } from "../../protocol/message.ts";
import { costOf, type Price } from "./price.ts";
import { type LimitName, LIMITS, type LimitSettings, SLIDING_MS, valueOf } from "./span.ts";
import { SpanSums } from "./span_sums.ts";
import type { UsageDatabase } from "./usage_database.ts";
import { refusalOf, refusalOfMore, type Refused, roomForAnswer, type Wish } from "./verdict.ts";
import { type Bucket, take } from "./window.ts";

/** A request that may go. */
export interface Reserved {
  readonly kind: "reserved";
  readonly id: number;
  /** Tokens that are reserved for the answer. */
  readonly output: number;
  /** Tokens that the answer may have, if a spending cap leaves fewer than it wanted. */
  readonly most: number | undefined;
}

/** How an answer goes on. */
export interface Growth {
  /** Its tokens so far, estimated. */
  readonly seen: number;
  /** What is reserved for it. */
  readonly reserved: number;
  /** What it needs from now on. */
  readonly output: number;
}

/** A limit, and how much of it is used. */
export interface LimitUse {
  readonly limit: LimitName;
  readonly used: number;
  readonly value: number;
}

/** A reservation that nobody refreshes ends after this, ms; a provider that is silent is given up sooner. */
export const RESERVATION_MS = 6 * 60_000;
/** What is older is forgotten, ms: 400 days. */
const KEPT_MS = 400 * 24 * 3_600_000;
/** So many requests may go at the same moment, then five a second: no provider likes more. */
const BURST: Bucket = { capacity: 20, perMs: 5 / 1_000 };
/** Of a limit, this part is told of. */
const NEAR = 0.8;

/** The ledger of one profile. Its steps are synchronous and quick. */
export class Ledger implements Disposable {
  readonly #db: UsageDatabase;
  #isPruned = false;

  /** @param db is closed with this */
  constructor(db: UsageDatabase) {
    this.#db = db;
  }

  /** The database, to be read. */
  get database(): UsageDatabase {
    return this.#db;
  }

  /** Ends what nobody will settle any more, so that what is read is true now. */
  refresh(now: number): void {
    this.#db.exclusively(() => this.#bringUpToDate(now));
  }

  /** Writes a request down if every limit leaves room for it. */
  reserve(wish: Wish, settings: LimitSettings, now: number): Reserved | Refused {
    return this.#db.exclusively(() => {
      this.#bringUpToDate(now);
      const sums = new SpanSums(this.#db, wish.turn, now);
      const refused = refusalOf(wish, settings, sums) ??
        (wish.paced ? this.#burst(settings, sums, now) : undefined);
      if (refused !== undefined) return refused;
      const room = roomForAnswer(wish, settings, sums);
      const { provider, model, session, turn, input, price } = wish;
      const { id } = this.#db.run(
        `INSERT INTO request
           (at, provider, model, session, turn, input, output, cost, expires, seen_cost, paced)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[now, provider, model, session, turn, input, room.reserved],
        cost(price, input, room.reserved),
        now + RESERVATION_MS,
        cost(price, input, 0),
        wish.paced ? 1 : 0,
      );
      const most = room.spendable < wish.most ? room.spendable : undefined;
      return { kind: "reserved", id, output: room.reserved, most };
    });
  }

  /**
   * Keeps a reservation alive, and makes it larger for an answer that outgrows it. Only spending caps
   * refuse that: a rate holds back what has not begun.
   */
  grow(
    { id, wish }: { readonly id: number; readonly wish: Wish },
    { seen, reserved, output }: Growth,
    settings: LimitSettings,
    now: number,
  ): Refused | undefined {
    return this.#db.exclusively(() => {
      const more = Math.max(0, output - reserved);
      const sums = new SpanSums(this.#db, wish.turn, now);
      const refused = more === 0 ? undefined : refusalOfMore(more, wish, settings, sums);
      const granted = refused === undefined ? reserved + more : reserved;
      this.#db.run(
        `UPDATE request SET output = ?, cost = ?, seen_output = ?, seen_cost = ?, expires = ?
         WHERE id = ?`,
        ...[granted, cost(wish.price, wish.input, granted)],
        ...[seen, cost(wish.price, wish.input, seen)],
        now + RESERVATION_MS,
        id,
      );
      return refused;
    });
  }

  /** Puts what was used in the place of what was reserved. */
  settle(id: number, used: Usage, price: Price | undefined): void {
    const input_tokens = whole(used.input_tokens);
    const output_tokens = whole(used.output_tokens);
    const cached_tokens = Math.min(input_tokens, whole(used.cached_tokens));
    const cost = costOf(price, { input_tokens, output_tokens, cached_tokens });
    this.#db.run(
      "UPDATE request SET input = ?, output = ?, cached = ?, cost = ?, expires = NULL WHERE id = ?",
      ...[input_tokens, output_tokens, cached_tokens, cost ?? null, id],
    );
  }

  /** The limits that are as good as used up, each told once in its time. */
  nearLimits(turn: string, settings: LimitSettings, now: number): LimitUse[] {
    this.#prune(now);
    const near = () => this.#near(new SpanSums(this.#db, turn, now), settings, now);
    // Mostly there is nothing to tell, and so nothing to lock.
    if (near().length === 0) return [];
    return this.#db.exclusively(() => {
      const told = near();
      for (const { limit, time } of told) this.#tell(limit, time, now);
      return told.map(({ limit, used, value }) => ({ limit, used, value }));
    });
  }

  /** Whether something is told for the first time in this time. */
  isNews(name: string, time: string, now: number): boolean {
    if (this.#wasTold(name, time, -Infinity)) return false;
    return this.#db.exclusively(() => {
      if (this.#wasTold(name, time, -Infinity)) return false;
      this.#tell(name, time, now);
      return true;
    });
  }

  /** How much of each limit is used, but for those of a turn. */
  standing(settings: LimitSettings, now: number): LimitUse[] {
    const sums = new SpanSums(this.#db, "", now);
    return LIMITS.flatMap((limit) => {
      const value = valueOf(limit, settings);
      const isShown = value > 0 && limit.span !== "turn";
      return isShown ? [{ limit: limit.name, used: sums.used(limit), value }] : [];
    });
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }

  #burst(settings: LimitSettings, sums: SpanSums, now: number): Refused | undefined {
    if (settings.requests_per_minute === 0) return undefined;
    const [row] = this.#db.all("SELECT level, at FROM bucket WHERE name = 'burst'");
    const before = row && { level: Number(row["level"]), at: Number(row["at"]) };
    const taken = take(BURST, before, now);
    if (taken.kind === "empty") {
      const used = BURST.capacity;
      const hasBegun = sums.used({ unit: "requests", span: "turn" }) > 0;
      const endsAt = now + taken.waitMs;
      return { kind: "refused", limit: "burst", value: used, want: 1, used, endsAt, hasBegun };
    }
    const { level, at } = taken.after;
    const sql = "INSERT OR REPLACE INTO bucket (name, level, at) VALUES ('burst', ?, ?)";
    this.#db.run(sql, level, at);
    return undefined;
  }

  #near(
    sums: SpanSums,
    settings: LimitSettings,
    now: number,
  ): (LimitUse & { readonly time: string })[] {
    return LIMITS.flatMap((limit) => {
      const value = valueOf(limit, settings);
      if (value <= 0) return [];
      const used = sums.used(limit);
      if (used < value * NEAR) return [];
      const time = sums.nameOf(limit);
      const { span, name } = limit;
      const since = span === "minute" || span === "hour" ? now - SLIDING_MS[span] : -Infinity;
      return this.#wasTold(name, time, since) ? [] : [{ limit: name, used, value, time }];
    });
  }

  /**
   * Ends the reservations of processes that are gone, and mends what a clock that was set back leaves:
   * what seems to lie in the future counts as of now, so that it blocks for one window at most.
   */
  #bringUpToDate(now: number): void {
    if (this.#db.number("SELECT max(at) FROM request") > now) {
      this.#db.run("UPDATE request SET at = ? WHERE at > ?", now, now);
      const latest = now + RESERVATION_MS;
      this.#db.run("UPDATE request SET expires = ? WHERE expires > ?", latest, latest);
    }
    this.#db.run(
      "UPDATE request SET output = seen_output, cost = seen_cost, expires = NULL WHERE expires <= ?",
      now,
    );
  }

  /** Forgets what is old, once in a run, when the answer is there. */
  #prune(now: number): void {
    if (this.#isPruned) return;
    this.#isPruned = true;
    this.#db.run("DELETE FROM request WHERE at < ?", now - KEPT_MS);
    this.#db.run("DELETE FROM warned WHERE at < ? OR at > ?", now - KEPT_MS, now);
  }

  #wasTold(name: string, time: string, since: number): boolean {
    const [row] = this.#db.all("SELECT time, at FROM warned WHERE name = ?", name);
    return row !== undefined && row["time"] === time && Number(row["at"]) > since;
  }

  #tell(name: string, time: string, now: number): void {
    this.#db.run(
      "INSERT OR REPLACE INTO warned (name, time, at) VALUES (?, ?, ?)",
      name,
      time,
      now,
    );
  }
}

function cost(price: Price | undefined, input: number, output: number): number | null {
  const usage = { input_tokens: input, output_tokens: output, cached_tokens: 0 };
  return costOf(price, usage) ?? null;
}

/** A count as the table takes it, whatever a provider reported. */
function whole(count: number): number {
  return Number.isFinite(count) ? Math.min(Math.max(0, Math.round(count)), 1e12) : 0;
}
