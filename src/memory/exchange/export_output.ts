/**
 * Where an export is written. The room may write the path that the person typed and nothing beside it, so
 * there is no temporary file: what is not finished is removed.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { ExportFormat } from "./exchange.ts";
import { EXPORT_MARK, exportMark } from "./pyra_note.ts";

/** Files in an archive that the fields of its first version can count. */
const ZIP_FILE_LIMIT = 65_534;
const ZIP_BYTE_LIMIT = 0xffff_0000;

/** A note as it lies on the disk. */
export interface StoredNote {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** An export that is being written. Disposing it before `finish` removes what there is. */
export interface ExportOutput extends AsyncDisposable {
  /** @throws {PyraError} `export_unwritable`, `export_too_large` */
  add(note: StoredNote): Promise<void>;
  finish(notes: number): Promise<void>;
}

/**
 * Begins an export.
 * @throws {PyraError} `export_exists` if something is there, `export_unwritable`, `export_too_large`
 */
export async function openOutput(
  path: string,
  format: ExportFormat,
  notes: number,
): Promise<ExportOutput> {
  if (format === "folder") return await openFolderOutput(path);
  if (format === "zip" && notes > ZIP_FILE_LIMIT) throw tooLarge();
  const file = await openFile(path);
  return format === "zip" ? await zipOutput(path, file) : jsonOutput(path, file, format);
}

async function openFolderOutput(path: string): Promise<ExportOutput> {
  const isNew = await makeEmptyFolder(path);
  const made = new Set<string>();
  const write = async (name: string, bytes: Uint8Array) => {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf("/")));
    if (folder !== "" && !made.has(folder)) {
      await Deno.mkdir(`${path}/${folder}`, { recursive: true, mode: 0o700 });
      made.add(folder);
    }
    await Deno.writeFile(`${path}/${name}`, bytes, { mode: 0o600, createNew: true });
  };
  return guarded(path, {
    add: async ({ name, bytes, modified }) => {
      await write(name, bytes);
      await Deno.utime(`${path}/${name}`, modified / 1000, modified / 1000);
    },
    finish: (notes) => write(EXPORT_MARK, new TextEncoder().encode(exportMark({ notes }))),
    undo: async () => {
      if (isNew) return await Deno.remove(path, { recursive: true });
      for await (const { name } of Deno.readDir(path)) {
        await Deno.remove(`${path}/${name}`, { recursive: true });
      }
    },
  });
}

/** @returns whether the folder is new; an empty one that was there stays, should the export fail */
async function makeEmptyFolder(path: string): Promise<boolean> {
  try {
    await Deno.mkdir(path, { mode: 0o700 });
    return true;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw unwritable(path, cause);
  }
  try {
    for await (const _entry of Deno.readDir(path)) throw exists(path);
    return false;
  } catch (cause) {
    if (cause instanceof PyraError) throw cause;
    throw exists(path);
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists) throw exists(path);
    throw unwritable(path, cause);
  }
}

function jsonOutput(path: string, file: Deno.FsFile, format: "json" | "jsonl"): ExportOutput {
  const isList = format === "json";
  const encoder = new TextEncoder();
  let count = 0;
  return guarded(path, {
    add: async ({ bytes }) => {
      await writeAll(file, encoder.encode(isList ? count === 0 ? "[\n" : ",\n" : ""));
      await writeAll(file, bytes);
      await writeAll(file, encoder.encode(isList ? "" : "\n"));
      count++;
    },
    finish: async () => {
      if (isList) await writeAll(file, encoder.encode(count === 0 ? "[]\n" : "\n]\n"));
      await file.sync();
    },
    close: () => file.close(),
    undo: () => Deno.remove(path),
  });
}

async function zipOutput(path: string, file: Deno.FsFile): Promise<ExportOutput> {
  const { ZipWriter } = await import("./zip_writer.ts");
  const writer = new ZipWriter((bytes) => writeAll(file, bytes));
  return guarded(path, {
    add: async ({ name, bytes, modified }) => {
      await writer.add(name, bytes, modified);
      if (writer.size > ZIP_BYTE_LIMIT) throw tooLarge();
    },
    finish: async (notes) => {
      const mark = new TextEncoder().encode(exportMark({ notes }));
      await writer.add(EXPORT_MARK, mark, Date.UTC(2000));
      await writer.finish();
      await file.sync();
    },
    close: () => file.close(),
    undo: () => Deno.remove(path),
  });
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/** Names what fails, closes in the end, and removes what was not finished. */
function guarded(
  path: string,
  parts: {
    readonly add: (note: StoredNote) => Promise<void>;
    readonly finish: (notes: number) => Promise<void>;
    readonly close?: () => void;
    readonly undo: () => Promise<void>;
  },
): ExportOutput {
  let isFinished = false;
  const named = async (work: Promise<void>) => {
    try {
      await work;
    } catch (cause) {
      throw cause instanceof PyraError ? cause : unwritable(path, cause);
    }
  };
  return {
    add: (note) => named(parts.add(note)),
    finish: async (notes) => {
      await named(parts.finish(notes));
      isFinished = true;
    },
    [Symbol.asyncDispose]: async () => {
      parts.close?.();
      // Why the export failed is what the person needs to hear, not that its rest could not be removed.
      if (!isFinished) await parts.undo().catch(() => undefined);
    },
  };
}

function exists(path: string): PyraError {
  return new PyraError(
    "file",
    "export_exists",
    `${path} is there already, and is no empty folder`,
    {
      hint: "choose another name, or remove it first",
    },
  );
}

function unwritable(path: string, cause: unknown): PyraError {
  const isFull = cause instanceof Error && /no space|os error 28/i.test(cause.message);
  return new PyraError(
    "file",
    "export_unwritable",
    isFull ? `the disk is full: ${path} was not written` : `${path} cannot be written`,
    {
      hint: isFull ? "make room and try again" : "check that its folder exists and is yours",
      cause,
    },
  );
}

function tooLarge(): PyraError {
  return new PyraError(
    "file",
    "export_too_large",
    "an archive holds at most 65,534 notes and 4 GB",
    { hint: "export to a folder or to a .jsonl file" },
  );
}
