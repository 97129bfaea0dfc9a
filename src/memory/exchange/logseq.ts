/**
 * What is particular to the files of a Logseq graph: where pages lie, how they are called, and what their
 * blocks are marked with.
 * @module
 */

/** Folders of a graph that hold no notes. */
const NOT_NOTES = /^(?:logseq|assets|draws|whiteboards|version-files)\//;
const REFERENCE = /\(\(([0-9a-f]{8}-[0-9a-f-]{27})\)\)/g;
const ENDING = /\.(?:md|markdown)$/i;

/** Where a page goes. */
export interface LogseqPage {
  /** The folders (namespaces) and the page's name, without an ending. */
  readonly pieces: readonly string[];
  /** The day of a journal page, ms since 1970. */
  readonly day: number | undefined;
}

/** Whether a path of a graph can be a page. */
export function isLogseqPage(path: string): boolean {
  return ENDING.test(path) && !NOT_NOTES.test(path);
}

/**
 * A page's name by its file's. Newer graphs write a namespace as `a___b`, older ones as `a%2Fb`; other
 * characters that a file name cannot have are written as `%3A`.
 */
export function logseqPage(path: string): LogseqPage {
  const pieces = path.replace(ENDING, "").split("/");
  const file = pieces.pop() ?? "";
  if (pieces[0] === "journals") {
    const [, year, month, day] = /^(\d{4})[_-](\d\d)[_-](\d\d)$/.exec(file) ?? [];
    const at = year === undefined ? NaN : Date.UTC(Number(year), Number(month) - 1, Number(day));
    if (year !== undefined) {
      return { pieces: [...pieces, `${year}-${month}-${day}`], day: at > 0 ? at : undefined };
    }
  }
  const folders = pieces[0] === "pages" ? pieces.slice(1) : pieces;
  const named = file.split(/___|%2F/i).map(decoded).filter((piece) => piece.trim() !== "");
  return { pieces: [...folders, ...named], day: undefined };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // "100% sure" has a sign that begins nothing.
    return name;
  }
}

/**
 * The text without the lines that only Logseq's screen needs (`collapsed:: true`, `id:: …`). An id that
 * a block of the same page refers to stays.
 */
export function withoutBlockMarks(text: string): string {
  const referred = new Set(Array.from(text.matchAll(REFERENCE), ([, id]) => id));
  return text.replace(
    /^[ \t]*(?:collapsed:: (?:true|false)|id:: ([0-9a-f]{8}-[0-9a-f-]{27}))[ \t]*(?:\r?\n|$)/gm,
    (line, id: string | undefined) => id !== undefined && referred.has(id) ? line : "",
  );
}
