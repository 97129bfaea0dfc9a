/**
 * How well secrets are taken out: on the texts beside the project, in two halves by their id, one to tune
 * with and one to check with; and how fast.
 * @module
 */
import { redact } from "../../../src/guard/redaction.ts";
import { type Figure, figureTable, median } from "../figure.ts";
import { halfOf } from "./risk.ts";

const FOLDER = new URL("../../../../shared/corpora/secrets/dev/", import.meta.url);
const ROUNDS = 5;
const SPEED_CHARACTERS = 4_000_000;
const LARGE_CHARACTERS = 10_000_000;

interface Sample {
  readonly id: string;
  readonly text: string;
  readonly secrets: readonly string[];
  readonly tier: string;
}

/** Measures, and returns the tables; `undefined` if the set is not there. */
export async function redactionReport(): Promise<
  { text: string; figures: readonly Figure[] } | undefined
> {
  const positives = await samples("positives");
  const negatives = await samples("negatives");
  if (positives === undefined || negatives === undefined) return undefined;
  const found = new Set(positives.filter(isFound).map(({ id }) => id));
  const wrong = new Set(negatives.filter(({ text }) => redact(text) !== text).map(({ id }) => id));
  const core = positives.filter(({ tier }) => tier === "agent_core");
  const prose = repeated("Nobody saw the quick brown fox, and then it rested; see page 12 of it. ");
  const mixed = repeated(
    "Schöne Grüße aus Köln — das war's; ещё раз, и 日本語も少し。 const a = f(b);\n",
  );
  const figures: Figure[] = [
    figure("secrets taken out", share(positives, found), { least: 95 }),
    figure("of keys that assistants meet (`agent_core`)", share(core, found), { least: 95 }),
    figure("clean texts changed", share(negatives, wrong), { most: 1 }),
    speed("clean ASCII", prose, 50),
    speed("clean mixed text", mixed, 20),
    ...worstCases(),
  ];
  return {
    text: [
      figureTable(figures),
      "",
      "| tier | texts | found or changed | tuned half | checked half |",
      "|---|---|---|---|---|",
      ...tierRows(positives, found),
      ...tierRows(negatives, wrong),
    ].join("\n"),
    figures,
  };
}

async function samples(name: string): Promise<Sample[] | undefined> {
  try {
    const text = await Deno.readTextFile(new URL(`${name}.jsonl`, FOLDER));
    return text.trim().split("\n").map((line) => JSON.parse(line) as Sample);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

/** Every secret is gone; where none is named, something is. */
function isFound({ text, secrets }: Sample): boolean {
  const redacted = redact(text);
  if (secrets.length === 0) return redacted !== text;
  return secrets.every((secret) => !redacted.includes(secret));
}

function share(all: readonly Sample[], some: ReadonlySet<string>): number {
  return 100 * all.filter(({ id }) => some.has(id)).length / Math.max(1, all.length);
}

function figure(name: string, value: number, aim: { least?: number; most?: number }): Figure {
  return {
    name,
    value: `${value.toFixed(2)} %`,
    aim: aim.least === undefined ? `≤ ${aim.most} %` : `≥ ${aim.least} %`,
    met: value >= (aim.least ?? 0) && value <= (aim.most ?? 100),
  };
}

function tierRows(all: readonly Sample[], some: ReadonlySet<string>): string[] {
  const tiers = [...new Set(all.map(({ tier }) => tier))].toSorted();
  return tiers.map((tier) => {
    const rows = all.filter((row) => row.tier === tier);
    const halves = (["tuned", "checked"] as const).map((half) =>
      `${share(rows.filter(({ id }) => halfOf(id) === half), some).toFixed(1)} %`
    );
    const one = `${share(rows, some).toFixed(1)} %`;
    return `| ${tier} | ${rows.length} | ${one} | ${halves.join(" | ")} |`;
  });
}

function repeated(piece: string, characters = SPEED_CHARACTERS): string {
  return piece.repeat(Math.ceil(characters / piece.length));
}

function milliseconds(text: string): number {
  const start = performance.now();
  redact(text);
  return performance.now() - start;
}

function speed(name: string, text: string, least: number): Figure {
  const bytes = new TextEncoder().encode(text).length;
  const rounds = Array.from({ length: ROUNDS }, () => bytes / 1_000 / milliseconds(text));
  const value = median(rounds);
  const aim = `≥ ${least} MB/s`;
  return { name, value: `${value.toFixed(0)} MB/s`, aim, met: value >= least };
}

/** Texts that begin many secrets and end none: ten times the text takes about ten times as long. */
function worstCases(): Figure[] {
  return ["password=", "://a:", "-----BEGIN PRIVATE KEY-----\n", "a%41 ", "sk-a\n"].map((piece) => {
    const small = milliseconds(repeated(piece, LARGE_CHARACTERS / 10));
    const large = milliseconds(repeated(piece, LARGE_CHARACTERS));
    const value = `${(large / 1_000).toFixed(1)} s, ${(large / small).toFixed(0)} × that of 1 MB`;
    return { name: `10 MB of ${JSON.stringify(piece)}`, value, aim: "" };
  });
}
