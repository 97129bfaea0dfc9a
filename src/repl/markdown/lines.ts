/**
 * What kind of block a line of Markdown begins, and how much of a line is needed to know.
 * @module
 */

/** A thematic break, or the line below a setext heading. */
export const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}[ \t]*)$/;
const FENCE = /^(`{3,}|~{3,})[ \t]*([^\n]*)$/;
/** `## text ##`. */
export const HEADING = /^(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
/** A list item's marker and the space behind it. */
export const ITEM = /^([-+*]|\d{1,9}[.)])(?:([ \t]+)|$)/;
/** A beginning of a line that does not yet tell which block it is. */
const UNDECIDED =
  /^(?:[ \t]*|#{1,6}|#{1,6}[ \t].*|[-*_=][-*_= \t]*|\+|\d{1,9}[.)]?|`{1,2}|`{3}.*|~{1,2}|~{3}.*|\|.*)$/;

/** Columns of white space at a line's beginning. */
export function indentOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (character === " ") columns += 1;
    else if (character === "\t") columns += 4 - columns % 4;
    else break;
  }
  return columns;
}

/** The line without up to `columns` columns of white space at its beginning. */
export function dedent(text: string, columns: number): string {
  let at = 0;
  for (let left = columns; left > 0 && at < text.length; at += 1) {
    if (text[at] === " ") left -= 1;
    else if (text[at] === "\t") left -= 4;
    else break;
  }
  return text.slice(at);
}

/** The opening line of fenced code. Its info has no backtick if its sign is one. */
export function fenceOf(
  text: string,
): { readonly sign: string; readonly info: string } | undefined {
  const match = FENCE.exec(text);
  const sign = match?.[1] ?? "";
  const info = match?.[2] ?? "";
  return sign === "" || (sign[0] === "`" && info.includes("`")) ? undefined : { sign, info };
}

/** True while a line's beginning could still become different blocks; `code`: also indented code. */
export function undecided(rest: string, options: { readonly code: boolean }): boolean {
  if (options.code && indentOf(rest) >= 4) return true;
  const text = rest.trimStart();
  if (text.startsWith(">")) return undecided(text.slice(1), { code: true });
  if (UNDECIDED.test(text)) return true;
  const item = /^(?:[-+*]|\d{1,9}[.)])[ \t]+/.exec(text);
  return item !== null && undecided(text.slice(item[0].length), { code: false });
}

/** True for a line that ends a paragraph before it. */
export function startsBlock(rest: string, options: { readonly inItem: boolean }): boolean {
  const text = rest.trimStart();
  const item = ITEM.exec(text);
  // Only a list that begins with 1 may follow a paragraph: "in 1986.\n1987. …" is no list.
  const list = item !== null && text.length > item[0].length &&
    (options.inItem || !/^\d/.test(text) || /^1[.)]/.test(text));
  if (indentOf(rest) >= 4 && !options.inItem) return false;
  return list || text.startsWith(">") || text.startsWith("|") || RULE.test(text) ||
    HEADING.test(text) || fenceOf(text) !== undefined;
}
