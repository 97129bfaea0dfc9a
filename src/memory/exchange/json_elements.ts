/**
 * The elements of a long JSON list, one at a time: an export of years of talk is larger than a string may
 * be, and its parsing at once would hold the thread for seconds.
 * @module
 */
import { TimeSlice } from "../index/time_slice.ts";

/** What stands in the file: a value, or what is wrong with one. */
export type JsonElement =
  | { readonly kind: "value"; readonly value: unknown; readonly done: number }
  | { readonly kind: "too_large"; readonly done: number }
  | { readonly kind: "broken"; readonly done: number }
  | { readonly kind: "truncated"; readonly done: number };

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const SPACES: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/**
 * Reads a list's elements, or values that follow each other (JSON lines, or just one). `done` counts the
 * bytes read. What is larger than `limit` bytes is passed over. @throws the signal's reason
 */
export async function* jsonElements(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  signal?: AbortSignal,
): AsyncGenerator<JsonElement> {
  const scanner = new ElementScanner(limit);
  const slice = new TimeSlice();
  for await (const chunk of chunks) {
    for (const found of scanner.push(chunk)) {
      yield found === "too_large"
        ? { kind: found, done: scanner.done }
        : parsed(found, scanner.done);
      await slice.pause(signal);
    }
    await slice.pause(signal);
  }
  for (const found of scanner.end()) {
    yield typeof found === "string"
      ? { kind: found, done: scanner.done }
      : parsed(found, scanner.done);
  }
}

function parsed(bytes: Uint8Array, done: number): JsonElement {
  try {
    return { kind: "value", value: JSON.parse(new TextDecoder().decode(bytes)), done };
  } catch {
    return { kind: "broken", done };
  }
}

/** Finds where elements begin and end, and looks at nothing else. */
class ElementScanner {
  /** Bytes seen before the present chunk, with it at its end. */
  done = 0;
  readonly #limit: number;
  /** The pieces of the element that began in an earlier chunk. */
  #pieces: Uint8Array[] = [];
  #size = 0;
  #isOpen = false;
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #list: "none" | "open" | "closed" = "none";
  #isFirst = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  *push(chunk: Uint8Array): Generator<Uint8Array | "too_large"> {
    this.done += chunk.length;
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#inText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#inText = false;
        continue;
      }
      if (this.#depth > 0) {
        if (byte === QUOTE) this.#inText = true;
        else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
        else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --this.#depth === 0) {
          yield this.#take(chunk.subarray(start, at + 1));
        }
        continue;
      }
      if (SPACES.includes(byte) || byte === COMMA || byte === CLOSE_LIST) {
        if (this.#isOpen) yield this.#take(chunk.subarray(start, at));
        if (byte === CLOSE_LIST && this.#list === "open") this.#list = "closed";
        continue;
      }
      if (this.#isFirst && BYTE_ORDER_MARK.includes(byte)) continue;
      if (this.#isFirst && byte === OPEN_LIST) {
        this.#list = "open";
        this.#isFirst = false;
        continue;
      }
      this.#isFirst = false;
      if (!this.#isOpen) {
        this.#isOpen = true;
        start = at;
      }
      if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
    }
    if (this.#isOpen) this.#keep(chunk.subarray(start));
  }

  /** What is left when the bytes end. */
  *end(): Generator<Uint8Array | "too_large" | "truncated"> {
    const isWhole = this.#depth === 0 && !this.#inText;
    if (this.#isOpen && isWhole) yield this.#take(new Uint8Array());
    if (!isWhole || this.#list === "open") yield "truncated";
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    // The reader may use the chunk's memory again.
    if (this.#size <= this.#limit) this.#pieces.push(piece.slice());
    else this.#pieces = [];
  }

  #take(last: Uint8Array): Uint8Array | "too_large" {
    const size = this.#size + last.length;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    this.#isOpen = false;
    if (size > this.#limit) return "too_large";
    if (pieces.length === 0) return last;
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of [...pieces, last]) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}
