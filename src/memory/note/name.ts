/**
 * Which names a note may have.
 *
 * A name is a relative path with `/`, in any script, that is the same file on Linux, macOS and Windows
 * and that a person can read. It is kept in Unicode's composed form (NFC).
 * @module
 */
import { PyraError } from "../../protocol/error.ts";

/** Bytes of UTF-8 in one piece of a name: names of temporary files are longer, and 255 is the most. */
const PIECE_LIMIT_BYTES = 200;
/** Bytes of UTF-8 in a whole name. */
const NAME_LIMIT_BYTES = 500;
/** Folders and file together. */
const DEPTH_LIMIT = 16;

/** The index writes these files at the top of the memory folder. */
const INDEX_FILES = new Set(["memory_index.md", "memory_index.json"]);
const ENDING = /\.md$/i;
/** Names that Windows keeps for devices, also with any ending. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;
const NOT_ON_WINDOWS = /[<>:"|?*]/;
/** Control characters, line separators, and what is invisible or turns the text around. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/u;

/** What most names look like: nothing below can be wrong with them, and 10,000 are looked at in a row. */
const USUAL =
  /^(?:[A-Za-z0-9_][A-Za-z0-9_ ().-]{0,99}\/){0,4}[A-Za-z0-9_][A-Za-z0-9_ ().-]{0,90}\.md$/;

const encoder = new TextEncoder();

function badName(typed: string, what: string): PyraError {
  const shown = typed.length > 60 ? `${typed.slice(0, 60)}…` : typed;
  return new PyraError("file", "bad_note_name", `${JSON.stringify(shown)} ${what}`, {
    hint: 'name it as in "knowledge/deno.md": folders and a name with "/" between them',
  });
}

/** Why no file in the memory folder can be reached by this name; `undefined` if one can. */
function danger(name: string): string | undefined {
  if (INDEX_FILES.has(name.toLowerCase())) return "is a file that Pyra's index writes";
  if (USUAL.test(name)) return undefined;
  if (name === "") return "is no name of a note";
  if (!name.isWellFormed()) return "is broken text";
  if (UNSEEN.test(name)) return "has a character that cannot be seen";
  if (name.includes("\\")) return 'has a "\\": folders are separated by "/"';
  if (name.startsWith("/") || /^[a-z]:/i.test(name)) {
    return "is a path from the top of the disk, a note's name begins in the memory folder";
  }
  const pieces = name.split("/");
  if (pieces.includes("")) return 'has nothing between two "/" or after the last one';
  if (pieces.some((piece) => piece === "." || piece === "..")) return "leads to other folders";
  if (pieces.some((piece) => piece.startsWith("."))) {
    return "has a hidden part, one with a dot first";
  }
  if (pieces.length > DEPTH_LIMIT) return `is deeper than ${DEPTH_LIMIT} folders`;
  if (pieces.some((piece) => encoder.encode(piece).length > PIECE_LIMIT_BYTES)) {
    return `has a part that is longer than ${PIECE_LIMIT_BYTES} bytes`;
  }
  if (encoder.encode(name).length > NAME_LIMIT_BYTES) {
    return `is longer than ${NAME_LIMIT_BYTES} bytes`;
  }
  return undefined;
}

/** Why the name is not possible on every system; `undefined` if it is. */
function narrowness(name: string): string | undefined {
  for (const piece of name.split("/")) {
    const [letter] = NOT_ON_WINDOWS.exec(piece) ?? [];
    if (letter !== undefined) return `has a ${letter}, which is not possible on Windows`;
    if (/[. ]$/.test(piece)) return "has a part that ends with a dot or a space";
    if (WINDOWS_DEVICE.test(piece)) {
      return `has the part "${piece}", which Windows keeps for itself`;
    }
  }
  return undefined;
}

function withEnding(name: string): string {
  return ENDING.test(name) ? name : `${name}.md`;
}

/**
 * The name that a new note gets: in composed form (NFC), with `.md`.
 * @throws {PyraError} code `bad_note_name`, saying what is wrong
 */
export function noteName(typed: string): string {
  const composed = typed.normalize("NFC");
  const name = withEnding(composed);
  // What was typed is looked at too: `notes/` would become the hidden file `notes/.md`.
  const wrong = danger(composed) ?? danger(name) ?? narrowness(composed) ?? narrowness(name);
  if (wrong !== undefined) throw badName(typed, wrong);
  return name;
}

/**
 * The name of a note that may be there already: also one that Windows would not allow, such as
 * `what now?.md` from another program.
 * @throws {PyraError} code `bad_note_name`
 */
export function presentNoteName(typed: string): string {
  const composed = typed.normalize("NFC");
  const name = withEnding(composed);
  const wrong = danger(composed) ?? danger(name);
  if (wrong !== undefined) throw badName(typed, wrong);
  return name;
}

/** The folder of a note, such as `knowledge/places`; empty at the top. */
export function categoryOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

/** Why a file that was found under this name is no note, as `has …` or `is …`; `undefined` if it is one. */
export function nameFault(name: string): string | undefined {
  return ENDING.test(name) ? danger(name.normalize("NFC")) : "does not end with .md";
}

/** Whether a file that was found under this name, relative to the memory folder, is a note. */
export function isNoteName(name: string): boolean {
  return nameFault(name) === undefined;
}
