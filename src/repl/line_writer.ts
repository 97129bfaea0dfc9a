/**
 * Puts styled words on lines, append-only: what is written never changes. A word is written as soon as
 * it is known to be complete, so the pieces of a text give exactly what the whole gives.
 * @module
 */
import type { Style } from "./style.ts";
import { fittingPrefix, graphemes, isPlain, textWidth } from "./text_width.ts";

/** What stands before the text of a line: written form, and columns. */
export interface LinePrefix {
  readonly text: string;
  readonly columns: number;
}

interface Piece {
  readonly text: string;
  readonly style: Style;
}

/** Scripts without spaces between words: a line may end between two of their characters. */
const UNSPACED =
  /[\u1100-\u11ff\u2e80-\u2fff\u3001-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{20000}-\u{3ffff}]/u;
/** What may not begin a line, and what may not end one (from JIS X 4051, the common part). */
const NOT_FIRST =
  /^[\p{Pe}\p{Pf}、。，．・：；？！ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.!?:;%’”…\p{M}]/u;
const NOT_LAST = /[\p{Ps}\p{Pi}‘“]$/u;

/** Writes words, wrapping at the terminal's width. */
export class LineWriter {
  readonly #write: (text: string) => void;
  readonly #columns: number;
  readonly #prefix: () => LinePrefix;
  #column = 0;
  #lineStart = 0;
  #open = false;
  #space = false;
  #style: Style = "";
  #word: Piece[] = [];
  /** The current word is wider than a line and is being cut. */
  #cutting = false;

  constructor(write: (text: string) => void, columns: number, prefix: () => LinePrefix) {
    this.#write = write;
    this.#columns = columns;
    this.#prefix = prefix;
  }

  /** A copy in the same state that writes elsewhere. */
  fork(write: (text: string) => void, prefix: () => LinePrefix): LineWriter {
    const copy = new LineWriter(write, this.#columns, prefix);
    copy.#column = this.#column;
    copy.#lineStart = this.#lineStart;
    copy.#open = this.#open;
    copy.#space = this.#space;
    copy.#style = this.#style;
    copy.#word = this.#word.slice();
    copy.#cutting = this.#cutting;
    return copy;
  }

  /** Text whose white space separates words; a line feed in it ends the line. */
  text(text: string, style: Style): void {
    for (const part of text.split(/([ \t]+|\n)/)) {
      if (part === "") continue;
      if (part === "\n") {
        this.finish();
      } else if (part[0] === " " || part[0] === "\t") {
        this.#flushWord();
        this.#space = this.#open;
      } else {
        this.#begin();
        const last = this.#word.at(-1);
        // Text of one style is one piece: a grapheme must not be cut where its parts arrived.
        if (last?.style === style) this.#word.splice(-1, 1, { text: last.text + part, style });
        else this.#word.push({ text: part, style });
        this.#drain();
      }
    }
  }

  /** Text that keeps its white space and is cut, not wrapped. */
  verbatim(text: string, style: Style): void {
    this.#flushWord();
    this.#begin();
    this.#fill(text, style);
  }

  /** Ends the line, even an empty one. */
  newline(): void {
    this.#flushWord();
    this.#begin();
    this.#setStyle("");
    this.#write("\n");
    this.#open = false;
    this.#space = false;
    this.#column = 0;
  }

  /** Ends the line if something is on it. */
  finish(): void {
    this.#flushWord();
    if (this.#open) this.newline();
    this.#space = false;
  }

  #begin(): void {
    if (this.#open) return;
    const prefix = this.#prefix();
    this.#write(prefix.text);
    this.#column = this.#lineStart = prefix.columns;
    this.#open = true;
  }

  #setStyle(style: Style): void {
    if (style === this.#style) return;
    if (this.#style !== "") this.#write("\x1b[0m");
    if (style !== "") this.#write(`\x1b[${style}m`);
    this.#style = style;
  }

  #put(text: string, style: Style): void {
    this.#setStyle(style);
    this.#write(text);
  }

  /** Writes text from the current column on, cutting it at the line's end. */
  #fill(text: string, style: Style): void {
    let rest = text;
    while (rest !== "") {
      const room = this.#columns - this.#column;
      const width = textWidth(rest);
      if (width <= room) {
        this.#put(rest, style);
        this.#column += width;
        return;
      }
      const taken = room > 0 ? fittingPrefix(rest, room) : "";
      if (taken !== "" && (textWidth(taken) <= room || this.#column === this.#lineStart)) {
        this.#put(taken, style);
        rest = rest.slice(taken.length);
      }
      if (rest !== "") this.#wrap();
    }
  }

  #wrap(): void {
    this.#setStyle("");
    this.#write("\n");
    this.#open = false;
    this.#begin();
  }

  /** Writes what of the unfinished word can no longer change. */
  #drain(): void {
    const word = this.#word.map((piece) => piece.text).join("");
    const capacity = this.#columns - this.#lineStart;
    const unspaced = !isPlain(word) && UNSPACED.test(word);
    if (!unspaced && textWidth(word) <= capacity) return;
    const settled = unspaced ? breaks(word).at(-1) ?? 0 : 0;
    if (settled > 0) this.#placeParts(settled);
    const rest = word.slice(settled);
    if (!this.#cutting && textWidth(rest) <= capacity) return;
    // The last grapheme may still grow: a combining mark or a joiner can follow.
    this.#cut(rest.length - (graphemes(rest).at(-1)?.length ?? 0));
  }

  /** Takes the first `length` UTF-16 units off the unfinished word. */
  #take(length: number): Piece[] {
    const taken: Piece[] = [];
    let left = length;
    while (left > 0) {
      const piece = this.#word.shift();
      if (piece === undefined) break;
      if (piece.text.length <= left) {
        taken.push(piece);
        left -= piece.text.length;
      } else {
        taken.push({ text: piece.text.slice(0, left), style: piece.style });
        this.#word.unshift({ text: piece.text.slice(left), style: piece.style });
        left = 0;
      }
    }
    return taken;
  }

