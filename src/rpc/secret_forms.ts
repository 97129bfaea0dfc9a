/**
 * The ways in which a secret's value may be written, and what stands in its place. Who hands a secret out
 * (egress to a server, the kernel to a plugin) takes it out of what comes back.
 * @module
 */

/** What stands in the place of a secret. */
export const BLOT = "[secret]";
/** Base64 pieces shorter than this are met by chance; a secret of 8 bytes has them longer. */
const PIECE_CHARACTERS = 8;

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

/** The ways in which a secret's value may be written, one character a byte. */
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

/** A text without the forms, in the characters that these have. */
export function blotText(text: string, forms: readonly string[]): string {
  return byLength(forms).reduce((left, form) => left.replaceAll(form, BLOT), text);
}

/** Longest first: a form may begin with another, and the whole of it goes, not its beginning alone. */
export function byLength(forms: readonly string[]): string[] {
  return forms.toSorted((a, b) => b.length - a.length);
}
