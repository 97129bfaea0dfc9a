/**
 * Text of which every character shall be seen.
 * @module
 */

/**
 * What draws, reorders or hides: control characters, line separators, the marks that reorder text, what
 * has no width, tags.
 */
const UNSEEN = new RegExp(
  "[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f" +
    "\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]|\\p{Surrogate}",
  "gu",
);

/** The text on one line, with `\u009b` for what would not be seen. JSON stays the same JSON. */
export function escaped(text: string): string {
  return text.replace(UNSEEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""));
}
