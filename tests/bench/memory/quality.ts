/**
 * How good the search is on the public question sets: beside plain FTS5, without each of its stages, and
 * with a stand-in for an embedding beside the words.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Stage } from "../../../src/memory/search/sought.ts";
import type { Figure } from "../figure.ts";
import { averageQuality, type Finder, measure, type Quality } from "./quality_figures.ts";
import { hybridFinder, indexed, plainFinder, wordFinder } from "./quality_finders.ts";
import { type QuestionSet, questionSets, volumesOf } from "./quality_sets.ts";
import { standInEmbedder } from "./stand_in_embedding.ts";

/** Points of recall@10 by which the words must beat plain FTS5. */
const AIM = 3;
const STAGES: readonly Stage[] = ["small words", "dates", "best passage", "neighbours"];

/** The tables, and whether what was aimed at is met; `undefined` if the sets are not there. */
export interface QualityReport {
  readonly text: string;
  readonly figures: readonly Figure[];
}

interface Indexed {
  readonly set: QuestionSet;
  readonly db: DatabaseSync;
}

/** Measures all of it. */
export async function qualityReport(): Promise<QualityReport | undefined> {
  const sets = await questionSets();
  if (sets.length === 0) return undefined;
  const mixed = sets.filter(({ group }) => group === "Cranfield").map(volumesOf);
  const bases: Indexed[] = [];
  for (const set of [...sets, ...mixed]) bases.push({ set, db: await indexed(set.notes) });
  const each = (find: (base: Indexed) => Finder | Promise<Finder>) => measureAll(bases, find);

  const ways: [name: string, qualities: ByGroup][] = [
    ["plain FTS5", await each(({ set }) => plainFinder(set.notes, "unicode61"))],
    ["FTS5 with `porter`", await each(({ set }) => plainFinder(set.notes, "porter"))],
    ["**words**", await each(({ db }) => wordFinder(db))],
  ];
  for (const stage of STAGES) {
    ways.push([`– without ${stage}`, await each(({ db }) => wordFinder(db, [stage]))]);
  }
  const unstemmed = async ({ set }: Indexed) =>
    wordFinder(await indexed(set.notes, { language: "" }));
  ways.push(["– without stemming", await each(unstemmed)]);
  ways.push(["words and stand-in", await each(({ db }) => hybridFinder(db, standInEmbedder()))]);

  const of = (way: number) => macro(ways[way]?.[1] ?? new Map()).recall10 * 100;
  const gain = of(2) - of(0);
  return {
    text: [averagesTable(ways), groupsTable(ways), await halvesTable(bases)].join("\n\n"),
    figures: [{
      name: "recall@10 of words beside plain FTS5",
      value: `${of(2).toFixed(1)} against ${of(0).toFixed(1)}, ${gain.toFixed(1)} more`,
      aim: `at least ${AIM} more`,
      met: gain >= AIM,
    }],
  };
}

type ByGroup = ReadonlyMap<string, Quality>;

async function measureAll(
  bases: readonly Indexed[],
  find: (base: Indexed) => Finder | Promise<Finder>,
): Promise<ByGroup> {
  const groups = new Map<string, Quality[]>();
  for (const base of bases) {
    const { group } = base.set;
    groups.set(group, [...groups.get(group) ?? [], ...await measure(base.set, await find(base))]);
  }
  return new Map([...groups].map(([group, qualities]) => [group, averageQuality(qualities)]));
}

/** The average over the groups, but for the one that is made of another. */
function macro(qualities: ByGroup): Quality {
  return averageQuality(
    [...qualities].filter(([group]) => !group.endsWith("volumes")).map(([, quality]) => quality),
  );
}

type Rows = readonly (readonly [name: string, qualities: ByGroup])[];

const percent = (value: number) => (value * 100).toFixed(1);

function averagesTable(ways: Rows): string {
  return [
    "| average of the four sets | recall@1 | @5 | @10 | MRR | nDCG@10 |",
    "|---|---|---|---|---|---|",
    ...ways.map(([name, qualities]) => {
      const { recall1, recall5, recall10, mrr, ndcg10 } = macro(qualities);
      const values = [recall1, recall5, recall10, mrr, ndcg10].map(percent);
      return `| ${name} | ${values.join(" | ")} |`;
    }),
  ].join("\n");
}

function groupsTable(ways: Rows): string {
  const groups = [...ways[0]?.[1].keys() ?? []];
  return [
    `| recall@10, MRR | ${groups.join(" | ")} |`,
    `|---|${groups.map(() => "---|").join("")}`,
    ...ways.map(([name, qualities]) => {
      const values = groups.map((group) => {
        const quality = qualities.get(group);
        return quality === undefined ? "" : `${percent(quality.recall10)}, ${percent(quality.mrr)}`;
      });
      return `| ${name} | ${values.join(" | ")} |`;
    }),
  ].join("\n");
}

/** Whether the gain is that of some questions only: each set's first and second half of them. */
async function halvesTable(bases: readonly Indexed[]): Promise<string> {
  const lines: string[] = [];
  for (const { set, db } of bases) {
    const [plain, words] = [
      await measure(set, plainFinder(set.notes, "unicode61")),
      await measure(set, wordFinder(db)),
    ];
    const half = Math.ceil(set.questions.length / 2);
    const gains = [[0, half], [half, set.questions.length]].map(([from, to]) => {
      const [before, after] = [plain, words].map((qualities) =>
        averageQuality(qualities.slice(from, to)).recall10
      );
      return percent((after ?? 0) - (before ?? 0));
    });
    lines.push(
      `| ${set.name} | ${set.notes.length} | ${set.questions.length} | ${gains.join(" | ")} |`,
    );
  }
  return [
    "| set | notes | questions | gain of words, first half of the questions | second half |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
