/**
 * Searching names and contents.
 * @module
 */
import type { Json, PluginContext } from "pyra/sdk";
import { sizeText } from "./entry_changes.ts";
import { FileError, quoted } from "./file_error.ts";
import { searchOwn } from "./own_search.ts";
import { existingPlace, workspaceOf } from "./place.ts";
import type { Input } from "./prepared.ts";
import { searchRipgrep } from "./rg_search.ts";
import type { Found, Hit, Pattern, SearchRun, SearchWish } from "./search_hits.ts";
import { shownTime } from "./shown_time.ts";

/** What the model gets is shorter than what the executor cuts, UTF-16 units. */
const ANSWER_UNITS = 3_700;
const SEARCH_MS = 50_000;
const DEFAULT_LIMIT = 60;
const SORTED_LIMIT = 500_000;
const SLICE = 2_000;

/** Searches; for `search_files`. */
export async function searchFiles(input: Input, context: PluginContext): Promise<string> {
  const wish = await wishOf(input, context);
  const sort = input["sort"];
  if (sort === "size" || sort === "modified") return await sorted(wish, sort, { input, context });
  const skip = numberOf(input["skip"], 0);
  const found = await search({ ...wish, limit: wish.limit + skip }, context);
  return answer(found, { skip, wish });
}

/** What is looked for, in the plan's words. */
export function searchText(input: Input): string {
  const { text, regex, glob, path } = input;
  const what = typeof text === "string"
    ? `the text ${JSON.stringify(text)}`
    : typeof regex === "string"
    ? `the expression ${JSON.stringify(regex)}`
    : "names";
  const names = typeof glob === "string" ? ` in files like ${glob}` : "";
  const where = typeof path === "string" && path !== "." ? ` below ${quoted(path)}` : "";
  return `search for ${what}${names}${where}`;
}

async function wishOf(input: Input, context: PluginContext): Promise<SearchWish> {
  const workspace = workspaceOf(context);
  const { path, info } = await existingPlace(workspace, input["path"] ?? ".");
  const glob = typeof input["glob"] === "string" ? input["glob"] : undefined;
  const wish = {
    workspace,
    pattern: patternOf(input),
    context: numberOf(input["context"], 0),
    limit: numberOf(input["limit"], DEFAULT_LIMIT),
  };
  if (info?.isDirectory) {
    const what = input["all"] === true ? "all" : "usual";
    return { ...wish, from: path === "." ? "" : path, what, glob };
  }
  // A single file is searched whatever it is called.
  const at = path.lastIndexOf("/");
  const name = path.slice(at + 1).replace(/[\\*?[\]{}]/g, "\\$&");
  return { ...wish, from: path.slice(0, Math.max(at, 0)), what: "all", glob: `/${name}` };
}

function patternOf({ text, regex, any_case: anyCase }: Input): Pattern | undefined {
  if (typeof text === "string" && typeof regex === "string") {
    throw new FileError("bad_input", "give text or regex, not both");
  }
  const source = typeof text === "string" ? text : regex;
  if (typeof source !== "string") return undefined;
  if (source === "") throw new FileError("bad_input", "the text to search for is empty");
  if (/[\n\r\0]/.test(source)) {
    throw new FileError("bad_input", "lines are searched one by one; leave the line end out");
  }
  const letters = anyCase === true ? "any case" : "exact";
  return { kind: typeof text === "string" ? "text" : "regex", source, letters };
}

async function search(wish: SearchWish, context: PluginContext): Promise<Found> {
  const run: SearchRun = {
    signal: context.signal,
    first: ({ path }) => context.progress(`first found in ${quoted(path)}`),
    until: performance.now() + SEARCH_MS,
  };
  return await searchRipgrep(wish, run, context) ?? await searchOwn(wish, run);
}

