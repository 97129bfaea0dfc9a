/**
 * The `#tags` in a note's text, as Obsidian and Logseq read them.
 * @module
 */

/** The most tags of one note: a list of colours in a style sheet is no list of tags. */
const TAG_LIMIT = 30;
const SCANNED_CHARACTERS = 200_000;
/** `#tag/below`, with at least one character that is no digit; or Logseq's `#[[two words]]`. */
const TAG =
  /(?<=^|[\s(,;])#(?:\[\[([^[\]\n]{1,80})\]\]|((?=[\d_/-]*\p{L})[\p{L}\p{M}\p{N}_/-]{1,80}))/gu;

/** The tags in their order, each once, outside of code. */
export function inlineTags(body: string): string[] {
  const tags = new Set<string>();
  const prose = body.slice(0, SCANNED_CHARACTERS)
    // The fence is taken whole or not at all: tried shorter, a long one would take its length's square.
    .replace(/^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))/gm, "")
    .replace(/`[^`\n]*`/g, "");
  for (const [, phrase, word] of prose.matchAll(TAG)) {
    const tag = (phrase ?? word ?? "").trim().replace(/[/-]+$/, "");
    if (tag !== "") tags.add(tag);
    if (tags.size === TAG_LIMIT) break;
  }
  return [...tags];
}
