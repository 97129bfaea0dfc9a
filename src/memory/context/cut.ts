/**
 * The beginning of a text.
 * @module
 */
import { estimateTokens } from "../../agent/budget.ts";

/** Latin letters, the cheapest: no text of a token is longer than this, UTF-16 units. */
const UNITS_PER_TOKEN = 4;
/** Places to end at, the best first; each counts if it leaves at least this share of what fits. */
const ENDS: readonly { readonly pattern: RegExp; readonly share: number }[] = [
  { pattern: /\n[ \t]*\n/g, share: 0.4 },
  { pattern: /\n/g, share: 0.5 },
  { pattern: /[.!?。！？…]["'”’)\]]*(?=\s)|[。！？]/g, share: 0.5 },
  { pattern: /\s/g, share: 0.6 },
];

/**
 * As much of a text's beginning as takes no more than `tokens`: to the end of a paragraph if one ends
 * not too far before, else of a line, a sentence or a word.
 */
export function cutText(text: string, tokens: number): string {
  const most = longestPrefix(text, tokens);
  if (most === text.length) return text;
  const prefix = text.slice(0, most);
  for (const { pattern, share } of ENDS) {
    const end = lastEnd(prefix, pattern);
    if (end >= most * share) return prefix.slice(0, end).trimEnd();
  }
  return prefix.trimEnd();
}

/** The length of the longest beginning within `tokens` that ends between two characters. */
function longestPrefix(text: string, tokens: number): number {
  if (tokens <= 0) return 0;
  let [low, high] = [0, Math.min(text.length, tokens * UNITS_PER_TOKEN)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(text.slice(0, middle)) <= tokens) low = middle;
    else high = middle - 1;
  }
  const last = text.charCodeAt(low - 1);
  return last >= 0xd800 && last <= 0xdbff ? low - 1 : low;
}

/** Where the last match ends; a paragraph's and a line's white space is trimmed later. */
function lastEnd(text: string, pattern: RegExp): number {
  let end = -1;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}
