/**
 * `deno task bench`: prints the figures as a table and puts them into this folder's README.
 * @module
 */
import { daemonFigures } from "./daemon/daemon_bench.ts";
import { egressFigures } from "./egress_bench.ts";
import { type Figure, figureTable } from "./figure.ts";
import { markdownFigures } from "./markdown_bench.ts";
import { memoryFigures } from "./memory.ts";
import { measuredOn, writeSection } from "./section.ts";
import { pluginFigures } from "./plugin_bench.ts";
import { programFigures } from "./program_bench.ts";
import { startFigures } from "./start.ts";
import { unlockFigure } from "./unlock_bench.ts";

/** How long an idle daemon is watched; ten times as long by `bench:daemon`. */
const IDLE_MS = 60_000;

const figures: Figure[] = [];
for (
  const measure of [
    startFigures,
    memoryFigures,
    markdownFigures,
    egressFigures,
    pluginFigures,
    programFigures,
    async () => [await unlockFigure()],
    () => daemonFigures({ idleMs: IDLE_MS }),
  ]
) {
  figures.push(...await measure());
}
const table = figureTable(figures);
const text = `${table}\n\n${measuredOn()}\n`;
await Deno.stdout.write(new TextEncoder().encode(text));
await writeSection("figures", text);
if (figures.some(({ met }) => met === false)) Deno.exitCode = 1;
