/**
 * What a query demands: phrases that must stand in a note, and words that must not. Vectors know nothing
 * of either.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { countsOf } from "../search/counts.ts";
import type { RankedPassage } from "../search/hit.ts";
import { soughtBy } from "../search/sought.ts";
import { decodeTerms } from "../search/term_codes.ts";
import { Weigher } from "../search/weighing.ts";

/**
 * The passages whose notes meet what the query demands. Phrases are demanded only if a note that the
 * words found has them, as in the search by words.
 * @param byWords what the words found, the best first
 */
export async function meetingDemands(
  db: DatabaseSync,
  query: string,
  ranked: readonly RankedPassage[],
  byWords: readonly RankedPassage[],
): Promise<readonly RankedPassage[]> {
  const sought = await soughtBy(db, query);
  if (sought.phrases.length + sought.excluded.length === 0) return ranked;
  const weigher = new Weigher(sought, countsOf(db).totals());
  const read = db.prepare("SELECT codes FROM memory_passage WHERE note = ? ORDER BY ordinal");
  const termsOf = (note: number) => read.all(note).map(({ codes }) => decodeTerms(codes));
  const [first] = byWords;
  const wantsPhrases = first !== undefined && weigher.hasPhrases(termsOf(first.note));
  const meets = new Map<number, boolean>();
  return ranked.filter(({ note }) => {
    const known = meets.get(note);
    if (known !== undefined) return known;
    const terms = termsOf(note);
    const does = !weigher.isExcluded(terms) && (!wantsPhrases || weigher.hasPhrases(terms));
    meets.set(note, does);
    return does;
  });
}
