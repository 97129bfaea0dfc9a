/**
 * Makes foreign text harmless for a terminal: nothing in it can move the cursor, set the title, write
 * the clipboard or reorder what the person reads.
 * @module
 */

/** C0 but tab and line feed, DEL, C1, the line separators, and the marks that reorder text. */
// deno-lint-ignore no-control-regex
const DANGEROUS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function visibleForm(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x0d) return "";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return code === 0x2028 || code === 0x2029 ? "\n" : "\ufffd";
}

/**
 * The text without control characters: each becomes a visible sign (`␛` for escape), a carriage
 * return vanishes; tab and line feed stay. Works piece by piece: the pieces of a text give what the
 * whole gives, as long as no surrogate pair is cut.
 */
export function sanitize(text: string): string {
  return text.toWellFormed().replace(DANGEROUS, visibleForm);
}

/** As `sanitize`, on one line: line feeds and tabs become spaces. For names, titles and status lines. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replace(/[\n\t]+/g, " ");
}

/** What was pasted, without C1 controls and marks that reorder text: an editor shows them as they are. */
export function withoutMarks(pasted: string): string {
  return pasted.replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** `sanitize` for a text in pieces cut anywhere, also inside a surrogate pair. */
export class Sanitizer {
  #half = "";

  /** A copy in the same state. */
  fork(): Sanitizer {
    const copy = new Sanitizer();
    copy.#half = this.#half;
    return copy;
  }

  /** The clean form of what is complete. */
  push(text: string): string {
    const input = this.#half + text;
    const last = input.charCodeAt(input.length - 1);
    const cut = last >= 0xd800 && last <= 0xdbff;
    this.#half = cut ? input.slice(-1) : "";
    return sanitize(cut ? input.slice(0, -1) : input);
  }

  /** What was held back. */
  end(): string {
    const rest = sanitize(this.#half);
    this.#half = "";
    return rest;
  }
}
