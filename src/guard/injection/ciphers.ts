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
