/**
 * The beginning of a text for models, which may go on for long.
 * @module
 */

/** The first sentence of a text; all of it if it has no end. */
export function firstSentence(text: string): string {
  return /^[^]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
