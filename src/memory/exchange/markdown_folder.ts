/**
 * Folders of Markdown: plain ones, vaults of Obsidian, graphs of Logseq, and exports of Pyra.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { splitText } from "../note/front_matter.ts";
import { isNoteName } from "../note/name.ts";
import type { Note } from "../note/note.ts";
import { NOTE_LIMIT_BYTES, readNote } from "../note/read_note.ts";
import { TimeSlice } from "../index/time_slice.ts";
import { freeName } from "./free_name.ts";
import type { ImportPiece } from "./import_item.ts";
import { inlineTags } from "./inline_tags.ts";
import { isLogseqPage, logseqPage, withoutBlockMarks } from "./logseq.ts";
import { exactItem } from "./pyra_note.ts";
import { readWhole, type SourceTree } from "./source_tree.ts";
import { withFacts } from "./written_facts.ts";

/** The kinds of Markdown folders. */
export type FolderKind = "markdown" | "obsidian" | "logseq" | "pyra";

const ENDING = /\.(?:md|markdown)$/i;

/** Reads a tree's notes. `base` is the folder they go to; empty for the top. */
export async function* folderPieces(
  tree: SourceTree,
  kind: FolderKind,
  base: string,
  signal: AbortSignal,
): AsyncGenerator<ImportPiece> {
  const isNote = kind === "logseq" ? isLogseqPage : kind === "pyra" ? isNoteName : isMarkdown;
  const notes = tree.paths.filter(isNote);
  const others = tree.paths.length - notes.length;
  if (others > 0) yield { kind: "skip", reason: "attachments", path: "", count: others };
  const slice = new TimeSlice();
  for (const [index, path] of notes.entries()) {
    await slice.pause(signal);
    yield* await notePieces(tree, path, kind, base);
    yield { kind: "progress", done: index + 1, total: notes.length };
  }
}

function isMarkdown(path: string): boolean {
  return ENDING.test(path);
}

async function notePieces(
  tree: SourceTree,
  path: string,
  kind: FolderKind,
  base: string,
): Promise<ImportPiece[]> {
  try {
    if (await tree.size(path) > NOTE_LIMIT_BYTES) {
      return [{ kind: "skip", reason: "too_large", path, message: "the file is larger than 4 MB" }];
    }
    const bytes = await readWhole(tree, path, NOTE_LIMIT_BYTES);
    const note = await readNote(path, utf8(bytes));
    const [message] = note.problems;
    if (note.text === "" && message !== undefined) {
      return [{ kind: "skip", reason: "unreadable", path, message }];
    }
    if (note.text === "" && kind !== "pyra") return [{ kind: "skip", reason: "empty", path }];
    const item = await itemOf(tree, note, kind, base);
    const isLossy = note.problems.some((problem) => problem.includes("UTF-8"));
    return [
      { kind: "note", item },
      ...(isLossy ? [{ kind: "problem", path, message: message ?? "" } as const] : []),
    ];
  } catch (thrown) {
    if (!(thrown instanceof PyraError) || thrown.code !== "import_unreadable") throw thrown;
    return [{ kind: "skip", reason: "unreadable", path, message: thrown.message }];
  }
}

/** Text of Windows' old editors (UTF-16 with its mark) as UTF-8. */
function utf8(bytes: Uint8Array): Uint8Array {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : undefined;
  if (encoding === undefined) return bytes;
  return new TextEncoder().encode(new TextDecoder(encoding).decode(bytes));
}

async function itemOf(
  tree: SourceTree,
  note: Note,
  kind: FolderKind,
  base: string,
): Promise<(ImportPiece & { kind: "note" })["item"]> {
  const path = note.name;
  if (kind === "pyra") return exactItem(path, note.text, base);
  const page = kind === "logseq" ? logseqPage(path) : undefined;
  const text = page ? withoutBlockMarks(note.text) : note.text;
  const source = `import ${kind} ${tree.name}/${path}`;
  const tags = inlineTags(note.body).filter((tag) => !note.facts.keywords.includes(tag));
  const hasFields = splitText(text).tail !== "";
  const keywords = hasFields ? tags : [...note.facts.keywords, ...tags];
  const facts = {
    // Without a front matter these are properties in the text, which one above it would hide.
    ...(hasFields || note.facts.summary === "" ? {} : { summary: note.facts.summary }),
    ...(keywords.length === 0 ? {} : { keywords }),
    created: page?.day,
    updated: await tree.modified(path),
    source,
  };
  const pieces = page?.pieces ?? path.replace(ENDING, "").split("/");
  return {
    source,
    name: freeName(base, pieces),
    text: await withFacts({ ...note, text }, facts),
    version: note.text,
    place: tree.place,
  };
}
