/**
 * Runs of characters of a text. Many keys may seem to begin in one run: it is gone through once all the same.
 * @module
 */
import { type Alphabet, endOf, tableOf } from "./characters.ts";

/** Stretches of one alphabet. */
interface Run {
  readonly from: number;
  readonly end: number;
  /** Without the sentence's full stop. */
  readonly bare: number;
}

/** What is encoded from one place on may be encoded from another, too, if so many characters lie between. */
const BASE64_UNIT = 4;

/** The runs of one text. */
export class Runs {
  readonly text: string;
  readonly #last = new Map<Alphabet, Run>();
  /** Up to where base64 was looked into for nothing, by the place of its beginning. */
  readonly #empty = [0, 0, 0, 0];

  constructor(text: string) {
    this.text = text;
  }

  /** Where the characters of an alphabet end that begin at `from`. */
  end(alphabet: Alphabet, from: number): number {
    return this.#run(alphabet, from).end;
  }

  /** The same, but for full stops and colons at their end. */
  bareEnd(alphabet: Alphabet, from: number): number {
    return Math.max(from, this.#run(alphabet, from).bare);
  }

  /** Takes notice that no secret lies in the base64 between two places. */
  noteEmpty(from: number, end: number): void {
    this.#empty[from % BASE64_UNIT] = end;
  }

  /** Up to where it is known that base64 from `from` on holds no secret. */
  emptyUntil(from: number): number {
    return this.#empty[from % BASE64_UNIT] ?? 0;
  }

  #run(alphabet: Alphabet, from: number): Run {
    const known = this.#last.get(alphabet);
    if (known !== undefined && known.from <= from && from < known.end) return known;
    const end = endOf(tableOf(alphabet), this.text, from);
    let bare = end;
    while (bare > from && (this.text[bare - 1] === "." || this.text[bare - 1] === ":")) bare--;
    const run = { from, end, bare };
    this.#last.set(alphabet, run);
    return run;
  }
}
