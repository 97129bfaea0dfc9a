/**
 * Names and numbers of session files. Imports nothing, so that writing a session stays cheap.
 * @module
 */

/** The version of the format that this program writes. */
export const SESSION_VERSION = 1;
/** A line beyond this many bytes is skipped: two images of the size allowed still fit. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** So many characters of a session are kept when it is read; the oldest turns go first. */
export const MAX_STATE_CHARS = 64 * 1024 * 1024;

// Crockford's base 32, lower case: no letter that looks like a digit, in the order of ASCII.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 3;
const ID = /^[0-9a-hjkmnp-tv-z]{12}$/;
const SHORT_ID_LENGTH = 6;

let lastTime = 0;

/**
 * A new id: 12 characters, in the order of time, also within one millisecond of one process. Ids of
 * different half minutes differ in their first 6 characters.
 * @param now milliseconds since 1970
 */
export function newSessionId(now: number): string {
  lastTime = Math.max(now, lastTime + 1);
  let id = "";
  for (let rest = lastTime, digit = 0; digit < TIME_DIGITS; digit++) {
    id = ALPHABET.charAt(rest % 32) + id;
    rest = Math.floor(rest / 32);
  }
  for (const byte of crypto.getRandomValues(new Uint8Array(RANDOM_DIGITS))) {
    id += ALPHABET.charAt(byte % 32);
  }
  return id;
}

/** When the session of this id was made: milliseconds since 1970. */
export function timeOfId(id: string): number {
  let time = 0;
  for (const digit of id.slice(0, TIME_DIGITS)) time = time * 32 + ALPHABET.indexOf(digit);
  return time;
}

/** The file name of a session. */
export function sessionFileName(id: string): string {
  return `${id}.jsonl`;
}

/** The id in a session's file name, or `undefined` if it is none. */
export function idOfFileName(name: string): string | undefined {
  const id = name.endsWith(".jsonl") ? name.slice(0, -6) : "";
  return ID.test(id) ? id : undefined;
}

/** Each id's shortest start that no other shares, of 6 characters at least. @param ids sorted */
export function shortIds(ids: readonly string[]): Map<string, string> {
  const shared = (a: string, b: string | undefined): number => {
    let length = 0;
    while (b !== undefined && length < a.length && a[length] === b[length]) length++;
    return length;
  };
  return new Map(ids.map((id, at) => {
    const needed = Math.max(shared(id, ids[at - 1]), shared(id, ids[at + 1])) + 1;
    return [id, id.slice(0, Math.max(needed, SHORT_ID_LENGTH))];
  }));
}
