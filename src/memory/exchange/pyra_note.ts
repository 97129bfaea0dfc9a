/**
 * Notes that Pyra exported, and how they are known: imported again, they go back under their own names, byte
 * for byte.
 * @module
 */
import { splitText } from "../note/front_matter.ts";
import { noteName } from "../note/name.ts";
import type { Note } from "../note/note.ts";
import { freeName } from "./free_name.ts";
import type { ImportItem } from "./import_item.ts";
import { type Fields, textOf } from "./json_fields.ts";

/** The file that marks a folder or an archive; hidden, so that no program takes it for a note. */
export const EXPORT_MARK = ".pyra-export.json";

/** What stands in it. */
export function exportMark(facts: { readonly notes: number }): string {
  return `${JSON.stringify({ format: "pyra-notes", version: VERSION, ...facts })}\n`;
}

/** The version of the shape that `pyraNote` returns; the field by which such a note is known. */
const VERSION = 1;

/** `pyra_note`, the name, the facts, `front_matter` with its lines of dashes, and `body`. */
export function pyraNote(note: Note): Record<string, unknown> {
  const { head, fields, tail, body } = splitText(note.text);
  const front_matter = `${head}${fields}${tail}`;
  return { pyra_note: VERSION, name: note.name, ...note.facts, front_matter, body };
}

/** Whether an element of a JSON file is such a note. */
export function isPyraNote(element: Fields): boolean {
  return element.get("pyra_note") === VERSION && typeof element.get("name") === "string";
}

/** Such a note as it was. `base` is a folder to put it below; empty for its old place. */
export function pyraNoteItem(element: Fields, base: string): ImportItem[] {
  const name = textOf(element.get("name"));
  const text = `${textOf(element.get("front_matter"))}${textOf(element.get("body"))}`;
  return [exactItem(name, text, base)];
}

/** A note that goes back under its own name, as far as that is one. */
export function exactItem(name: string, text: string, base: string): ImportItem {
  return {
    source: `import pyra ${name}`,
    name: placedName(name, base),
    text,
    version: text,
    place: "",
    exact: true,
  };
}

function placedName(name: string, base: string): string {
  try {
    return noteName(base === "" ? name : `${base}/${name}`);
  } catch {
    return freeName(
      base,
      name.replace(/\.md$/i, "").split(/[\\/]/).filter((piece) => piece !== ""),
    );
  }
}
