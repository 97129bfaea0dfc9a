/**
 * Searching 50,000 files with the plugin `files`: its real room, the kernel's programs and sandbox, beside
 * `rg` and `grep -r` run alone.
 * Alone: `deno run --allow-all tests/bench/files_bench.ts`.
 * @module
 */
import { bundlePlugins } from "../../.build/plugins.ts";
import { PluginRooms } from "../../src/kernel/plugins/rooms.ts";
import type { AskServices } from "../../src/kernel/plugins/asks.ts";
import { SomeRun } from "../unit/kernel/plugins/some_run.ts";
import { type Figure, figureTable, median } from "./figure.ts";

const FOLDERS = 1_000;
const FILES = 50;
const ROUNDS = 5;
const RIPGREP_LIMIT = 2;
const GREP_LIMIT = 8;
const FIRST_LIMIT_MS = 200;
const WANTED = "unusualNeedle";
const WORDS =
  ("the quick brown fox jumps over a lazy dog import export function return const let class value " +
    "error result file path name type string number await async while for if else").split(" ");

/** A call of a tool, as the executor makes it. */
type Search = (input: Readonly<Record<string, unknown>>) => Promise<{
  readonly ms: number;
  readonly firstMs: number;
  readonly text: string;
}>;

/** The figures of searches. Without `rg` or `grep` those beside them are left out. */
export async function filesFigures(): Promise<Figure[]> {
  await using some = await SomeRun.make("plugin", "install", "files", "--yes");
  const bundled = (await bundlePlugins()).find(({ name }) => name === "files");
  await some.install(bundled?.files ?? [], "files");
  await writeTree(`${some.base}/work`);
  const figures: Figure[] = [];
  for (const beside of ["rg", "grep"] as const) {
    const args = beside === "rg"
      ? ["--line-number", WANTED, "."]
      : ["--recursive", "--line-number", WANTED, "."];
    const alone = () => timeOf(beside, args, `${some.base}/work`);
    if (await alone() === undefined) continue;
    figures.push(...await compared(some, beside, alone));
  }
  return figures;
}

async function compared(
  some: SomeRun,
  beside: "rg" | "grep",
  alone: () => Promise<number | undefined>,
): Promise<Figure[]> {
  const times: { own: number[]; alone: number[]; first: number[] } = {
    own: [],
    alone: [],
    first: [],
  };
  await withSearch(some, beside, async (search) => {
    for (let round = -1; round < ROUNDS; round++) {
      const aloneMs = await alone() ?? NaN;
      const { ms, firstMs, text } = await search({ text: WANTED, limit: 500 });
      if (!text.startsWith("100 matches")) throw new Error(`it found ${text.slice(0, 80)}`);
      if (round < 0) continue;
      times.alone.push(aloneMs);
      times.own.push(ms);
      times.first.push(firstMs);
    }
  });
  const [own, other, first] = [median(times.own), median(times.alone), median(times.first)];
  const limit = beside === "rg" ? RIPGREP_LIMIT : GREP_LIMIT;
  const how = beside === "rg" ? "by ripgrep" : "without ripgrep";
  return [{
    name: `\`search_files\` in 50,000 files, ${how}, beside \`${beside}\``,
    value: `${(own / other).toFixed(2)}× (${own.toFixed(0)} ms against ${other.toFixed(0)} ms)`,
    aim: `at most ${limit}×`,
    met: own <= limit * other,
  }, {
    name: `its first hit, ${how}`,
    value: `${first.toFixed(0)} ms`,
    aim: `< ${FIRST_LIMIT_MS} ms`,
    met: first < FIRST_LIMIT_MS,
  }];
}

/** Starts the plugin's room. Without the grant to run `rg` it searches itself. */
async function withSearch(
  some: SomeRun,
  beside: "rg" | "grep",
  act: (search: Search) => Promise<void>,
): Promise<void> {
  const { run, vault } = some;
  const storeSecret = () => Promise.resolve();
  const app: AskServices["app"] = () => Promise.resolve({});
  const rooms = new PluginRooms(run, some.catalog, { run, vault, storeSecret, app });
  try {
    await act(async (input) => {
      const call = {
        name: "files",
        method: "run",
        params: { tool: "search_files", input },
        limitMs: 60_000,
        // What was not agreed to is not run.
        ...beside === "rg" ? { runs: [{ program: "rg" }] } : {},
      };
      const begun = performance.now();
      let firstMs = NaN;
      let text = "";
      for await (const item of rooms.call(call, new AbortController().signal)) {
        if ("result" in item) text = String(Object(item.result).text);
        else if (Number.isNaN(firstMs)) firstMs = performance.now() - begun;
      }
      return { ms: performance.now() - begun, firstMs, text };
    });
  } finally {
    await rooms.close();
  }
}

/** Some 90 MB of text, with a needle in every 500th file. */
async function writeTree(top: string): Promise<void> {
  let random = 1;
  const next = (below: number) => (random = (random * 48_271) % 2_147_483_647) % below;
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = `${top}/package${folder % 50}/module${folder}`;
    await Deno.mkdir(path, { recursive: true });
    for (let file = 0; file < FILES; file++) {
      const lines = Array.from(
        { length: 10 + next(50) },
        () => Array.from({ length: 9 }, () => WORDS[next(WORDS.length)]).join(" "),
      );
      if ((folder * FILES + file) % 500 === 7) lines.push(`here is the ${WANTED} of this file`);
      await Deno.writeTextFile(`${path}/file${file}.ts`, `${lines.join("\n")}\n`);
    }
  }
}

/** ms; undefined if there is no such program. */
async function timeOf(program: string, args: string[], cwd: string): Promise<number | undefined> {
  const begun = performance.now();
  try {
    await new Deno.Command(program, { args, cwd, stdin: "null", stdout: "piped" }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return performance.now() - begun;
}

if (import.meta.main) {
  const figures = await filesFigures();
  await Deno.stdout.write(new TextEncoder().encode(`${figureTable(figures)}\n`));
}
