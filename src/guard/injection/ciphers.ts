/**
 * Ciphers that keep the letters.
 * @module
 */

/** Each letter as the one 13 further. */
export function rotated(text: string): string {
  return text.replaceAll(/[a-z]/giu, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode((letter.charCodeAt(0) - base + 13) % 26 + base);
  });
}

/** From its end to its beginning. */
export function reversed(text: string): string {
  return [...text].reverse().join("");
}

/** Codes by their number: 1, then for each dot twice as much, for each dash one more than that. */
const MORSE = "  etianmsurwdkgohvf l pjbxcyzq";

/** What dots and dashes say; a slash, a bar or several blanks part words. */
export function fromMorse(code: string): string {
  const words = code.trim().split(/ ?[/|] ?| {2,}/);
  return words.map((word) => word.split(" ").map(morseLetter).join("")).join(" ");
}

function morseLetter(code: string): string {
  let at = 1;
  for (const sign of code) at = 2 * at + (sign === "-" ? 1 : 0);
  return MORSE[at] ?? "";
}
