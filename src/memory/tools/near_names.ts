/**
 * The notes that a name which does not exist may have meant.
 * @module
 */
import { editDistance } from "../../protocol/edit_distance.ts";

/** More names are not compared letter by letter: that would take a moment that is noticed. */
const COMPARED = 5_000;
/** Errors in a word that still mean it, of its letters. */
const MEANT_SHARE = 0.4;

/**
 * The names most like the one that was typed, the nearest first: those that hold it, and those that
 * differ by a few letters. The folder may be missing.
 * @param most how many at most
 */
export function nearNames(typed: string, names: readonly string[], most = 8): string[] {
  const word = plain(typed);
  if (word === "") return [];
  const found: { readonly name: string; readonly distance: number }[] = [];
  let compared = 0;
  for (const name of names) {
    const candidate = plain(name);
    let distance = heldDistance(word, candidate);
    if (distance === undefined && compared < COMPARED) {
      compared++;
      distance = Math.min(
        errorsBetween(word, candidate),
        errorsBetween(lastPart(word), lastPart(candidate)) + 0.5,
      );
    }
    if (distance !== undefined && distance !== Infinity) found.push({ name, distance });
  }
  return found.sort((one, other) =>
    one.distance - other.distance || (one.name < other.name ? -1 : 1)
  ).slice(0, most).map(({ name }) => name);
}

/** How far a name is that holds the whole word; `undefined` if it does not. */
function heldDistance(word: string, candidate: string): number | undefined {
  if (word === candidate || word === lastPart(candidate)) return 0;
  // One letter is held by nearly every name.
  if (word.length < 2 || !candidate.includes(word)) return undefined;
  return lastPart(candidate).startsWith(word) ? 0.25 : 0.75;
}

/** The errors between two words; `Infinity` if there are too many for one to mean the other. */
function errorsBetween(word: string, other: string): number {
  const limit = Math.max(1, Math.floor(word.length * MEANT_SHARE));
  if (Math.abs(word.length - other.length) > limit) return Infinity;
  const errors = editDistance(word, other);
  return errors > limit ? Infinity : errors;
}

function plain(name: string): string {
  return name.normalize("NFC").toLowerCase().replace(/\.md$/, "");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
