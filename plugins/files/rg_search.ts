/**
 * The search by ripgrep, which the kernel runs. Its threads find lines in any order; so few are put in
 * order here, and where there are too many it is run again in the order of paths, until there are enough.
 * @module
 */
import type { PluginContext } from "pyra/sdk";
import { globMatcher, nameGlob } from "./glob.ts";
import {
  type Found,
  type Hit,
  SEARCHED_BYTES,
  type SearchRun,
  type SearchWish,
  shownLine,
} from "./search_hits.ts";
import { comparePaths } from "./walk.ts";

/** More is not put in order here. */
const SORTED_HITS = 20_000;
const SORTED_NAMES = 600_000;
const MATCHED_COLUMNS = 1_000;
/** A command that is not there is not looked for again so soon, ms. */
const MISSING_MS = 60_000;

/** When it may be tried again, for whom it could not be run. */
let missing: { readonly dataFolder: string; readonly until: number } | undefined;

/** Searches by ripgrep; undefined if that cannot be done, and why is in the plugin's log. */
export async function searchRipgrep(
  wish: SearchWish,
  run: SearchRun,
  context: PluginContext,
): Promise<Found | undefined> {
  const { dataFolder } = context;
  if (missing?.dataFolder === dataFolder && performance.now() < missing.until) return undefined;
  try {
    const most = wish.pattern ? SORTED_HITS : SORTED_NAMES;
    const all = await read(wish, run, { context, order: [], most });
    if (all === undefined) return undefined;
    if (all.end === "limit") {
      return await read(wish, run, { context, order: ["--sort=path"], most: wish.limit });
    }
    const hits = [...all.hits].sort((a, b) => comparePaths(a.path, b.path) || a.line - b.line);
    return { ...limited(hits, wish.limit), ...all.end === "time" ? { end: "time" } : {} };
  } catch (thrown) {
    run.signal.throwIfAborted();
    if (!(thrown instanceof Error)) throw thrown;
    missing = { dataFolder, until: performance.now() + MISSING_MS };
    context.log(`rg is not used: ${thrown.message}`);
    return undefined;
  }
}

/** The command. @param order more of its options */
export function ripgrepArguments(wish: SearchWish, order: readonly string[]): string[] {
  const { from, what, glob, pattern, context } = wish;
  const name = glob === undefined ? undefined : nameGlob(glob);
  return [
    "rg",
    "--no-config",
    "--no-messages",
    "--color=never",
    "--null",
    // The first hit is shown while the others are looked for.
    "--line-buffered",
    "--no-require-git",
    "--no-ignore-global",
    `--max-filesize=${SEARCHED_BYTES}`,
    "--glob=!.Trash-*",
    ...order,
    ...what === "all" ? ["--hidden", "--no-ignore"] : [],
    // A type, since a glob would also bring back what is hidden or ignored.
    ...name === undefined ? [] : [`--type-add=pyra:${name}`, "--type=pyra"],
    ...pattern === undefined ? ["--files"] : [
      "--line-number",
      "--no-heading",
      "--with-filename",
      "--no-context-separator",
      "--crlf",
      `--max-columns=${MATCHED_COLUMNS}`,
      "--max-columns-preview",
      `--context=${context}`,
      ...pattern.kind === "text" ? ["--fixed-strings"] : [],
      ...pattern.letters === "any case" ? ["--ignore-case"] : [],
      `--regexp=${pattern.source}`,
    ],
    "--",
    from === "" ? "." : `./${from}`,
  ];
}

interface Reading {
  readonly context: PluginContext;
  readonly order: readonly string[];
  /** Matches after which it is left. */
  readonly most: number;
}

async function read(
  wish: SearchWish,
  { signal, first, until }: SearchRun,
  { context, order, most }: Reading,
): Promise<Found | undefined> {
  const limitMs = Math.max(Math.round(until - performance.now()), 1_000);
  const program = context.run(ripgrepArguments(wish, order), { limitMs, signal });
  const lines = new LineReader(wish);
  const hits: Hit[] = [];
  let matches = 0;
  let complaint = "";
  for await (const { stream, text, dropped } of program) {
    if (stream === "stderr") {
      complaint = (complaint + text).slice(0, 500);
      continue;
    }
    if (dropped !== undefined) return { hits, end: "limit" };
    for (const hit of lines.read(text)) {
      if (hit.kind === "match" && ++matches > most) return { hits: lines.kept(hits), end: "limit" };
      if (hits.length === 0) first(hit);
      hits.push(hit);
    }
  }
  const { code, timedOut } = await program.result;
  if (timedOut) return { hits: lines.kept(hits), end: "time" };
  // 2: some files could not be read, or there is something wrong with what was asked for.
  if (code !== 0 && code !== 1 && (code !== 2 || (hits.length === 0 && complaint !== ""))) {
    context.log(`rg ended with ${code}: ${complaint}`);
    return undefined;
  }
  return { hits: lines.kept(hits), end: "all" };
}

/** What ripgrep prints, as hits. A path may have line ends in it; after it comes a zero. */
class LineReader {
  readonly #isNames: boolean;
  readonly #isNamed: (path: string) => boolean;
  readonly #skipped: number;
  readonly #binary = new Set<string>();
  #rest = "";
  #path = "";

  constructor({ from, glob, pattern }: SearchWish) {
    this.#isNames = pattern === undefined;
    this.#isNamed = glob === undefined ? () => true : globMatcher(glob);
    this.#skipped = from === "" ? 0 : from.length + 1;
  }

  *read(text: string): Generator<Hit> {
    const pieces = (this.#rest + text).split(this.#isNames ? "\0" : "\n");
    this.#rest = pieces.pop() ?? "";
    for (const piece of pieces) {
      if (this.#isNames) yield* this.#hit(piece, { line: 0, text: "", kind: "match" });
      else yield* this.#line(piece);
    }
  }

  *#line(piece: string): Generator<Hit> {
    const zero = piece.indexOf("\0");
    if (zero === -1) {
      const [, binary] = /^(.*): (?:WARNING: stopped searching )?binary file/s
        .exec(this.#path + piece) ?? [];
      if (binary !== undefined) this.#binary.add(binary.replace(/^\.\//, ""));
      this.#path = binary === undefined ? `${this.#path}${piece}\n` : "";
      return;
    }
    const path = this.#path + piece.slice(0, zero);
    this.#path = "";
    const [, line, sign, text = ""] = /^(\d+)([:-])(.*)$/s.exec(piece.slice(zero + 1)) ?? [];
    if (line === undefined) return;
    const kind = sign === ":" ? "match" : "context";
    yield* this.#hit(path, { line: Number(line), text: shownLine(text), kind });
  }

  *#hit(printed: string, hit: Omit<Hit, "path">): Generator<Hit> {
    const path = printed.replace(/^\.\//, "");
    if (this.#isNamed(path.slice(this.#skipped))) yield { path, ...hit };
  }

  /** Without those in files that turned out to be binary. */
  kept(hits: readonly Hit[]): readonly Hit[] {
    return this.#binary.size === 0 ? hits : hits.filter(({ path }) => !this.#binary.has(path));
  }
}

/** The first matches, and the lines around them. */
function limited(hits: readonly Hit[], limit: number): Found {
  let matches = 0;
  const end = hits.findIndex(({ kind }) => kind === "match" && ++matches > limit);
  return end === -1 ? { hits, end: "all" } : { hits: hits.slice(0, end), end: "limit" };
}
