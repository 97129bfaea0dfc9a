/**
 * `deno task bench`: prints the figures as a table and puts them into this folder's README.
 * @module
 */
import { egressFigures } from "./egress_bench.ts";
import { type Figure, figureTable } from "./figure.ts";
import { markdownFigures } from "./markdown_bench.ts";
import { memoryFigures } from "./memory.ts";
import { startFigures } from "./start.ts";
import { unlockFigure } from "./unlock_bench.ts";

const README = new URL("./README.md", import.meta.url);
const BEGIN = "<!-- figures -->\n";
const END = "<!-- end of figures -->";

/** What the figures were measured on; never its name. */
function machine(): string {
  const { cpus, totalmem } = {
    cpus: navigator.hardwareConcurrency,
    totalmem: Deno.systemMemoryInfo().total,
  };
  const memory = Math.round(totalmem / 2 ** 30);
  return `${Deno.build.os} ${Deno.build.arch}, ${cpus} cores, ${memory} GiB; Deno ${Deno.version.deno}`;
}

const figures: Figure[] = [];
for (
  const measure of [
    startFigures,
    memoryFigures,
    markdownFigures,
    egressFigures,
    async () => [await unlockFigure()],
  ]
) {
  figures.push(...await measure());
}
const table = figureTable(figures);
const date = new Date().toISOString().slice(0, 10);
const text = `${table}\n\nMeasured ${date} on ${machine()}.\n`;
await Deno.stdout.write(new TextEncoder().encode(text));
const page = await Deno.readTextFile(README);
const [before = "", rest = ""] = page.split(BEGIN);
const after = rest.slice(rest.indexOf(END));
await Deno.writeTextFile(README, `${before}${BEGIN}${text}${after}`);
if (figures.some(({ met }) => met === false)) Deno.exitCode = 1;
