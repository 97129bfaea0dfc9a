/**
 * What is used at one moment, by the spans of the limits.
 * @module
 */
import { type Limit, nextAfter, SLIDING_MS, startOf } from "./span.ts";
import type { UsageDatabase } from "./usage_database.ts";
import { fitsAt } from "./window.ts";

const AMOUNT = { requests: "1", tokens: "input + output", cost: "coalesce(cost, 0)" } as const;

/** Which requests a span counts. */
const WHICH = { minute: "paced = 1 AND ", hour: "paced = 1 AND ", day: "", month: "" } as const;

/** The sums at one moment; each is read when it is first asked for. */
export class SpanSums {
  readonly #db: UsageDatabase;
  readonly #turn: string;
  readonly #now: number;
  readonly #sums = new Map<string, number>();

  /** @param turn empty: no turn */
  constructor(db: UsageDatabase, turn: string, now: number) {
    this.#db = db;
    this.#turn = turn;
    this.#now = now;
  }

  /** What counts towards a limit. */
  used({ unit, span }: Pick<Limit, "unit" | "span">): number {
    const key = `${unit} ${span}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sum = `SELECT coalesce(sum(${AMOUNT[unit]}), 0) FROM request`;
    const used = span !== "turn"
      ? this.#db.number(`${sum} WHERE ${WHICH[span]}at > ?`, this.beginOf(span) - 1)
      : this.#turn === ""
      ? 0
      : this.#db.number(`${sum} WHERE turn <> '' AND turn = ?`, this.#turn);
    this.#sums.set(key, used);
    return used;
  }

  /** When so much more fits under a limit of this value; `undefined`: not by waiting. */
  fitsAt({ unit, span }: Limit, value: number, want: number): number | undefined {
    if (want > value || span === "turn") return undefined;
    if (span === "day" || span === "month") return nextAfter(span, this.#now);
    const rows = this.#db.all(
      `SELECT at, ${AMOUNT[unit]} AS amount FROM request WHERE ${WHICH[span]}at > ? ORDER BY at`,
      this.beginOf(span) - 1,
    );
    const counted = rows.map(({ at, amount }) => ({ at: Number(at), amount: Number(amount) }));
    return fitsAt(counted, { limit: value, want, spanMs: SLIDING_MS[span], now: this.#now });
  }

  /** Since when a span counts: the first moment that is in it, ms since 1970. */
  beginOf(span: Exclude<Limit["span"], "turn">): number {
    return span === "minute" || span === "hour"
      ? this.#now - SLIDING_MS[span] + 1
      : startOf(span, this.#now);
  }

  /** What tells one time of a limit from the next: the turn, the day, the month; a rate has none. */
  nameOf({ span }: Limit): string {
    if (span === "turn") return this.#turn;
    return span === "minute" || span === "hour" ? "" : String(startOf(span, this.#now));
  }
}
