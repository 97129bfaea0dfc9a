/**
 * Several orders of passages as one order of notes.
 * @module
 */
import type { RankedPassage } from "../search/hit.ts";

/**
 * How little the first places count more than those after them. The authors of reciprocal rank fusion
 * took 60 for many searches of about the same quality (Cormack, Clarke and Büttcher, SIGIR 2009). Here
 * are two, and a small model may be much the worse: with 10 it does less harm (the stand-in of
 * `tests/bench/memory`: recall@10 up to 7 points better than with 60, and never worse).
 */
const DAMPING = 10;

/** What the lists say of a note. */
interface Candidate {
  score: number;
  /** The votes of its passages, by their ordinals. */
  readonly passages: Map<number, number>;
}

/**
 * The notes of all lists, the best first, each by one passage. A list gives a note one vote of
 * `1 / (10 + place)` for the place that the note has among the notes of that list, so that many middling
 * passages do not count more than a good one; and the same to each passage for its own place, which
 * only chooses the passage. Scores of the lists are not compared: words and vectors have no measure in
 * common. Of two notes with the same score the one that an earlier list placed stands first.
 */
export function fuseRanks(
  lists: readonly (readonly RankedPassage[])[],
  limit: number,
): RankedPassage[] {
  const candidates = new Map<number, Candidate>();
  for (const list of lists) {
    const notes = new Set<number>();
    const passages = new Set<string>();
    for (const { note, ordinal } of list) {
      const candidate = candidates.get(note) ?? { score: 0, passages: new Map() };
      candidates.set(note, candidate);
      if (!notes.has(note)) candidate.score += vote(notes.add(note).size);
      const key = `${note}/${ordinal}`;
      if (passages.has(key)) continue;
      const votes = candidate.passages.get(ordinal) ?? 0;
      candidate.passages.set(ordinal, votes + vote(passages.add(key).size));
    }
  }
  // The sorts are stable: what came in first stays first among equals.
  return [...candidates].map(([note, { score, passages }]) => {
    const [[ordinal] = [0]] = [...passages].sort(([, a], [, b]) => b - a);
    return { note, ordinal, score };
  }).sort((a, b) => b.score - a.score).slice(0, Math.max(0, limit));
}

/** @param place from 1 */
function vote(place: number): number {
  return 1 / (DAMPING + place);
}
