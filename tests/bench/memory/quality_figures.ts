/**
 * How good an order of notes is.
 * @module
 */
import type { Question, QuestionSet } from "./quality_sets.ts";

/** Averages over questions, each from 0 to 1. */
export interface Quality {
  readonly recall1: number;
  readonly recall5: number;
  readonly recall10: number;
  /** Of the first right note's place: 1, 1/2, 1/3, …, 0 behind the tenth. */
  readonly mrr: number;
  readonly ndcg10: number;
}

const FIELDS = ["recall1", "recall5", "recall10", "mrr", "ndcg10"] as const;

/** Finds notes: their names, the best first, at least ten if there are. */
export type Finder = (question: string) => Promise<readonly string[]>;

/** The quality of one answer. */
export function qualityOf(question: Question, found: readonly string[]): Quality {
  const relevant = new Set(question.relevant);
  const recall = (count: number) =>
    found.slice(0, count).filter((name) => relevant.has(name)).length / relevant.size;
  const places = found.slice(0, 10).flatMap((name, at) => relevant.has(name) ? [at] : []);
  const gain = (at: number) => 1 / Math.log2(at + 2);
  const ideal = Array.from({ length: Math.min(10, relevant.size) }, (_, at) => gain(at));
  const first = places[0];
  return {
    recall1: recall(1),
    recall5: recall(5),
    recall10: recall(10),
    mrr: first === undefined ? 0 : 1 / (first + 1),
    ndcg10: sum(places.map(gain)) / sum(ideal),
  };
}

/** The average of qualities. */
export function averageQuality(qualities: readonly Quality[]): Quality {
  const average = (field: keyof Quality) =>
    sum(qualities.map((quality) => quality[field])) / Math.max(1, qualities.length);
  const [recall1, recall5, recall10, mrr, ndcg10] = FIELDS.map(average);
  return {
    recall1: recall1 ?? 0,
    recall5: recall5 ?? 0,
    recall10: recall10 ?? 0,
    mrr: mrr ?? 0,
    ndcg10: ndcg10 ?? 0,
  };
}

/** Asks every question of a set. */
export async function measure(set: QuestionSet, find: Finder): Promise<Quality[]> {
  const qualities: Quality[] = [];
  for (const question of set.questions) {
    qualities.push(qualityOf(question, await find(question.text)));
  }
  return qualities;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
