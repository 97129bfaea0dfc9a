/**
 * Letters as they are compared: one width, one case, no accents.
 * @module
 */

/** Accents of Latin, Greek and Cyrillic; the signs of other scripts are letters to their readers. */
const ACCENTS = /[\u0300-\u036f]/gu;
/** Letters that carry their mark within, which no decomposition takes off. */
const LETTERS: Readonly<Record<string, string>> = {
  "ß": "ss",
  "æ": "ae",
  "œ": "oe",
  "ø": "o",
  "đ": "d",
  "ð": "d",
  "ł": "l",
  "þ": "th",
  "ı": "i",
  "ς": "σ",
};
const MARKED = /[ßæœøđðłþıς]/gu;
const PLAIN = /^[\0-\x7f]*$/u;

/** One case and one width (NFKC), accents kept: what a stemmer wants. */
function lowerCase(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text.normalize("NFKC").toLowerCase().normalize("NFC");
}

/** What is left when case, width and accents do not count. Several letters may come of one. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return lowerCase(text)
    // Russian writers leave the dots of ё out, but й is not и.
    .replaceAll("й", "\u{e000}")
    .normalize("NFD")
    .replace(ACCENTS, "")
    .normalize("NFC")
    .replaceAll("\u{e000}", "й")
    .replace(MARKED, (letter) => LETTERS[letter] ?? letter);
}
