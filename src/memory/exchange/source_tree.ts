/**
 * A folder, an archive or one file to import from, as a list of paths whose bytes can be read.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { TimeSlice } from "../index/time_slice.ts";

/** The most files that are looked at. */
export const FILE_COUNT_LIMIT = 500_000;
const DEPTH_LIMIT = 64;
const CHUNK_BYTES = 256 * 1024;

/** What is imported from. Paths have `/` between folders and nothing hidden in them. */
export interface SourceTree extends Disposable {
  /** The folder's name, as a person knows it. */
  readonly name: string;
  /** Where the folder is, absolute; empty for an archive, which may be called anything. */
  readonly place: string;
  /** Whether the person named this one file. */
  readonly isOneFile: boolean;
  /** Sorted. */
  readonly paths: readonly string[];
  /** What lies at the top, hidden names too: by them kinds of folders are told apart. */
  readonly top: ReadonlySet<string>;
  /** How many links there were; none is followed. */
  readonly links: number;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** Bytes. @throws {PyraError} `import_unreadable` */
  size(path: string): Promise<number>;
  /** When the file changed, ms since 1970, if that is known. */
  modified(path: string): Promise<number | undefined>;
  /** The file's bytes; each piece may be used until the next one. @throws {PyraError} `import_unreadable` */
  chunks(path: string): AsyncIterable<Uint8Array>;
}

/** A file's bytes as one. @throws {PyraError} `import_unreadable`, also for more than `limit` bytes */
export async function readWhole(
  tree: SourceTree,
  path: string,
  limit: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of tree.chunks(path)) {
    size += chunk.length;
    if (size > limit) throw unreadable("the file is larger than it said");
    pieces.push(chunk.slice());
  }
  if (pieces.length === 1 && pieces[0]) return pieces[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A part of the source that cannot be read. */
export function unreadable(message: string, cause?: unknown): PyraError {
  return new PyraError("file", "import_unreadable", message, { cause });
}

/** Looks through a folder. Links are counted and not followed. @throws the signal's reason */
export async function openFolder(folder: string, signal: AbortSignal): Promise<SourceTree> {
  const paths: string[] = [];
  const top = new Set<string>();
  const problems: { path: string; message: string }[] = [];
  let links = 0;
  const slice = new TimeSlice();
  const waiting = [""];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    try {
      for await (
        const { name, isFile, isDirectory, isSymlink } of Deno.readDir(`${folder}/${below}`)
      ) {
        await slice.pause(signal);
        if (below === "") top.add(name);
        if (name.startsWith(".")) continue;
        const path = `${below}${name}`;
        if (isSymlink) links++;
        else if (isFile) paths.push(path);
        else if (isDirectory && path.split("/").length < DEPTH_LIMIT) waiting.push(`${path}/`);
        else if (isDirectory) problems.push({ path, message: "the folder is too deep" });
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (below === "") throw unreadable(`${folder} cannot be read`, cause);
      problems.push({ path: below, message: "the folder cannot be read" });
    }
    if (paths.length > FILE_COUNT_LIMIT) {
      throw unreadable(`${folder} holds more than ${FILE_COUNT_LIMIT.toLocaleString("en")} files`);
    }
  }
  paths.sort();
  const name = folder.replace(/\/+$/, "").split("/").pop() || "folder";
  return {
    name,
    place: folder,
    isOneFile: false,
    paths,
    top,
    links,
    problems,
    ...filesBelow(folder),
    [Symbol.dispose]: () => undefined,
  };
}

/** One file as a tree of its own. */
export function openFile(file: string): SourceTree {
  const end = file.lastIndexOf("/");
  const [folder, name] = [file.slice(0, end), file.slice(end + 1)];
  return {
    name: folder.slice(folder.lastIndexOf("/") + 1),
    place: folder,
    isOneFile: true,
    paths: [name],
    top: new Set([name]),
    links: 0,
    problems: [],
    ...filesBelow(folder),
    [Symbol.dispose]: () => undefined,
  };
}

function filesBelow(folder: string): Pick<SourceTree, "size" | "modified" | "chunks"> {
  return {
    size: async (path) => (await statOf(`${folder}/${path}`)).size,
    modified: async (path) => (await statOf(`${folder}/${path}`)).mtime?.getTime(),
    chunks: (path) => fileChunks(`${folder}/${path}`),
  };
}

async function statOf(path: string): Promise<Deno.FileInfo> {
  try {
    const info = await Deno.lstat(path);
    // It was a file when the folder was listed.
    if (!info.isFile) throw unreadable("it is no file any more");
    return info;
  } catch (cause) {
    if (cause instanceof PyraError) throw cause;
    throw unreadable("the file cannot be read", cause);
  }
}

async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  await statOf(path);
  try {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (let count = await file.read(buffer); count; count = await file.read(buffer)) {
      yield buffer.subarray(0, count);
    }
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.PermissionDenied) {
      throw unreadable("the file cannot be read", cause);
    }
    throw cause;
  }
}
