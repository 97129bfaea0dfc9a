/**
 * Lines of a question for a terminal's width: what stands before a line stands before each part of it, so
 * that a long foreign line cannot pass for the question's own.
 * @module
 */
import type { QuestionLine } from "./question.ts";

/** Columns of a text on one line. */
export type Measure = (text: string) => number;

/**
 * Before what goes on of a line of Pyra's own. Others' words are in some of these, such as a path or an
 * address: no part of them stands where a line of the question would begin.
 */
const HANG = "    ";
/** Room that is there for a text, however narrow the terminal. */
const LEAST_COLUMNS = 8;
/** UTF-16 units a column that are looked at for one part: marks may pile up on a character. */
const LOOKED_AT = 20;

/**
 * The parts of a line, prefixes included. Pyra's own words end a part at a blank where they can, and go
 * on further to the right; what others wrote is cut, and nothing of it is lost.
 * @param columns the terminal's; `undefined` leaves the line whole
 */
export function laidOut(
  { prefix, text, kind }: QuestionLine,
  columns: number | undefined,
  measure: Measure,
): string[] {
  if (columns === undefined) return [prefix + text];
  const isOwn = kind === "title" || kind === "fact" || kind === "warning";
  const parts: string[] = [];
  for (let rest = text; rest !== "" || parts.length === 0;) {
    const before = isOwn && parts.length > 0 ? hanging(prefix) : prefix;
    const room = Math.max(LEAST_COLUMNS, columns - measure(before));
    const part = partOf(rest, room, measure, isOwn);
    rest = rest.slice(part.length);
    // The blank at which a part ends belongs to neither.
    if (isOwn && rest.startsWith(" ")) rest = rest.slice(1);
    parts.push(before + part);
  }
  return parts;
}

/** What stands before the second and each further part of a line of Pyra's own. */
export function hanging(prefix: string): string {
  return prefix.length < HANG.length ? HANG : prefix;
}

function partOf(text: string, room: number, measure: Measure, atBlanks: boolean): string {
  let part = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, room * LOOKED_AT))) {
    width += measure(segment);
    if (width > room && part !== "") {
      const blank = segment === " " ? part.length : part.lastIndexOf(" ");
      return atBlanks && blank > 0 ? part.slice(0, blank) : part;
    }
    part += segment;
  }
  return part;
}
