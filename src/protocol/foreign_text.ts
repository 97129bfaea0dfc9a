/**
 * Text that others wrote, read, and made fit to be shown, logged or sent: bounded, without control bytes, whole
 * characters only.
 * @module
 */

/**
 * Nobody sees these: control and format characters, halves of surrogate pairs, letters that are blank,
 * variation selectors that can carry hidden text. The joiners of Indic scripts and emoji stay where
 * they are alone.
 */
const HIDDEN = new RegExp(
  "(?![\\n\\t\\u200c\\u200d])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u{e0000}-\\u{e0fff}]|" +
    "[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\uffa0\\ufe00-\\ufe0d]|" +
    "(?<=[\\u200c\\u200d])[\\u200c\\u200d]",
  "gu",
);
const CUT = "…";

/** One line, `most` UTF-16 units at most. */
export function oneLine(text: string, most: number): string {
  // What is far behind the limit is not looked at; runs of white space shrink.
  const near = cutUnits(text, most * 4);
  const line = near.replace(HIDDEN, " ").replace(/\s+/g, " ").trim();
  return shortened(line, most, near.length < text.length);
}

/** Several lines, `most` UTF-16 units at most; tabs become spaces. */
export function plainLines(text: string, most: number): string {
  const near = cutUnits(text, most * 2);
  const lines = near.replace(/\r\n?/g, "\n").replace(HIDDEN, "").replaceAll("\t", "  ").trim();
  return shortened(lines, most, near.length < text.length);
}

/** Whether nothing in it is hidden: no control or format characters, line ends and tabs included. */
export function isPlain(text: string): boolean {
  return !/[\n\t]/.test(text) && text.search(HIDDEN) < 0;
}

/** How many characters of it nobody sees; the usual ends of lines do not count. */
export function hiddenCount(text: string): number {
  return text.replaceAll("\r\n", "\n").match(HIDDEN)?.length ?? 0;
}

/** The first units of a text, without half a surrogate pair at the end. */
export function cutUnits(text: string, most: number): string {
  if (text.length <= most) return text;
  const isHalf = most > 0 && /[\ud800-\udbff]/.test(text.charAt(most - 1));
  return text.slice(0, isHalf ? most - 1 : Math.max(0, most));
}

/** Text in a fence: no run of backticks in it is as long, so none can end it, wherever it stands. */
export function fencedData(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** The JSON that a text is; `undefined` for what is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function shortened(text: string, most: number, isCut: unknown): string {
  if (text.length <= most && isCut !== true) return text;
  return cutUnits(text, most - CUT.length) + CUT;
}
