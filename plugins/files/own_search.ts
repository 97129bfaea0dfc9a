/**
 * The search where no ripgrep is installed. It reads without waiting, for that is several times faster, and
 * pauses often enough to be stopped.
 * @module
 */
import { FileError, isMissing } from "./file_error.ts";
import { globMatcher } from "./glob.ts";
import {
  type Found,
  type Hit,
  type Pattern,
  SEARCHED_BYTES,
  type SearchRun,
  type SearchWish,
  shownLine,
} from "./search_hits.ts";
import { readText } from "./text_file.ts";
import { walk } from "./walk.ts";

const SLICE_MS = 20;

/** Searches. @throws {FileError} `bad_input` for a pattern that is none */
export async function searchOwn(wish: SearchWish, run: SearchRun): Promise<Found> {
  const { glob, pattern, limit } = wish;
  const isNamed = glob === undefined ? () => true : globMatcher(glob);
  const seek = pattern && seeker(pattern);
  const hits: Hit[] = [];
  let matches = 0;
  let pause = performance.now() + SLICE_MS;
  for (const path of walk(wish)) {
    const now = performance.now();
    if (now > pause) {
      if (now > run.until) return { hits, end: "time" };
      await new Promise((resolve) => setTimeout(resolve, 0));
      run.signal.throwIfAborted();
      pause = performance.now() + SLICE_MS;
    }
    if (!isNamed(path.slice(wish.from === "" ? 0 : wish.from.length + 1))) continue;
    const lines = seek ? linesOf(`${wish.workspace}/${path}`, seek) : NAME;
    if (lines === undefined) continue;
    for (const hit of hitsOf(path, lines, wish.context)) {
      if (hit.kind === "match" && ++matches > limit) return { hits, end: "limit" };
      if (hits.length === 0) run.first(hit);
      hits.push(hit);
    }
  }
  return { hits, end: "all" };
}

/** The lines of a text, and which of them match; one empty line for a name. */
interface MatchedLines {
  readonly lines: readonly string[];
  /** From 0, ascending. */
  readonly matched: readonly number[];
  readonly first: number;
}

const NAME: MatchedLines = { lines: [""], matched: [0], first: 0 };

function* hitsOf(path: string, { lines, matched, first }: MatchedLines, context: number) {
  let next = 0;
  for (const [at, line] of matched.entries()) {
    const from = Math.max(next, line - context);
    const until = Math.min(lines.length - 1, line + context, (matched[at + 1] ?? Infinity) - 1);
    for (let shown = from; shown <= until; shown++) {
      const kind = shown === line ? "match" : "context";
      const hit: Hit = { path, line: shown + first, text: shownLine(lines[shown] ?? ""), kind };
      yield hit;
    }
    next = until + 1;
  }
}

interface Seeker {
  /** Whether a file may match whose text reads so as UTF-8; it is quickly told of most files. */
  readonly maybe: (text: string) => boolean;
  readonly expression: RegExp;
}

/** How the marks of UTF-16 read as UTF-8. */
const WIDE = "\ufffd\ufffd";

function seeker({ kind, source, letters }: Pattern): Seeker {
  const isExact = letters === "exact";
  const expression = expressionOf(
    kind === "text" ? source.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") : source,
    isExact ? "gm" : "gim",
  );
  const maybe = kind === "text" && isExact
    ? (text: string) => text.includes(source)
    : (text: string) => {
      expression.lastIndex = 0;
      return expression.test(text.includes("\r") ? text.replaceAll("\r\n", "\n") : text);
    };
  return { maybe, expression };
}

function expressionOf(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch (strict) {
    if (!(strict instanceof SyntaxError)) throw strict;
    try {
      // Without the flag more is allowed, such as a backslash before any letter.
      return new RegExp(source, flags);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      const message =
        `the regular expression cannot be read (${cause.message}); repair it, or give ` +
        "the words as text instead of regex";
      throw new FileError("bad_input", message, cause);
    }
  }
}

function linesOf(real: string, { maybe, expression }: Seeker): MatchedLines | undefined {
  const bytes = bytesOf(real, maybe);
  if (bytes === undefined) return undefined;
  const read = readText(bytes);
  if (read === undefined) return undefined;
  const text = read.lineEnd === "\n" ? read.text : read.text.replaceAll("\r\n", "\n");
  expression.lastIndex = 0;
  if (!expression.test(text)) return undefined;
  const matched: number[] = [];
  let line = 0;
  let start = 0;
  expression.lastIndex = 0;
  for (let found; (found = expression.exec(text)) !== null;) {
    // An empty match behind the last line end is on no line.
    if (found.index === text.length && text.endsWith("\n")) break;
    for (let end; (end = text.indexOf("\n", start)) !== -1 && end < found.index;) {
      start = end + 1;
      line++;
    }
    matched.push(line);
    const end = text.indexOf("\n", found.index);
    if (end === -1) break;
    // One match a line is enough.
    expression.lastIndex = end + 1;
  }
  return matched.length === 0 ? undefined : { lines: text.split("\n"), matched, first: 1 };
}

/**
 * The bytes of a file that may match. What cannot be read, or is gone meanwhile, is passed over.
 */
function bytesOf(real: string, maybe: Seeker["maybe"]): Uint8Array | undefined {
  try {
    const { size, isFile } = Deno.lstatSync(real);
    if (!isFile || size === 0 || size > SEARCHED_BYTES) return undefined;
    // Texts cost half of what bytes do, which have to be given back each.
    const text = Deno.readTextFileSync(real);
    return maybe(text) || text.startsWith(WIDE) ? Deno.readFileSync(real) : undefined;
  } catch (error) {
    const isPassed = isMissing(error) || error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable;
    if (isPassed) return undefined;
    throw error;
  }
}