  /** Writes the first `length` units of the word as parts between which a line may end. */
  #placeParts(length: number): void {
    const text = this.#word.map((piece) => piece.text).join("").slice(0, length);
    let start = 0;
    for (const end of [...breaks(text), text.length]) {
      this.#place(this.#take(end - start));
      start = end;
    }
  }

  #flushWord(): void {
    const length = this.#word.reduce((sum, piece) => sum + piece.text.length, 0);
    if (length > 0) this.#placeParts(length);
    this.#cutting = false;
  }

  /** Begins or goes on with a part that is wider than a line. */
  #cut(length: number): void {
    if (length <= 0) return;
    if (!this.#cutting) {
      if (this.#column > this.#lineStart) this.#wrap();
      this.#space = false;
      this.#cutting = true;
    }
    for (const piece of this.#take(length)) this.#fill(piece.text, piece.style);
  }

  /** One part that is not broken, on this line or on the next one. */
  #place(pieces: readonly Piece[]): void {
    if (!this.#cutting) {
      const width = textWidth(pieces.map((piece) => piece.text).join(""));
      const gap = this.#space && this.#column > this.#lineStart ? 1 : 0;
      if (this.#column + gap + width > this.#columns && this.#column > this.#lineStart) {
        this.#wrap();
      } else if (gap === 1) {
        this.#put(" ", pieces[0]?.style === this.#style ? this.#style : "");
        this.#column += 1;
      }
    }
    this.#cutting = false;
    this.#space = false;
    for (const piece of pieces) this.#fill(piece.text, piece.style);
  }
}

/** The places inside a text without white space where a line may end. */
function breaks(text: string): number[] {
  if (isPlain(text) || !UNSPACED.test(text)) return [];
  const found: number[] = [];
  let at = 0;
  let before = "";
  for (const grapheme of graphemes(text)) {
    const either = UNSPACED.test(before) || UNSPACED.test(grapheme);
    if (before !== "" && either && !NOT_FIRST.test(grapheme) && !NOT_LAST.test(before)) {
      found.push(at);
    }
    at += grapheme.length;
    before = grapheme;
  }
  return found;
}
