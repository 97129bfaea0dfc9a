/**
 * Foreign names as names of notes: any file name and any title becomes one that every system can hold.
 * @module
 */
import { noteName } from "../note/name.ts";

/** The most bytes of one piece of a name: a note's ending and ` (imported 99)` still fit behind it. */
const PIECE_BYTES = 150;
/** The most bytes of a whole name, with the same room. */
const NAME_BYTES = 440;
const DEEPEST = 12;

/** Characters that Windows refuses or that lead elsewhere, and control bytes. */
const DIVIDING = /[<>:|\\/\p{Cc}]/gu;
const DECORATING = /[?*]/g;
/** What cannot be seen or turns the text around; not the joiners that emoji and Persian need. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/** One piece of a path: `Why? A: B` becomes `Why A- B`. Never empty. */
export function freePiece(foreign: string, bytes = PIECE_BYTES): string {
  const readable = foreign.toWellFormed().normalize("NFC")
    .replace(/[\t\r\n]+/g, " ")
    .replace(DIVIDING, "-")
    .replace(DECORATING, "")
    .replaceAll('"', "'")
    .replace(INVISIBLE, "")
    .replace(/\s+/g, " ");
  const piece = cutToBytes(readable.replace(/^[. ]+/, ""), bytes).replace(/[. ]+$/, "");
  if (piece === "" || /^-+$/.test(piece)) return "untitled";
  return RESERVED.test(piece) ? `_${piece}` : piece;
}

/**
 * The name of a note in `base` (empty for the top) by the pieces of a foreign path, the last one without
 * `.md`. What is too deep is flattened, what is too long is cut; two foreign paths may get one name.
 */
export function freeName(base: string, pieces: readonly string[]): string {
  const inBase = base === "" ? [] : base.split("/");
  const free = pieces.map((piece) => freePiece(piece));
  const room = Math.max(1, DEEPEST - inBase.length);
  const last = free.pop() ?? "untitled";
  const folders = free.length > room ? [...free.slice(0, room)] : free;
  while (folders.length > 0 && byteLength([...inBase, ...folders, last].join("/")) > NAME_BYTES) {
    folders.pop();
  }
  return checked([...inBase, ...folders, `${last}.md`].join("/"), inBase);
}

/** The last guard: what the store's own rule refuses all the same gets a name without words. */
function checked(name: string, inBase: readonly string[]): string {
  try {
    return noteName(name);
  } catch {
    return noteName([...inBase, "untitled.md"].join("/"));
  }
}

/** The same name with a word before its ending: `a/b.md` becomes `a/b (2).md`. */
export function nameWith(name: string, word: string): string {
  return `${name.replace(/\.md$/i, "")} (${word}).md`;
}

/** What two names share that one file would hold on a disk which ignores case. */
export function sameFileKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/**
 * The folder that the person named, without slashes around it; empty for none.
 * @throws {PyraError} `bad_note_name`
 */
export function categoryFolder(typed: string): string {
  const folder = typed.replace(/^\/+|\/+$/g, "");
  return folder === "" ? "" : noteName(`${folder}/x`).replace(/\/x\.md$/, "");
}

/** The longest beginning that has at most so many bytes of UTF-8, cut between characters. */
function cutToBytes(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text;
  let end = 0, size = 0;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, bytes))) {
    size += byteLength(segment);
    if (size > bytes) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
