/**
 * What redaction finds.
 * @module
 */

/** One secret in a text. */
export interface Secret {
  /** Offsets in UTF-16 units; `end` is behind the last one. */
  readonly start: number;
  readonly end: number;
  /** What it is, lower case: `github token`. */
  readonly kind: string;
}

/** What every mask begins with. */
export const MASK_START = "[redacted: ";

/** What stands in a secret's place. */
export function maskOf(kind: string): string {
  return `${MASK_START}${kind}]`;
}

/** In order and without overlaps; of two that overlap one remains that covers both. */
export function joinSecrets(secrets: readonly Secret[]): Secret[] {
  const joined: Secret[] = [];
  for (const secret of secrets.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last === undefined || secret.start >= last.end) joined.push(secret);
    else if (secret.end > last.end) joined[joined.length - 1] = { ...last, end: secret.end };
  }
  return joined;
}

/** The text with a mask for each secret. */
export function masked(text: string, secrets: readonly Secret[]): string {
  let from = 0;
  const pieces: string[] = [];
  for (const { start, end, kind } of secrets) {
    pieces.push(text.slice(from, start), maskOf(kind));
    from = end;
  }
  pieces.push(text.slice(from));
  return pieces.join("");
}
