/**
 * `deno task bench:guard`: measures the guard on the public sets of `../shared/corpora` and writes the
 * tables into the README beside. Words after it choose: `injection`, `redaction`, `risk`; none means all.
 * @module
 */
import type { Figure } from "../figure.ts";
import { measuredOn, writeSection } from "../section.ts";

/** The tables, and the figures that may miss their aim; `undefined` if the sets are not there. */
type Report = { text: string; figures: readonly Figure[] } | undefined;

/** A part of the benchmark: its section's name, and what it measures. */
interface Part {
  readonly name: string;
  readonly measure: () => Promise<Report>;
}

const PARTS: readonly Part[] = [
  {
    name: "injection",
    measure: async () => await (await import("./injection.ts")).injectionReport(),
  },
  {
    name: "redaction",
    measure: async () => await (await import("./redaction.ts")).redactionReport(),
  },
  { name: "risk", measure: async () => await (await import("./risk.ts")).riskReport() },
];

for (const { name, measure } of PARTS) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const report = await measure();
  if (report === undefined) {
    console.log(`${name}: skipped, since its set is not beside the project`);
    continue;
  }
  const text = `${report.text}\n\n${measuredOn()}\n`;
  console.log(text);
  await writeSection(`guard ${name}`, text);
  if (report.figures.some(({ met }) => met === false)) Deno.exitCode = 1;
}
