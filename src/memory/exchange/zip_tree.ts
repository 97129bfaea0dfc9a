/**
 * A zip archive to import from. Nothing is unpacked to the disk, and of each file no more than it said.
 * @module
 */
import { type SourceTree, unreadable } from "./source_tree.ts";
import { type ReadAt, readZipDirectory, type ZipEntry } from "./zip_directory.ts";

const STORED = 0, DEFLATED = 8;
const LOCAL_SIGNATURE = 0x04034b50, LOCAL_BYTES = 30;
const CHUNK_BYTES = 256 * 1024;
/** What all files read of one archive may have in all, bytes: entries may lie over each other. */
const TOTAL_LIMIT_BYTES = 8 * 1024 * 1024 * 1024;

/** Opens an archive. @throws {PyraError} `import_unreadable` */
export async function openZip(path: string): Promise<SourceTree> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (cause) {
    throw unreadable(`${path} cannot be read`, cause);
  }
  try {
    const { size } = await file.stat();
    const readAt = reader(file, size);
    return treeOf(path, file, readAt, await readZipDirectory(readAt, size));
  } catch (cause) {
    file.close();
    throw cause;
  }
}

function reader(file: Deno.FsFile, size: number): ReadAt {
  return async (offset, length) => {
    if (offset + length > size) throw unreadable("the archive is cut off: download it again");
    await file.seek(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const count = await file.read(bytes.subarray(at));
      if (!count) throw unreadable("the archive is cut off: download it again");
      at += count;
    }
    return bytes;
  };
}

function treeOf(path: string, file: Deno.FsFile, readAt: ReadAt, all: ZipEntry[]): SourceTree {
  const problems: { path: string; message: string }[] = [];
  const entries = new Map<string, ZipEntry>();
  const folders = new Set<string>();
  let links = 0;
  const common = commonFolder(all);
  for (const entry of all) {
    const pieces = piecesOf(entry.path);
    if (common !== "") pieces.shift();
    if (pieces[0] !== undefined) folders.add(pieces[0]);
    const inside = pieces.join("/");
    const isFolder = /[\\/]$/.test(entry.path) || inside === "";
    if (isFolder || pieces.some((piece) => piece.startsWith(".") || piece === "__MACOSX")) continue;
    if (entry.isLink) links++;
    else {
      if (entries.has(inside)) {
        problems.push({
          path: inside,
          message: "it is in the archive twice: the last one is read",
        });
      }
      entries.set(inside, entry);
    }
  }
  const entryOf = (name: string): ZipEntry => {
    const entry = entries.get(name);
    if (!entry) throw unreadable("it is not in the archive");
    return entry;
  };
  let total = 0;
  return {
    name: common || (path.split("/").pop() ?? "").replace(/\.zip$/i, "") || "archive",
    place: "",
    isOneFile: false,
    paths: [...entries.keys()].sort(),
    top: folders,
    links,
    problems,
    size: (name) => Promise.resolve(entryOf(name).size),
    modified: (name) => Promise.resolve(entryOf(name).modified),
    chunks: async function* (name) {
      for await (const chunk of unpacked(readAt, entryOf(name))) {
        total += chunk.length;
        if (total > TOTAL_LIMIT_BYTES) throw unreadable("the archive unpacks to more than 8 GB");
        yield chunk;
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** A path without what would lead out of a folder. */
function piecesOf(path: string): string[] {
  return path.split(/[\\/]/).filter((piece) => piece !== "" && piece !== "." && piece !== "..");
}

/** The folder that everything lies in, as when a folder was packed; else empty. */
function commonFolder(entries: readonly ZipEntry[]): string {
  const tops = new Set<string>();
  for (const { path } of entries) {
    const [top = "", ...below] = piecesOf(path);
    if (top === "__MACOSX" || top === "") continue;
    if (below.length === 0 && !/[\\/]$/.test(path)) return "";
    tops.add(top);
    if (tops.size > 1) return "";
  }
  const [only = ""] = tops;
  return only.startsWith(".") ? "" : only;
}

/** The bytes of one file of the archive, checked against its size and checksum. */
async function* unpacked(readAt: ReadAt, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted) throw unreadable("it is encrypted: unpack the archive first");
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw unreadable("it is packed in a way that Pyra cannot read: unpack the archive first");
  }
  const header = await readAt(entry.offset, LOCAL_BYTES);
  const view = new DataView(header.buffer);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) throw damaged();
  const start = entry.offset + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  const packed = ReadableStream.from(packedChunks(readAt, start, entry.packed));
  const plain = entry.method === STORED
    ? packed
    : packed.pipeThrough(new DecompressionStream("deflate-raw"));
  let size = 0;
  let crc = 0xffffffff;
  try {
    for await (const chunk of plain) {
      size += chunk.length;
      if (size > entry.size) throw unreadable("it unpacks to more than it says");
      crc = addToCrc(crc, chunk);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw damaged(cause);
    throw cause;
  }
  if (size !== entry.size || (crc ^ 0xffffffff) >>> 0 !== entry.crc) throw damaged();
}

function damaged(cause?: unknown): Error {
  return unreadable("the archive is damaged here: download it again", cause);
}

async function* packedChunks(
  readAt: ReadAt,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    yield new Uint8Array(await readAt(start + at, Math.min(CHUNK_BYTES, length - at)));
  }
}

/** The table of CRC-32 (polynomial 0xEDB88320). */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
  return value;
});

function addToCrc(crc: number, bytes: Uint8Array): number {
  let value = crc;
  for (let at = 0; at < bytes.length; at++) {
    value = (CRC_TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ value >>> 8;
  }
  return value;
}
