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

/** The ways in which a server may write a secret's value. */
export function formsOf(secret: string): Uint8Array[] {
  if (secret === "") return [];
  const value = secret.toWellFormed();
  const bytes = binary(new TextEncoder().encode(value));
  const percent = encodeURIComponent(value);
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    percent,
    percent.replace(/%../g, (escape) => escape.toLowerCase()),
    pathForm(value),
    encodeURI(value),
    new URLSearchParams([["", value]]).toString().slice(1),
  ].map((form) => binary(new TextEncoder().encode(form)));
  // Whole, and as it stands inside a longer text: there only the characters that lie wholly in the
  // value are the same, and which these are depends on where in a group of three bytes it begins.
  const base64 = [btoa(bytes), btoa(bytes).replace(/=+$/, "")];
  for (const before of [0, 1, 2]) {
    const bits = bytes.length * 8;
    const from = Math.ceil(before * 8 / 6);
    const to = Math.floor((before * 8 + bits) / 6);
    const piece = btoa("\0".repeat(before) + bytes).slice(from, to);
    if (piece.length >= PIECE_CHARACTERS) base64.push(piece);
  }
  for (const form of base64) {
    forms.push(form, form.replaceAll("+", "-").replaceAll("/", "_"), encodeURIComponent(form));
  }
  return [...new Set(forms)].map(unbinary);
}

/** Blots forms out of a stream of bytes; holds back only what may be the beginning of one. */
export class Blotter {
  readonly #forms: readonly Uint8Array[];
  readonly #first = new Uint8Array(256);
  #held: Uint8Array = NOTHING;

  /** @param forms none empty */
  constructor(forms: readonly Uint8Array[]) {
    // A form may begin with another: the whole of it goes, not its beginning alone.
    this.#forms = forms.toSorted((a, b) => b.length - a.length);
    for (const [byte = 0] of forms) this.#first[byte] = 1;
  }

  /** What may be passed on now that `chunk` came. */
  push(chunk: Uint8Array): Uint8Array {
    return this.#scan(chunk, { last: false });
  }

  /** What was held back, when nothing more comes. */
  flush(): Uint8Array {
    return this.#scan(NOTHING, { last: true });
  }

  #scan(chunk: Uint8Array, { last }: { last: boolean }): Uint8Array {
    if (this.#forms.length === 0) return chunk;
    const data = this.#held.length > 0 ? concat([this.#held, chunk]) : chunk;
    this.#held = NOTHING;
    const clean: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < data.length;) {
      const found = this.#first[data[at] ?? 0] ? this.#match(data, at, last) : 0;
      if (found === "unsure") {
        // A copy, so that a small tail does not keep a large chunk alive.
        this.#held = data.slice(at);
        return concat([...clean, data.subarray(from, at)]);
      }
      if (found > 0) {
        clean.push(data.subarray(from, at), MARK);
        from = at + found;
      }
      at += found || 1;
    }
    return clean.length > 0 ? concat([...clean, data.subarray(from)]) : data;
  }

  /** The length of the longest form at `at`; `unsure` if one may go on after the data's end. */
  #match(data: Uint8Array, at: number, last: boolean): number | "unsure" {
    for (const form of this.#forms) {
      let length = 0;
      while (length < form.length && data[at + length] === form[length]) length++;
      if (length === form.length) return length;
      if (!last && at + length === data.length) return "unsure";
    }
    return 0;
  }
}

/** A header's value (one character a byte) without the forms. */
export function blotText(text: string, forms: readonly Uint8Array[]): string {
  const blotter = new Blotter(forms);
  return binary(concat([blotter.push(unbinary(text)), blotter.flush()]));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
