/**
 * Takes secrets out of what a server answers, should it echo them.
 * @module
 */

/** What stands in the place of a secret. */
export const BLOT = "[secret]";
/** Base64 pieces shorter than this are met by chance; a secret of 8 bytes has them longer. */
const PIECE_CHARACTERS = 8;

const MARK = new TextEncoder().encode(BLOT);
const NOTHING = new Uint8Array();

/** Text of bytes and bytes of text, one character a byte. */
export function binary(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The bytes of what `binary` gave. */
export function unbinary(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A value as it stands in a path: what would end the path or a part of it is escaped. */
export function pathForm(value: string): string {
  return encodeURI(value).replace(/[/?#]/g, encodeURIComponent);
}

/** The ways in which a server may write a secret's value, one character a byte. */
export function formsOf(secret: string): string[] {
  const value = secret.toWellFormed();
  const bytes = binary(new TextEncoder().encode(value));
  const percent = encodeURIComponent(value);
  const texts = [
    value,
    JSON.stringify(value).slice(1, -1),
    percent,
    percent.replace(/%../g, (escape) => escape.toLowerCase()),
    pathForm(value),
    encodeURI(value),
    new URLSearchParams([["", value]]).toString().slice(1),
  ].map((form) => binary(new TextEncoder().encode(form)));
  // Inside a longer base64 text only the characters that lie wholly in the value are the same, and
  // which these are depends on where in a group of three bytes it begins.
  const pieces = [0, 1, 2].map((before) =>
    btoa("\0".repeat(before) + bytes)
      .slice(Math.ceil(before * 8 / 6), Math.floor((before + bytes.length) * 8 / 6))
  ).filter((piece) => piece.length >= PIECE_CHARACTERS);
  const base64 = [btoa(bytes), ...pieces];
  const safe = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const all = [...texts, ...base64, ...safe, ...base64.map(encodeURIComponent)];
  return [...new Set(all)].filter(Boolean);
}

/** A header's value, one character a byte, without the forms. */
export function blotText(text: string, forms: readonly string[]): string {
  return byLength(forms).reduce((left, form) => left.replaceAll(form, BLOT), text);
}

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

/** A form may begin with another: the whole of it goes, not its beginning alone. */
function byLength(forms: readonly string[]): string[] {
  return forms.toSorted((a, b) => b.length - a.length);
}
