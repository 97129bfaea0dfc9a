/**
 * The notes that are worth weighing: found by the query's rare words, since the time that the index
 * takes grows with the passages that a word stands in.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { statement } from "../index/statements.ts";
import type { Series } from "./series.ts";
import type { Sought, SoughtWord } from "./sought.ts";

/** What the ranking must know of a note beside its words. */
export interface NoteTraits {
  readonly series: Series;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly isPinned: boolean;
}

/** The columns of `memory_meta m` that `traitsOf` reads. */
export const TRAITS = "m.series, m.number, m.modified, m.pinned";

/** A note's traits from its row. */
export function traitsOf(row: Readonly<Record<string, unknown>>): NoteTraits {
  return {
    series: { name: String(row["series"]), number: Number(row["number"]) },
    modified: Number(row["modified"]),
    isPinned: row["pinned"] === 1,
  };
}

/** A passage that the index found. */
export interface Candidate {
  /** `memory_passage.id`. */
  readonly id: number;
  readonly note: number;
  readonly ordinal: number;
  readonly traits: NoteTraits;
}

/** Passages whose words may be ranked by the index; each costs about a microsecond. */
const RANKED_LIMIT = 1_000;
const CANDIDATE_LIMIT = 40;
const WAY_LIMIT = 32;

/** At most some hundred passages that have the query's words, the likeliest among them. */
export function candidatesOf(
  db: DatabaseSync,
  sought: Sought,
  category: string | undefined,
): Candidate[] {
  const words = sought.words.filter(({ passages }) => passages > 0)
    .toSorted((a, b) => a.passages - b.passages);
  const found = new Map<number, Candidate>();
  const ask = (expression: string, order: "rank" | "rowid DESC") => {
    const rows = statement(
      db,
      `SELECT p.id, p.note, p.ordinal, ${TRAITS}
       FROM memory_fts f JOIN memory_passage p ON p.id = f.rowid JOIN memory_meta m ON m.id = p.note
       WHERE memory_fts MATCH ?
       ${category === undefined ? "" : "AND (m.category = ?2 OR m.category GLOB ?3)"}
       ORDER BY ${order === "rank" ? "f.rank" : "f.rowid DESC"} LIMIT ${CANDIDATE_LIMIT}`,
    ).all(expression, ...(category === undefined ? [] : [category, `${globbed(category)}/*`]));
    for (const row of rows) {
      const [id, note, ordinal] = [Number(row["id"]), Number(row["note"]), Number(row["ordinal"])];
      found.set(id, { id, note, ordinal, traits: traitsOf(row) });
    }
  };

  for (const phrase of sought.phrases) ask(sideBySide(phrase), "rowid DESC");
  let budget = RANKED_LIMIT;
  const rare = words.filter(({ passages }) => (budget -= passages) >= 0);
  if (rare.length > 0) ask(rare.map(anyTerm).join(" OR "), "rank");
  const common = words.slice(rare.length);
  if (common.length > 0) {
    // Those that have all of them, then all but the commonest, and so on down to a pair.
    for (let count = words.length; count > 1 && found.size < 2 * CANDIDATE_LIMIT; count--) {
      ask(words.slice(0, count).map(anyTerm).join(" AND "), "rowid DESC");
    }
    for (const word of common) {
      if (found.size < CANDIDATE_LIMIT) ask(anyTerm(word), "rowid DESC");
    }
  }
  return [...found.values()];
}

/** The query language's words for one of these terms. */
function anyTerm({ terms }: SoughtWord): string {
  return `(${terms.map((term) => `"${term}"`).join(" OR ")})`;
}

/** The query language's words for a phrase, in each way that its words may be indexed. */
function sideBySide(phrase: readonly SoughtWord[]): string {
  let ways = [""];
  for (const { terms } of phrase) {
    ways = ways.flatMap((way) => terms.map((term) => `${way} ${term}`)).slice(0, WAY_LIMIT);
  }
  return ways.map((way) => `"${way.trim()}"`).join(" OR ");
}

function globbed(path: string): string {
  return path.replace(/[*?[]/gu, "[$&]");
}
