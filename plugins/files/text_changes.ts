/**
 * Writing a file, and editing one.
 * @module
 */
import type { Json, PluginContext } from "pyra/sdk";
import { Backups } from "./backups.ts";
import { putFile } from "./commit.ts";
import { type DiffText, diffText } from "./diff_text.ts";
import { applyEdits, type Edit } from "./edit.ts";
import { FileError, quoted } from "./file_error.ts";
import { existingPlace, type Place, workspaceOf, writtenPlace } from "./place.ts";
import { type Input, type Prepared, versionText } from "./prepared.ts";
import { hashOf, type State } from "./state.ts";
import {
  formText,
  NEW_FORM,
  readText,
  rewrittenText,
  TEXT_LIMIT,
  type TextFile,
  withLineEnds,
  writeText,
} from "./text_file.ts";
import { isTrash } from "./trash.ts";
import { writeRisk } from "./write_risk.ts";

interface ReadFile {
  readonly bytes: Uint8Array;
  readonly file: TextFile;
}

/** Prepares the writing of a whole file. */
export async function prepareWriting(input: Input, context: PluginContext): Promise<Prepared> {
  const { path, content } = input;
  if (typeof content !== "string") throw new FileError("bad_input", "content is the file's text");
  const place = await writtenPlace(workspaceOf(context), path);
  if (place.info === undefined) {
    const bytes = writeText(content, NEW_FORM);
    const diff = diffText(place.path, "", content);
    const does = `make the file ${quoted(place.path)} (${lineCount(content)} lines)`;
    return preparedText({ place, bytes, does, diff }, context);
  }
  const { bytes: before, file } = await readWhole(place);
  const text = withLineEnds(content, file.lineEnd);
  const bytes = rewrittenText(before, file, text);
  const diff = diffText(place.path, file.text, text);
  const version = await versionText(workspaceOf(context), place.path);
  const does = `replace the text of ${quoted(place.path)} (${diff.counts} lines${
    formText(file)
  }), ${version}`;
  return preparedText({ place, bytes, before, does, diff }, context);
}

/** Prepares exact replacements in a file. */
export async function prepareEditing(input: Input, context: PluginContext): Promise<Prepared> {
  const place = await existingPlace(workspaceOf(context), input["path"]);
  const { bytes: before, file } = await readWhole(place);
  const text = applyEdits(file.text, editsOf(input["edits"]), file.lineEnd);
  const bytes = rewrittenText(before, file, text);
  const diff = diffText(place.path, file.text, text);
  const version = await versionText(workspaceOf(context), place.path);
  const does = `edit ${quoted(place.path)} (${diff.counts} lines${formText(file)}), ${version}`;
  return preparedText({ place, bytes, before, does, diff }, context);
}

interface TextChange {
  readonly place: Place;
  readonly bytes: Uint8Array;
  readonly before?: Uint8Array;
  readonly does: string;
  readonly diff: DiffText;
}

function preparedText(
  { place, bytes, before, does, diff }: TextChange,
  context: PluginContext,
): Prepared {
  const { path, real, info } = place;
  if (bytes.length > TEXT_LIMIT) throw tooLarge(path);
  if (isTrash(path)) throw new FileError("refused", `${quoted(path)} lies in the trash`);
  if (before !== undefined && hashOf(before) === hashOf(bytes)) {
    throw new FileError("bad_input", `${quoted(path)} has exactly that text already`);
  }
  const state: State = before === undefined
    ? { kind: "nothing" }
    : { kind: "text", hash: hashOf(before) };
  const mode = info?.mode ?? null;
  const kind = mode !== null && (mode & 0o111) !== 0 ? "program" : "file";
  return {
    does,
    detail: diff.text,
    risk: writeRisk({ path, workspace: workspaceOf(context), kind }),
    writes: [path],
    seen: { [real]: state },
    commit() {
      const backups = new Backups(context.dataFolder);
      const id = before === undefined
        ? backups.add({ kind: "made", real, path, after: hashOf(bytes) })
        : backups.add({ kind: "replaced", real, path, after: hashOf(bytes), mode }, before);
      try {
        putFile({ path, real, bytes, state, mode });
      } catch (thrown) {
        backups.drop(id);
        throw thrown;
      }
      const done = before === undefined ? "made" : "changed";
      return `${done} ${path} (${diff.counts} lines); undo_file_change takes it back`;
    },
  };
}

async function readWhole({ path, real, info }: Place): Promise<ReadFile> {
  if (info?.isDirectory) {
    throw new FileError("bad_input", `${quoted(path)} is a folder; name a file`);
  }
  if (!info?.isFile) throw new FileError("refused", `${quoted(path)} is no ordinary file`);
  if (info.size > TEXT_LIMIT) throw tooLarge(path);
  const bytes = await Deno.readFile(real);
  const file = readText(bytes);
  if (file !== undefined) return { bytes, file };
  const message = `${
    quoted(path)
  } holds no text, so it is not changed as text; move or delete it instead`;
  throw new FileError("refused", message);
}

function tooLarge(path: string): FileError {
  const most = `${TEXT_LIMIT / 1024 / 1024} MB`;
  return new FileError(
    "too_large",
    `${quoted(path)} has more than ${most}, which is not edited here`,
  );
}

function editsOf(given: Json | undefined): Edit[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new FileError("bad_input", "edits is a list of {old_text, new_text}");
  }
  return given.map((edit: Json): Edit => {
    const { old_text: oldText, new_text: newText, everywhere } = fieldsOf(edit);
    if (typeof oldText !== "string" || typeof newText !== "string") {
      throw new FileError("bad_input", "each edit has an old_text and a new_text");
    }
    return { oldText, newText, where: everywhere === true ? "everywhere" : "once" };
  });
}

function fieldsOf(value: Json): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function lineCount(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
