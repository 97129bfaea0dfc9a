/**
 * `deno task bench:daemon`: the daemon idle for ten minutes, and its socket under load. Prints the figures
 * and puts them into the README of the benches.
 * @module
 */
import { figureTable } from "../figure.ts";
import { measuredOn, writeSection } from "../section.ts";
import { daemonFigures } from "./daemon_bench.ts";
import { ipcFigures } from "./ipc.ts";

const IDLE_MS = 10 * 60_000;

const figures = [...await ipcFigures(), ...await daemonFigures({ idleMs: IDLE_MS })];
const text = `${figureTable(figures)}\n\n${measuredOn()}\n`;
await Deno.stdout.write(new TextEncoder().encode(text));
await writeSection("daemon", text);
if (figures.some(({ met }) => met === false)) Deno.exitCode = 1;
