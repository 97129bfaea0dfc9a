/**
 * Takes secrets out of what a server answers, should it echo them.
 * @module
 */
import { BLOT, byLength, unbinary } from "../rpc/secret_forms.ts";

const MARK = new TextEncoder().encode(BLOT);
const NOTHING = new Uint8Array();

/** Blots forms out of a stream of bytes; holds back only what may be the beginning of one. */
export class Blotter {
  readonly #forms: readonly Uint8Array[];
  readonly #first = new Uint8Array(256);
  #held: Uint8Array = NOTHING;

  /** @param forms none empty */
  constructor(forms: readonly string[]) {
    this.#forms = byLength(forms).map(unbinary);
    for (const [byte = 0] of this.#forms) this.#first[byte] = 1;
  }

  /** What may be passed on now that `chunk` came, or, without one, that nothing more comes. */
  *push(chunk: Uint8Array = NOTHING): Generator<Uint8Array, void, undefined> {
    if (this.#forms.length === 0 && chunk.length > 0) return yield chunk;
    const data = new Uint8Array(this.#held.length + chunk.length);
    data.set(this.#held);
    data.set(chunk, this.#held.length);
    this.#held = NOTHING;
    const first = this.#first;
    let from = 0;
    for (let at = 0; at < data.length; at++) {
      if (first[data[at] ?? 0] === 0) continue;
      const length = this.#match(data, at, chunk === NOTHING);
      if (length === 0) continue;
      if (from < at) yield data.slice(from, at);
      from = at + length;
      if (from > data.length) {
        // It may be one, or not: what comes next tells.
        this.#held = data.slice(at);
        return;
      }
      yield MARK;
      at = from - 1;
    }
    if (from < data.length) yield data.slice(from);
  }

  /** The length of the longest form at `at`, or of one that may go on after the data's end. */
  #match(data: Uint8Array, at: number, last: boolean): number {
    for (const form of this.#forms) {
      let same = 0;
      while (same < form.length && data[at + same] === form[same]) same++;
      if (same === form.length || (!last && at + same === data.length)) return form.length;
    }
    return 0;
  }
}
