/**
 * How fast the memory is, and how that grows with the number of notes.
 * @module
 */
import { type Figure, median } from "../figure.ts";
import type { SpeedRun } from "./speed_run.ts";
import { writeZipfNotes, ZipfWords } from "./zipf_notes.ts";

/** How many files of how many bytes. */
const SIZES = [1_000, 10_000, 100_000] as const;
const FILE_BYTES = 2_000;
const RUN = new URL("./speed_run.ts", import.meta.url).pathname;
const RUN_RIGHTS = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys"];

/** One line of the table: what it takes at each size, and what was aimed at for some of them. */
interface Measure {
  readonly name: string;
  readonly of: (run: SpeedRun) => number;
  readonly show: (value: number) => string;
  readonly aim: string;
  /** The most that is aimed at, by size; empty where nothing was. */
  readonly most: Readonly<Record<number, number>>;
}

const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const seconds = (value: number) => `${(value / 1_000).toFixed(1)} s`;
const megabytes = (value: number) => `${(value / 1e6).toFixed(0)} MB`;
const at99 = (values: readonly number[]) => values[Math.ceil(values.length * 0.99) - 1] ?? 0;

const MEASURES: readonly Measure[] = [
  {
    name: "first index",
    of: (run) => run.firstIndex,
    show: seconds,
    aim: "10,000: under 15 s",
    most: { 10_000: 15_000 },
  },
  {
    name: "longest time for which the chat beside it waits",
    of: (run) => run.longestHold,
    show: ms,
    aim: "",
    most: {},
  },
  {
    name: "check at a start, nothing changed",
    of: (run) => run.check,
    show: ms,
    aim: "10,000: under 150 ms",
    most: { 10_000: 150 },
  },
  { name: "opening the index", of: (run) => run.open, show: ms, aim: "", most: {} },
  {
    name: "first search after that",
    of: (run) => run.firstSearch,
    show: ms,
    aim: "",
    most: {},
  },
  {
    name: "search, median",
    of: (run) => median(run.searches),
    show: ms,
    aim: "10,000: under 5 ms; 100,000: under 30 ms",
    most: { 10_000: 5, 100_000: 30 },
  },
  {
    name: "search, 99 of 100",
    of: (run) => at99(run.searches),
    show: ms,
    aim: "10,000: under 15 ms",
    most: { 10_000: 15 },
  },
  {
    name: "write in file and database, median",
    of: (run) => median(run.writes),
    show: ms,
    aim: "10,000: under 10 ms",
    most: { 10_000: 10 },
  },
  {
    name: "both index files after a change",
    of: (run) => run.indexFiles,
    show: ms,
    aim: "",
    most: {},
  },
  {
    name: "resident memory while searching",
    of: (run) => run.residentSearching,
    show: megabytes,
    aim: "under 150 MB",
    most: { 1_000: 150e6, 10_000: 150e6, 100_000: 150e6 },
  },
  {
    name: "resident memory at most while indexing",
    of: (run) => run.residentIndexing,
    show: megabytes,
    aim: "under 150 MB",
    most: { 1_000: 150e6, 10_000: 150e6, 100_000: 150e6 },
  },
  {
    name: "resident memory at the start",
    of: (run) => run.residentAtStart,
    show: megabytes,
    aim: "",
    most: {},
  },
  { name: "database", of: (run) => run.databaseBytes, show: megabytes, aim: "", most: {} },
];

/** Measures all sizes; each value of a figure is that at 1,000, 10,000 and 100,000 files of 2 KB. */
export async function speedFigures(sizes: readonly number[] = SIZES): Promise<Figure[]> {
  const words = new ZipfWords();
  const runs: SpeedRun[] = [];
  for (const count of sizes) runs.push(await measured(count, words));
  return MEASURES.map(({ name, of, show, aim, most }) => {
    const values = runs.map(of);
    const met = sizes.every((size, at) => (values[at] ?? Infinity) <= (most[size] ?? Infinity));
    const value = values.map(show).join(" · ");
    return { name, value, aim, ...(aim === "" ? {} : { met }) };
  });
}

async function measured(count: number, words: ZipfWords): Promise<SpeedRun> {
  const home = await Deno.makeTempDir({ prefix: "pyra-bench-" });
  const [folder, databases] = [`${home}/memory`, `${home}/db`];
  try {
    await Deno.mkdir(databases);
    await writeZipfNotes(folder, { count, size: FILE_BYTES, words });
    const indexing = await run(folder, databases, "index");
    return { ...indexing, ...await run(folder, databases, "use") };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** As the program has it. */
const YOUNG = "--v8-flags=--max-semi-space-size=4";

async function run(folder: string, databases: string, part: string): Promise<SpeedRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...RUN_RIGHTS, YOUNG, RUN, folder, databases, part],
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(`a run ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const { figureTable } = await import("../figure.ts");
  const sizes = Deno.args.length > 0 ? Deno.args.map(Number) : SIZES;
  console.log(figureTable(await speedFigures(sizes)));
}
