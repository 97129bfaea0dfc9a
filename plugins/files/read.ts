/**
 * Reading a file, and listing a folder.
 * @module
 */
import type { Json, PluginContext } from "pyra/sdk";
import { sizeText } from "./entry_changes.ts";
import { FileError, fileFault, isMissing, quoted } from "./file_error.ts";
import { existingPlace, workspaceOf } from "./place.ts";
import type { Input } from "./prepared.ts";
import { shownTime } from "./shown_time.ts";
import { formText, readText, TEXT_LIMIT } from "./text_file.ts";

/** What the model gets is shorter than what the executor cuts, UTF-16 units. */
const ANSWER_UNITS = 3_700;
const LINE_UNITS = 1_000;
const ENTRIES_LIMIT = 50_000;

/** Lines of a text file with their numbers; for `read_file`. */
export async function readFile(input: Input, context: PluginContext): Promise<string> {
  const { path, real, info } = await existingPlace(workspaceOf(context), input["path"]);
  if (info?.isDirectory) {
    throw new FileError("bad_input", `${quoted(path)} is a folder; list_directory shows it`);
  }
  if (!info?.isFile) throw new FileError("refused", `${quoted(path)} is no ordinary file`);
  if (info.size > TEXT_LIMIT) {
    const message =
      `${quoted(path)} has ${sizeText(info.size)}, more than is read here; search_files ` +
      "finds lines in it";
    throw new FileError("too_large", message);
  }
  const bytes = await contentOf(real, path);
  const file = readText(bytes);
  if (file === undefined) {
    return `${quoted(path)} holds no text (${sizeText(bytes.length)}, begins with ${
      [...bytes.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")
    })`;
  }
  const lines = file.text.replaceAll("\r\n", "\n").split("\n");
  if (lines.at(-1) === "" && lines.length > 1) lines.pop();
  if (file.text === "") return `${quoted(path)} is empty`;
  return numbered(lines, {
    from: positive(input["from_line"], 1),
    count: positive(input["lines"], Infinity),
    head: `${quoted(path)}, ${lines.length} lines${formText(file)}${
      file.text.endsWith("\n") ? "" : ", no line end at the end"
    }\n`,
  });
}

/** Reads, and makes sure that no link was put into the way meanwhile. */
async function contentOf(real: string, path: string): Promise<Uint8Array> {
  try {
    const bytes = await Deno.readFile(real);
    if (await Deno.realPath(real) === real) return bytes;
  } catch (thrown) {
    throw fileFault(thrown, path);
  }
  throw new FileError("refused", `a link was put into the way to ${quoted(path)}`);
}

function numbered(
  lines: readonly string[],
  { from, count, head }: { readonly from: number; readonly count: number; readonly head: string },
): string {
  if (from > lines.length) {
    throw new FileError("bad_input", `the file has ${lines.length} lines only`);
  }
  const until = Math.min(from - 1 + count, lines.length);
  let text = head;
  let at = from - 1;
  for (; at < until; at++) {
    const line = lines[at] ?? "";
    const shown = line.length > LINE_UNITS
      ? `${line.slice(0, LINE_UNITS)}… [${line.length - LINE_UNITS} more characters in this line]`
      : line;
    if (text.length + shown.length > ANSWER_UNITS && at >= from) break;
    text += `${String(at + 1).padStart(5)}\t${shown}\n`;
  }
  return at < lines.length ? `${text}[more: from_line ${at + 1}]\n` : text;
}

/** The entries of a folder; for `list_directory`. */
export async function listDirectory(input: Input, context: PluginContext): Promise<string> {
  const { path, real, info } = await existingPlace(workspaceOf(context), input["path"] ?? ".");
  if (!info?.isDirectory) {
    throw new FileError("bad_input", `${quoted(path)} is no folder; read_file reads it`);
  }
  const entries = await entriesOf(real, path);
  const key = input["sort"];
  entries.sort((a, b) =>
    (key === "size" ? b.size - a.size : key === "modified" ? b.time - a.time : 0) ||
    (a.name < b.name ? -1 : 1)
  );
  const skip = Math.max(positive(input["skip"], 0), 0);
  let text = `${quoted(path)}: ${entries.length} entries\n`;
  let shown = skip;
  for (const { name, kind, size, time } of entries.slice(skip)) {
    const what = kind === "file" ? sizeText(size) : kind;
    const end = kind === "folder" ? "/" : "";
    const line = `${what.padStart(10)}  ${shownTime(time)}  ${quoted(name)}${end}\n`;
    if (text.length + line.length > ANSWER_UNITS) break;
    text += line;
    shown++;
  }
  return shown < entries.length ? `${text}[more: skip ${shown}]\n` : text;
}

interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly size: number;
  readonly time: number;
}

async function entriesOf(real: string, path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const { name } of Deno.readDir(real)) {
      if (entries.length >= ENTRIES_LIMIT) {
        throw new FileError("too_large", `${quoted(path)} has more than ${ENTRIES_LIMIT} entries`);
      }
      const entry = await entryOf(real, name);
      if (entry) entries.push(entry);
    }
  } catch (thrown) {
    throw fileFault(thrown, path);
  }
  return entries;
}

async function entryOf(folder: string, name: string): Promise<Entry | undefined> {
  try {
    const info = await Deno.lstat(`${folder}/${name}`);
    const kind = info.isSymlink
      ? "link"
      : info.isDirectory
      ? "folder"
      : info.isFile
      ? "file"
      : "other";
    return { name, kind, size: info.isFile ? info.size : 0, time: info.mtime?.getTime() ?? 0 };
  } catch (error) {
    // Gone meanwhile, or, in a home folder, not granted.
    if (isMissing(error) || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function positive(value: Json | undefined, usual: number): number {
  return typeof value === "number" && value >= 1 ? Math.floor(value) : usual;
}
