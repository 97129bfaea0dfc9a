/**
 * Export: all notes as they are, to a folder, an archive or lines of JSON.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { TimeSlice } from "../index/time_slice.ts";
import { isNoteName } from "../note/name.ts";
import { decodeNote, isBinary, readNoteText } from "../note/read_note.ts";
import type {
  ExportFormat,
  ExportOptions,
  ExportReport,
  ExportSource,
  ImportProblem,
} from "./exchange.ts";
import { openOutput, type StoredNote } from "./export_output.ts";
import { pyraNote } from "./pyra_note.ts";
import { openFolder, readWhole, type SourceTree } from "./source_tree.ts";

/** The largest file that is copied, bytes. */
const COPY_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Writes all notes to `path`: a folder that is missing or empty, or a new file. What an unfinished export wrote
 * is removed.
 * @throws {PyraError} `export_exists`, `export_unwritable`, `export_too_large`; the signal's reason
 */
export async function exportNotes(
  source: ExportSource,
  output: { readonly path: string },
  options: ExportOptions,
): Promise<ExportReport> {
  const { signal, progress } = options;
  const format = options.format ?? formatOf(output.path);
  const problems: ImportProblem[] = [];
  const problem = (name: string, message: string) => void problems.push({ name, message });
  using tree = await openNotes(source, signal);
  const names = tree.paths.filter(isNoteName);
  await using target = await openOutput(output.path, format, names.length);
  let notes = 0;
  let size_bytes = 0;
  for await (const note of storedNotes(tree, { signal, problem })) {
    const isText = format !== "json" && format !== "jsonl";
    const content = isText ? note.bytes : await lineOf(note, problem);
    if (content === undefined) continue;
    await target.add({ ...note, bytes: content });
    notes++;
    size_bytes += note.bytes.length;
    progress?.({ done: notes, total: names.length });
  }
  await target.finish(notes);
  return { format, notes, size_bytes, problems };
}

/** All notes as lines of JSON, each with its line end. What cannot be read is left out. */
export async function* noteLines(
  source: ExportSource,
  signal: AbortSignal,
): AsyncGenerator<string> {
  using tree = await openNotes(source, signal);
  const ignore = () => undefined;
  for await (const note of storedNotes(tree, { signal, problem: ignore })) {
    const line = await lineOf(note, ignore);
    if (line !== undefined) yield `${new TextDecoder().decode(line)}\n`;
  }
}

function formatOf(path: string): ExportFormat {
  const [, ending = ""] = /\.(zip|json|jsonl)$/i.exec(path) ?? [];
  const format = ending.toLowerCase();
  return format === "zip" || format === "json" || format === "jsonl" ? format : "folder";
}

/** The notes' files; a profile without notes has no folder. */
async function openNotes({ folder }: ExportSource, signal: AbortSignal): Promise<SourceTree> {
  signal.throwIfAborted();
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PyraError("file", "note_unreadable", "the memory folder cannot be read", { cause });
  }
  return await openFolder(folder, signal);
}

async function* storedNotes(
  tree: SourceTree,
  { signal, problem }: {
    readonly signal: AbortSignal;
    readonly problem: (name: string, message: string) => void;
  },
): AsyncGenerator<StoredNote> {
  const slice = new TimeSlice();
  for (const path of tree.paths.filter(isNoteName)) {
    await slice.pause(signal);
    try {
      const bytes = await readWhole(tree, path, COPY_LIMIT_BYTES);
      const modified = await tree.modified(path) ?? 0;
      yield { name: path.normalize("NFC"), bytes, modified };
    } catch (thrown) {
      if (!(thrown instanceof PyraError) || thrown.code !== "import_unreadable") throw thrown;
      problem(path, `${thrown.message}: it was left out`);
    }
  }
}

async function lineOf(
  { name, bytes }: StoredNote,
  problem: (name: string, message: string) => void,
): Promise<Uint8Array | undefined> {
  if (isBinary(bytes)) {
    problem(name, "this is no text and was left out: a folder or a .zip takes it");
    return undefined;
  }
  const { text, valid } = decodeNote(bytes);
  if (!valid) problem(name, "this is not UTF-8: a folder or a .zip keeps its bytes, JSON does not");
  return new TextEncoder().encode(JSON.stringify(pyraNote(await readNoteText(name, text))));
}
