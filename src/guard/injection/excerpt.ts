/**
 * One line of a text, fit to be shown.
 * @module
 */

const LENGTH = 120;

/** What stands from `start` to `end`, without what cannot be seen or would disturb a terminal. */
export function excerptOf(text: string, start: number, end: number): string {
  // Twice as much is read as is shown, since blanks and what is invisible fall away.
  const line = text.slice(start, Math.min(end, start + 2 * LENGTH))
    .replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim();
  if (line.length <= LENGTH && end - start <= 2 * LENGTH) return line;
  const cut = line.slice(0, LENGTH - 1);
  // Never half of a pair.
  return `${/[\ud800-\udbff]$/u.test(cut) ? cut.slice(0, -1) : cut}…`;
}
