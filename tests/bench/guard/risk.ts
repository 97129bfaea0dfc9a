/**
 * How well command lines are judged: on the commands beside the project, in two halves by their id, one
 * to tune with and one to check with.
 * @module
 */
import { loadCommandRisk } from "../../../src/guard/command_risk.ts";
import { type Risk, RISKS } from "../../../src/guard/risk.ts";
import { type Figure, figureTable } from "../figure.ts";

const COMMANDS = new URL("../../../../shared/corpora/commands/dev/commands.jsonl", import.meta.url);
const ROUNDS = 5;

/** One command of the set. */
export interface Labelled {
  readonly id: string;
  readonly command: string;
  readonly label: string;
  readonly acceptable: readonly Risk[];
  readonly category: string;
  readonly source: string;
}

/** A command with its verdict. */
interface Judged extends Labelled {
  readonly risk: Risk;
  readonly fault: "none" | "under" | "over";
}

/** The commands, or `undefined` if they are not beside the project. */
export async function labelledCommands(): Promise<Labelled[] | undefined> {
  try {
    const text = await Deno.readTextFile(COMMANDS);
    return text.trim().split("\n").map((line) => JSON.parse(line) as Labelled);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

/** In which half a command lies: by a hash of its id, so that it stays there. */
export function halfOf(id: string): "tuned" | "checked" {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return (hash >>> 7) % 2 === 0 ? "tuned" : "checked";
}

/** Whether a command is one of every day: nobody wants to be asked whether it is too dangerous. */
export function isOrdinary({ label }: Labelled): boolean {
  return /^(SAFE|MODERATE|SAFE_OR_MODERATE)$/.test(label);
}

/** Whether a verdict lies below, above or among the acceptable ones. */
export function faultOf(risk: Risk, acceptable: readonly Risk[]): Judged["fault"] {
  if (acceptable.includes(risk)) return "none";
  const rank = RISKS.indexOf(risk);
  return acceptable.every((wanted) => RISKS.indexOf(wanted) > rank) ? "under" : "over";
}

/** Measures, and returns the tables; `undefined` if the set is not there. */
export async function riskReport(): Promise<
  { text: string; figures: readonly Figure[] } | undefined
> {
  const commands = await labelledCommands();
  if (commands === undefined) return undefined;
  const began = performance.now();
  const commandRisk = await loadCommandRisk();
  const loading = performance.now() - began;
  const judged = commands.map((row): Judged => {
    const { risk } = commandRisk(row.command);
    return { ...row, risk, fault: faultOf(risk, row.acceptable) };
  });
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { command } of commands) commandRisk(command);
  }
  const each = (performance.now() - start) / ROUNDS / commands.length;
  const long = worstCase(commandRisk);
  const figures = [
    ...(["tuned", "checked"] as const).flatMap((half) =>
      halfFigures(half, judged.filter(({ id }) => halfOf(id) === half))
    ),
    { name: "one command", value: `${each.toFixed(3)} ms`, aim: "< 1 ms", met: each < 1 },
    { name: "the slowest line of 10 MB", value: `${long.toFixed(0)} ms`, aim: "" },
    { name: "loading parser and tables", value: `${loading.toFixed(0)} ms`, aim: "" },
  ];
  return { text: `${figureTable(figures)}\n\n${sourceTable(judged)}`, figures };
}

function halfFigures(half: string, rows: readonly Judged[]): Figure[] {
  const harmful = rows.filter(({ label }) => /^(FORBIDDEN|DANGEROUS)$/.test(label));
  const missed = harmful.filter(({ risk }) => risk === "SAFE").length;
  const ordinary = rows.filter(isOrdinary);
  const alarms = ordinary.filter(({ risk }) => risk === "DANGEROUS" || risk === "FORBIDDEN").length;
  const share = alarms / ordinary.length;
  const good = rows.filter(({ fault }) => fault === "none").length;
  const under = rows.filter(({ fault }) => fault === "under").length;
  return [
    {
      name: `${half} half: harmful commands judged safe`,
      value: `${missed} of ${harmful.length}`,
      aim: "0",
      met: missed === 0,
    },
    {
      name: `${half} half: ordinary commands judged dangerous`,
      value: `${percent(share)} of ${ordinary.length}`,
      aim: "≤ 3 %",
      met: share <= 0.03,
    },
    {
      name: `${half} half: acceptable verdicts`,
      value: `${percent(good / rows.length)} of ${rows.length}`,
      aim: "",
    },
    {
      name: `${half} half: rated too low / too high`,
      value: `${under} / ${rows.length - good - under}`,
      aim: "",
    },
  ];
}

/** Per source: how many, how many acceptable, too low, too high. */
function sourceTable(judged: readonly Judged[]): string {
  const sources = Map.groupBy(judged, ({ source }) => source);
  const lines = [...sources].map(([source, rows]) => {
    const of = (fault: Judged["fault"]) => rows.filter((row) => row.fault === fault).length;
    return `| ${source} | ${rows.length} | ${percent(of("none") / rows.length)} | ${
      of("under")
    } | ${of("over")} |`;
  });
  return [
    "| source | commands | acceptable | too low | too high |",
    "|---|---|---|---|---|",
    ...lines,
  ]
    .join("\n");
}

function worstCase(commandRisk: (command: string) => unknown): number {
  const size = 10_000_000;
  const lines = [
    "a ",
    "$(",
    "'",
    "x;",
    "{a,",
    "`",
    "\0",
    "echo $(echo ",
    "<<E\n",
    "\\",
    "((",
    "/../",
  ];
  return Math.max(...lines.map((unit) => {
    const line = unit.repeat(Math.ceil(size / unit.length));
    const began = performance.now();
    commandRisk(line);
    return performance.now() - began;
  }));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
