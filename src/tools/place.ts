/**
 * Places that a call reads and writes, as rules compare them: by their names alone, part by part.
 * Whatever could mean another place than it says is no place.
 * @module
 */
import { isPlain } from "../protocol/foreign_text.ts";

/** A folder, a file, or a noun such as `notes/work`. */
export interface Place {
  /** Places of different roots have nothing to do with each other: `/`, `C:`, `\\server\share`, or none. */
  readonly root: string;
  readonly parts: readonly string[];
}

/** UTF-16 units. */
const PLACE_UNITS = 4_096;

/**
 * Reads a place. `undefined`: it has `.`, `..` or empty parts, control characters, or one of the
 * spellings by which Windows has several names for one file.
 */
export function placeOf(text: string): Place | undefined {
  if (text === "" || text.length > PLACE_UNITS || !isPlain(text)) return undefined;
  if (text.startsWith("/")) return placed("/", text.slice(1), /\//);
  const [, drive, share] = /^([A-Za-z]:)[\\/]|^(\\\\[^\\/.?]+\\[^\\/]+)(?:\\|$)/.exec(text) ?? [];
  if (drive !== undefined) return onWindows(placed(drive.toUpperCase(), text.slice(3), /[\\/]/));
  if (share !== undefined) {
    return onWindows(placed(share.toLowerCase(), text.slice(share.length + 1), /[\\/]/));
  }
  return /^[~*]|[\\:]/.test(text) ? undefined : placed("", text, /\//);
}

/** The place as text; what it reads as is the same place. */
export function placeText({ root, parts }: Place): string {
  if (root === "" || root === "/") return root + parts.join("/");
  return `${root}\\${parts.join("\\")}`;
}

/** Whether a place is that folder or something in it. */
export function isWithin(inner: Place, outer: Place): boolean {
  return inner.root === outer.root &&
    outer.parts.every((part, at) => part === inner.parts[at]);
}

/** Whether one may be in the other, also where file systems take spellings for the same name. */
export function mayMeet(one: Place, other: Place): boolean {
  const [a, b] = [folded(one), folded(other)];
  return isWithin(a, b) || isWithin(b, a);
}

function placed(root: string, rest: string, separator: RegExp): Place | undefined {
  const parts = rest.split(separator);
  if (parts.at(-1) === "" && (parts.length > 1 || root !== "")) parts.pop();
  return parts.some((part) => part === "" || part === "." || part === "..")
    ? undefined
    : { root, parts };
}

function onWindows(place: Place | undefined): Place | undefined {
  // Ends that are cut off, streams, wildcards.
  const isOdd = place?.parts.some((part) => /[. ]$|[:*?"<>|]/.test(part)) ?? true;
  return isOdd ? undefined : place;
}

function folded({ root, parts }: Place): Place {
  const fold = (text: string) => text.normalize("NFKC").toLowerCase().normalize("NFKC");
  return { root: fold(root), parts: parts.map(fold) };
}
