/**
 * A passage's terms as numbers: what a search weighs hundreds of passages by without reading their text.
 *
 * The form: for each field in the order of `FIELDS` its terms' codes, a `0` between fields; unsigned
 * 32-bit numbers in the machine's order.
 * @module
 */

/** The fields of a passage, as the columns of `memory_fts`. */
export const FIELDS = ["path", "summary", "keywords", "heading", "body"] as const;

/** A passage's terms by field. */
export type FieldTerms = Readonly<Record<(typeof FIELDS)[number], readonly string[]>>;

/** The code of a term: FNV-1a over its UTF-16 units, never 0. Two terms that share one are very rare. */
export function termCode(term: string): number {
  let code = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) {
    code = Math.imul(code ^ term.charCodeAt(at), 0x01000193);
  }
  // FNV leaves the upper bits of short words alike.
  code ^= code >>> 15;
  return (code >>> 0) || 1;
}

/** The codes of a passage. */
export function encodeTerms(fields: FieldTerms): Uint8Array<ArrayBuffer> {
  const length = FIELDS.reduce((sum, field) => sum + fields[field].length + 1, -1);
  const codes = new Uint32Array(length);
  let at = 0;
  for (const field of FIELDS) {
    for (const term of fields[field]) codes[at++] = termCode(term);
    at++;
  }
  return new Uint8Array(codes.buffer);
}

/** The codes as they were written; bytes that are none give an empty passage. */
export function decodeTerms(bytes: unknown): Uint32Array {
  if (!(bytes instanceof Uint8Array) || bytes.byteLength % 4 !== 0) return new Uint32Array();
  if (bytes.byteOffset % 4 === 0) {
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }
  return new Uint32Array(bytes.slice().buffer);
}
