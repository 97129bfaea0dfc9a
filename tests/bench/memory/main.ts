/**
 * `deno task bench:memory`: measures the memory and writes the tables into the README beside. Words after
 * it choose: `quality`, `speed`, `vectors`; none means all.
 * @module
 */
import { type Figure, figureTable } from "../figure.ts";
import { measuredOn, writeSection } from "../section.ts";
import { qualityReport } from "./quality.ts";
import { speedFigures } from "./speed.ts";
import { vectorFigures } from "./vectors.ts";

/** A part of the benchmark: its section's name, and what it measures. */
interface Part {
  readonly name: "quality" | "speed" | "vectors";
  /** The tables, and the figures that may miss their aim; `undefined` if it cannot be measured here. */
  readonly measure: () => Promise<{ text: string; figures: readonly Figure[] } | undefined>;
}

const PARTS: readonly Part[] = [
  { name: "quality", measure: qualityReport },
  { name: "speed", measure: () => table(speedFigures()) },
  { name: "vectors", measure: () => table(vectorFigures()) },
];

async function table(measured: Promise<Figure[]>): Promise<{ text: string; figures: Figure[] }> {
  const figures = await measured;
  return { text: figureTable(figures), figures };
}

for (const { name, measure } of PARTS) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const report = await measure();
  if (report === undefined) {
    console.log(`${name}: skipped, since the question sets are not beside the project`);
    continue;
  }
  const text = `${report.text}\n\n${measuredOn()}\n`;
  console.log(text);
  await writeSection(`memory ${name}`, text);
  if (report.figures.some(({ met }) => met === false)) Deno.exitCode = 1;
}
