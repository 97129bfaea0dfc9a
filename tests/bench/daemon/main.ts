/**
 * `deno task bench:daemon [MINUTES]`: the daemon idle for ten minutes, or so many, and its socket under load. Prints the figures
 * and puts them into the README of the benches.
 * @module
 */
import { figureTable } from "../figure.ts";
import { measuredOn, writeSection } from "../section.ts";
import { daemonFigures } from "./daemon_bench.ts";
import { ipcFigures } from "./ipc.ts";

const MINUTES = Number(Deno.args[0] ?? 10);

const figures = [...await ipcFigures(), ...await daemonFigures({ idleMs: MINUTES * 60_000 })];
const text = `${figureTable(figures)}\n\n${measuredOn()}\n`;
await Deno.stdout.write(new TextEncoder().encode(text));
await writeSection("daemon", text);
if (figures.some(({ met }) => met === false)) Deno.exitCode = 1;
