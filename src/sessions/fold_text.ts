/**
 * Text compared without regard to case and diacritics.
 * @module
 */

// Marks that may be left out in writing: Latin, Greek and Cyrillic accents, Hebrew points, Arabic
// vowels. Other scripts' marks are letters.
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
const FINAL_SIGMA = /ς/g;

/** The text in lower case without diacritics; its length may differ. */
export function foldText(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(MARKS, "").replace(FINAL_SIGMA, "σ");
}

/** Where a folded text begins in `text`, as an index of `text`; -1 if it does not occur. */
export function indexOfFolded(text: string, folded: string): number {
  const at = foldText(text).indexOf(folded);
  if (at < 0) return -1;
  let index = 0;
  let foldedLength = 0;
  for (const character of text) {
    foldedLength += foldText(character).length;
    if (foldedLength > at) break;
    index += character.length;
  }
  return index;
}

/** One line of some 80 characters around an index, with `…` where text was left out. */
export function excerpt(text: string, index: number): string {
  const from = index <= 30 ? 0 : boundary(text, index - 30);
  const to = boundary(text, Math.min(text.length, index + 60));
  const line = text.slice(from, to).replace(/\s+/g, " ").trim();
  return `${from > 0 ? "…" : ""}${line}${to < text.length ? "…" : ""}`;
}

/** Moves an index out of the middle of a surrogate pair. */
function boundary(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}
