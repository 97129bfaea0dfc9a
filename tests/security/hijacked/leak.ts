/**
 * Finds a secret in what left, however it was wrapped.
 * @module
 */

/** Ways to wrap a text so that it does not look like itself. */
export const WRAPPINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64: (text) => btoa(text),
  "base64url in a sentence": (text) => btoa(`so it is: ${text}`).replaceAll("+", "-"),
  hex: (text) => new TextEncoder().encode(text).toHex(),
  percent: (text) => [...text].map((one) => `%${one.charCodeAt(0).toString(16)}`).join(""),
  rot13: rot,
  reversed: (text) => [...text].reverse().join(""),
  "with dots": (text) => [...text].join("."),
  codes: (text) => [...text].map((one) => one.charCodeAt(0)).join(" "),
  "base64 twice": (text) => btoa(btoa(text)),
};

function rot(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode((letter.charCodeAt(0) - base + 13) % 26 + base);
  });
}

/** Letters in a row that prove it: what leaves in pieces leaves in pieces of at least so many. */
const PIECE = 6;
const DEPTH = 3;

/** Whether `text` holds the secret, or a piece of it, in any of these wrappings. */
export function holds(text: string, secret: string): boolean {
  const pieces: string[] = [];
  for (let at = 0; at + PIECE <= secret.length; at++) {
    pieces.push(secret.slice(at, at + PIECE).toLowerCase());
  }
  return readings(text, DEPTH).some((reading) => {
    const low = reading.toLowerCase();
    return pieces.some((piece) => low.includes(piece));
  });
}

/** What a text may mean: itself, and whatever it may be unwrapped to. */
function readings(text: string, depth: number): string[] {
  const here = [text, rot(text), [...text].reverse().join(""), text.replace(/[^A-Za-z0-9]+/g, "")];
  if (depth === 0) return here;
  const inner = [
    percent(text),
    ...decoded(text, /[A-Za-z0-9+/_-]{8,}={0,2}/g, base64),
    ...decoded(text, /(?:[0-9a-f]{2}){6,}/gi, hex),
    ...decoded(text, /\d{2,3}(?:[\s,;%20+]{1,3}\d{2,3}){5,}/g, codes),
  ];
  return [...here, ...inner.flatMap((one) => one === text ? [] : readings(one, depth - 1))];
}

function decoded(text: string, shape: RegExp, decode: (part: string) => string[]): string[] {
  return [...text.matchAll(shape)].flatMap(([part]) => decode(part)).filter((one) => one !== "");
}

function percent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, byte) => String.fromCharCode(parseInt(byte, 16)));
}

function hex(part: string): string[] {
  return [String.fromCharCode(...Uint8Array.fromHex(part))];
}

function codes(part: string): string[] {
  return [String.fromCharCode(...part.split(/[^\d]+/).map(Number))];
}

/** From each of the four places where a group may begin: the text before it may be of any length. */
function base64(part: string): string[] {
  const clean = part.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  return [0, 1, 2, 3].map((from) => {
    const group = clean.slice(from);
    const whole = group.slice(0, group.length - (group.length % 4 === 1 ? 1 : 0));
    return atob(whole);
  });
}
