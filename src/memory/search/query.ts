/**
 * What a person typed, as words to look for. Whatever it is, it is a query and never an error.
 *
 * `"night train"` is a phrase, `deno*` begins a word, `-word` and `-"two words"` are left out. All else
 * is just words.
 * @module
 */

/** A part of a query. */
export interface QueryPart {
  readonly kind: "words" | "phrase" | "prefix";
  /** What stands there, without the signs. */
  readonly text: string;
  readonly isExcluded: boolean;
}

/** A longer query is read up to here, UTF-16 units. */
export const QUERY_LIMIT = 1_000;
const PART_LIMIT = 32;

const PART = /(?<![^\s(])(-?)(?:"([^"]*)(?:"|$)|“([^”]*)(?:”|$)|(\S+))|(\S+)/gu;

/** Reads a query. */
export function parseQuery(query: string): readonly QueryPart[] {
  const parts: QueryPart[] = [];
  const text = query.slice(0, QUERY_LIMIT).toWellFormed().replaceAll("\0", " ");
  for (const match of text.matchAll(PART)) {
    if (parts.length === PART_LIMIT) break;
    const isExcluded = match[1] === "-";
    const phrase = match[2] ?? match[3];
    const word = match[4] ?? match[5] ?? "";
    if (phrase !== undefined) {
      if (phrase.trim() !== "") parts.push({ kind: "phrase", text: phrase, isExcluded });
    } else if (/[\p{L}\p{N}]\*$/u.test(word)) {
      parts.push({ kind: "prefix", text: word.slice(0, -1), isExcluded });
    } else {
      parts.push({ kind: "words", text: word, isExcluded });
    }
  }
  return parts;
}
