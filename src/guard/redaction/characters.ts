/**
 * Kinds of characters, as tables: redaction looks at each character once.
 * @module
 */

/** What the body of a secret is made of. */
export type Alphabet =
  | "hex"
  | "letters"
  | "word"
  | "dash"
  | "dots"
  | "base64"
  | "unfilled"
  | "capitals"
  | "any";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHARACTERS: Readonly<Record<Alphabet, string>> = {
  hex: "0123456789ABCDEFabcdef",
  capitals: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  letters: ALPHANUMERIC,
  word: `${ALPHANUMERIC}_`,
  dash: `${ALPHANUMERIC}_-`,
  dots: `${ALPHANUMERIC}_-.`,
  base64: `${ALPHANUMERIC}_-+/=`,
  /** base64 without what fills it up at its end. */
  unfilled: `${ALPHANUMERIC}_-+/`,
  any: `${ALPHANUMERIC}_-.+/=~%!$*:`,
};

const tables = new Map<Alphabet, Uint8Array>();

/** For each UTF-16 unit whether it belongs: a table without an end is looked into fastest. */
export function tableOf(alphabet: Alphabet): Uint8Array {
  let table = tables.get(alphabet);
  if (table === undefined) {
    table = new Uint8Array(0x10000);
    for (const character of CHARACTERS[alphabet]) table[character.charCodeAt(0)] = 1;
    tables.set(alphabet, table);
  }
  return table;
}

/** Where the characters of a table end that begin at `from`. */
export function endOf(table: Uint8Array, text: string, from: number): number {
  let at = from;
  while (at < text.length && table[text.charCodeAt(at)] === 1) at++;
  return at;
}

/** Where two ASCII characters are looked up. */
export function pairCode(first: number, second: number): number {
  return first < 128 && second < 128 ? (first << 7) | second : 0;
}

/** A table of the pairs of characters that are listed. */
export function pairTable(pairs: Iterable<string>): Uint8Array {
  const table = new Uint8Array(0x4000);
  for (const pair of pairs) table[pairCode(pair.charCodeAt(0), pair.charCodeAt(1))] = 1;
  return table;
}
