/**
 * Exact replacements in a text. What a line ends with does not have to be said, and is kept.
 * @module
 */
import { FileError } from "./file_error.ts";
import { nearestLines } from "./nearest.ts";

/** One replacement. */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  /** Whether it is done once, or wherever the old text stands. */
  readonly where: "once" | "everywhere";
}

/** A text whose line ends are all one character, and where there were two. */
interface Lined {
  readonly plain: string;
  /** Places in `plain` of line ends that had a carriage return before them. */
  readonly returns: readonly number[];
}

/**
 * Does one replacement after the other, each in what the one before left.
 * @param usual the line end of lines in new text, where the old text has none
 * @throws {FileError} `bad_input`, naming the edit: not found, not unique, or nothing to do
 */
export function applyEdits(text: string, edits: readonly Edit[], usual: "\n" | "\r\n"): string {
  return edits.reduce((now, edit, at) => {
    const which = edits.length === 1 ? "the edit" : `edit ${at + 1} of ${edits.length}`;
    return applyEdit(now, edit, { which, usual });
  }, text);
}

function applyEdit(
  text: string,
  { oldText, newText, where }: Edit,
  { which, usual }: { readonly which: string; readonly usual: "\n" | "\r\n" },
): string {
  const wanted = oldText.replaceAll("\r\n", "\n");
  const given = newText.replaceAll("\r\n", "\n");
  if (wanted === "") {
    throw new FileError("bad_input", `${which} has no old text; write_file makes new files`);
  }
  if (wanted === given) throw new FileError("bad_input", `${which} changes nothing`);
  const lined = linesOf(text);
  const places = placesOf(lined.plain, wanted);
  if (places.length === 0) {
    throw new FileError(
      "bad_input",
      `${which}: the old text is not in the file, so nothing was changed. ` +
        nearestLines(lined.plain, wanted),
    );
  }
  if (places.length > 1 && where === "once") {
    const lines = places.slice(0, 8).map((place) => lineNumber(lined.plain, place)).join(", ");
    const more = places.length > 8 ? ", …" : "";
    throw new FileError(
      "bad_input",
      `${which}: the old text is ${places.length} times in the file (lines ${lines}${more}), so nothing ` +
        "was changed; give more of the lines around the one that is meant, or set everywhere",
    );
  }
  let result = "";
  let done = 0;
  for (const place of places) {
    const start = place + returnsBefore(lined, place);
    const end = place + wanted.length + returnsBefore(lined, place + wanted.length);
    const replaced = text.slice(start, end);
    const lineEnd = replaced.includes("\n") ? replaced.includes("\r\n") ? "\r\n" : "\n" : usual;
    result += text.slice(done, start) + given.replaceAll("\n", lineEnd);
    done = end;
  }
  return result + text.slice(done);
}

function linesOf(text: string): Lined {
  if (!text.includes("\r\n")) return { plain: text, returns: [] };
  const returns: number[] = [];
  for (let at = text.indexOf("\r\n"); at !== -1; at = text.indexOf("\r\n", at + 2)) {
    returns.push(at - returns.length);
  }
  return { plain: text.replaceAll("\r\n", "\n"), returns };
}

/** How many carriage returns were taken out before a place, by halving. */
function returnsBefore({ returns }: Lined, place: number): number {
  let [low, high] = [0, returns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((returns[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placesOf(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    places.push(at);
  }
  return places;
}

function lineNumber(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}
