/**
 * What the scanner finds of the public sets, what it finds wrongly, and how fast.
 * @module
 */
import { scan } from "../../../src/guard/injection.ts";
import type { Figure } from "../figure.ts";
import { figureTable } from "../figure.ts";
import { type InjectionRow, injectionSet, isTuned } from "./injection_sets.ts";
import { speedFigures } from "./injection_speed.ts";

/** How many of some texts were found. */
interface Share {
  readonly found: number;
  readonly of: number;
}

const ATTACKS = [
  "malicious_core",
  "malicious_implicit",
  "malicious_obfuscated",
  "malicious_evasion",
  "malicious_jailbreak",
  "malicious_noisy",
] as const;
const ORDINARY = ["benign", "benign_atr_negatives", "benign_locomo_cc-by-nc"] as const;
/** Text about attacks, by its category; `benign_atr_negatives` is short and hard and shown apart. */
const ABOUT_ATTACKS = /security_doc|notinject|hard_negative|cyber_query/u;
/** Fewer texts of a source than this are put together as "other". */
const SMALL = 10;

/** The tables; `undefined` if the sets are not there. */
export async function injectionReport(): Promise<
  { text: string; figures: readonly Figure[] } | undefined
> {
  const sets = new Map<string, Judged[]>();
  for (const name of [...ATTACKS, ...ORDINARY]) {
    const rows = await injectionSet(name);
    if (rows === undefined) return undefined;
    sets.set(name, rows.map((row) => ({ row, found: isFound(row.text) })));
  }
  const of = (name: string): readonly Judged[] => sets.get(name) ?? [];
  const core = of("malicious_core");
  const plain = [...of("benign").filter((one) => !isAbout(one)), ...of("benign_locomo_cc-by-nc")];
  const about = of("benign").filter(isAbout);
  const figures: Figure[] = [
    aimed("core attacks found", share(core), 80, "at least"),
    aimed("ordinary text found wrongly", share(plain), 1, "at most"),
    aimed("text about attacks found wrongly", share(about), 5, "at most"),
    ...speedFigures(),
  ];
  const text = [
    "A text counts as found if one of its findings is of medium or high severity. *Macro* is the average over the sources.",
    figureTable(figures),
    setTable("attacks", ATTACKS.map((name) => [name, of(name)])),
    setTable("no attacks", ORDINARY.map((name) => [name, of(name)])),
    sourceTable("core attacks by source", core),
    sourceTable("no attacks by source", ORDINARY.flatMap(of)),
  ].join("\n\n");
  return { text, figures };
}

interface Judged {
  readonly row: InjectionRow;
  readonly found: boolean;
}

function isFound(text: string): boolean {
  return scan(text).some(({ severity }) => severity !== "low");
}

function isAbout({ row }: Judged): boolean {
  return ABOUT_ATTACKS.test(row.category);
}

function share(judged: readonly Judged[]): Share {
  return { found: judged.filter(({ found }) => found).length, of: judged.length };
}

function percent({ found, of }: Share): number {
  return of === 0 ? 0 : 100 * found / of;
}

function shown(part: Share): string {
  return `${percent(part).toFixed(1)} % (${part.found} of ${part.of})`;
}

function aimed(name: string, part: Share, aim: number, way: "at least" | "at most"): Figure {
  const met = way === "at least" ? percent(part) >= aim : percent(part) <= aim;
  return { name, value: shown(part), aim: `${way} ${aim} %`, met };
}

/** Each file, its halves, and the average over its sources. */
function setTable(title: string, sets: readonly (readonly [string, readonly Judged[]])[]): string {
  const rows = sets.map(([name, judged]) => {
    const [tuned, other] = [
      judged.filter(({ row }) => isTuned(row)),
      judged.filter(({ row }) => !isTuned(row)),
    ];
    const macro = [...bySource(judged).values()].map((one) => percent(share(one)));
    const average = macro.reduce((sum, one) => sum + one, 0) / Math.max(1, macro.length);
    return `| ${name} | ${shown(share(judged))} | ${percent(share(tuned)).toFixed(1)} % | ` +
      `${percent(share(other)).toFixed(1)} % | ${average.toFixed(1)} % |`;
  });
  const head = `| ${title} | found | of the rows tuned on | of the others | macro |`;
  return [head, "|---|---|---|---|---|", ...rows].join("\n");
}

function bySource(judged: readonly Judged[]): Map<string, Judged[]> {
  return Map.groupBy(judged, ({ row }) => `${row.source}, ${row.scope}`);
}

function sourceTable(title: string, judged: readonly Judged[]): string {
  const large: [string, Judged[]][] = [];
  const small: Judged[] = [];
  for (const [source, rows] of bySource(judged)) {
    if (rows.length < SMALL) small.push(...rows);
    else large.push([source, rows]);
  }
  large.sort((a, b) => b[1].length - a[1].length);
  const rows = [...large, ["other", small] as const]
    .map(([source, some]) => `| ${source.replace(/, \w+$/u, "")} | ${shown(share(some))} |`);
  return [`| ${title} | found |`, "|---|---|", ...rows].join("\n");
}