/** Names with the largest, or the newest, first. */
async function sorted(
  wish: SearchWish,
  by: "size" | "modified",
  { input, context }: { readonly input: Input; readonly context: PluginContext },
): Promise<string> {
  // The files that have it, if something in them is looked for.
  const found = await search({ ...wish, context: 0, limit: SORTED_LIMIT }, context);
  const paths = [...new Set(found.hits.map(({ path }) => path))];
  const files: { readonly path: string; readonly size: number; readonly time: number }[] = [];
  for (const [at, path] of paths.entries()) {
    if (at % SLICE === SLICE - 1) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      context.signal.throwIfAborted();
    }
    const info = entryInfo(`${wish.workspace}/${path}`);
    if (info) files.push({ path, size: info.size, time: info.mtime?.getTime() ?? 0 });
  }
  const value = by === "size" ? "size" : "time";
  files.sort((a, b) => b[value] - a[value] || (a.path < b.path ? -1 : 1));
  const skip = numberOf(input["skip"], 0);
  const lines = files.slice(skip, skip + wish.limit).map(({ path, size, time }) =>
    `${sizeText(size).padStart(10)}  ${shownTime(time)}  ${quoted(path)}\n`
  );
  const order = by === "size" ? "the largest first" : "the newest first";
  const total = `${files.length} files${found.end === "all" ? "" : " and more"}, ${order}:\n`;
  return fitted(total, lines, { skip, all: files.length });
}

function entryInfo(real: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(real);
  } catch (error) {
    // What is gone meanwhile is left out.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function answer(
  { hits, end }: Found,
  { skip, wish }: { readonly skip: number; readonly wish: SearchWish },
): string {
  let matches = 0;
  const from = hits.findIndex(({ kind }) => kind === "match" && ++matches > skip);
  const shown = from === -1 ? [] : hits.slice(beginning(hits, from));
  const late = end === "time" ? "The time ran out; search a smaller folder.\n" : "";
  if (shown.length === 0) {
    return `${late}${skip > 0 ? "no more is found" : "nothing is found"}${
      wish.what === "usual" ? "; hidden and ignored files were left out (all: true has them)" : ""
    }`;
  }
  const count = shown.filter(({ kind }) => kind === "match").length;
  const noun = wish.pattern ? count === 1 ? "match" : "matches" : count === 1 ? "file" : "files";
  const head = `${late}${count}${end === "limit" ? " (and more)" : ""} ${noun}:\n`;
  const lines = wish.pattern ? matchLines(shown) : shown.map(({ path }) => `${quoted(path)}\n`);
  return fitted(head, lines, { skip, all: end === "limit" ? Infinity : skip + count });
}

/** Where the lines before a match begin. */
function beginning(hits: readonly Hit[], match: number): number {
  let at = match;
  while (hits[at - 1]?.kind === "context" && hits[at - 1]?.path === hits[match]?.path) at--;
  return at;
}

/** Lines below their file's name; each match with what goes before it is one piece. */
function matchLines(hits: readonly Hit[]): string[] {
  const pieces: string[] = [];
  let path: string | undefined;
  let piece = "";
  for (const hit of hits) {
    if (hit.path !== path) piece += `${quoted(path = hit.path)}\n`;
    piece += `  ${hit.line}${hit.kind === "match" ? ":" : "-"} ${hit.text}\n`;
    if (hit.kind === "context") continue;
    pieces.push(piece);
    piece = "";
  }
  if (piece !== "") pieces.push(`${pieces.pop() ?? ""}${piece}`);
  return pieces;
}

/** As many pieces as there is room for, and how to get the rest. */
function fitted(
  head: string,
  pieces: readonly string[],
  { skip, all }: { readonly skip: number; readonly all: number },
): string {
  let text = head;
  let shown = 0;
  for (const piece of pieces) {
    if (text.length + piece.length > ANSWER_UNITS && shown > 0) break;
    text += piece.slice(0, ANSWER_UNITS);
    shown++;
  }
  const next = skip + shown;
  return next < all ? `${text}[more: skip ${next}, or search more narrowly]\n` : text;
}

function numberOf(value: Json | undefined, usual: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : usual;
}
