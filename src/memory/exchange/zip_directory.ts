/**
 * The list of contents at the end of a zip archive (PKWARE's APPNOTE, 4.3 and 4.5.3). Only this is read of
 * an archive before it is known what is wanted of it: an export with pictures may have gigabytes.
 * @module
 */
import { FILE_COUNT_LIMIT, unreadable } from "./source_tree.ts";

/** The longest list, bytes: 100,000 notes with long names need 15 MB. */
const DIRECTORY_LIMIT_BYTES = 96 * 1024 * 1024;
const END_BYTES = 22, LONGEST_COMMENT = 65_535;
const END_SIGNATURE = 0x06054b50, ENTRY_SIGNATURE = 0x02014b50;
const END_64_SIGNATURE = 0x06064b50, LOCATOR_64_SIGNATURE = 0x07064b50;
const FULL_16 = 0xffff, FULL_32 = 0xffffffff;
const UNIX_LINK = 0o120000, UNIX_TYPE = 0o170000;

/** One file of an archive, as its list tells; the sizes may be lies. */
export interface ZipEntry {
  /** As it stands there: it may be `../../x`. */
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its header is. */
  readonly offset: number;
  readonly isLink: boolean;
  readonly isEncrypted: boolean;
  /** Milliseconds since 1970; archives know no time zone, it is taken as UTC. */
  readonly modified: number | undefined;
}

/** Reads bytes at a place of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** Reads the list. @throws {PyraError} `import_unreadable` if the archive is cut off or damaged */
export async function readZipDirectory(readAt: ReadAt, size: number): Promise<ZipEntry[]> {
  const tailLength = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await readAt(size - tailLength, tailLength);
  const end = findEnd(tail);
  if (end < 0) throw unreadable("the archive is cut off or is no zip: download it again");
  const view = viewOf(tail);
  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let start = view.getUint32(end + 16, true);
  if (count === FULL_16 || length === FULL_32 || start === FULL_32) {
    ({ count, length, start } = await readEnd64(readAt, size - tailLength + end, {
      count,
      length,
      start,
    }));
  }
  if (length > DIRECTORY_LIMIT_BYTES) throw unreadable("the archive has too many files");
  if (count > FILE_COUNT_LIMIT) throw unreadable("the archive has too many files");
  if (start + length > size) throw unreadable("the archive is cut off: download it again");
  return entriesOf(await readAt(start, length), count);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The end record is followed by a comment of any length, which may look like one. */
function findEnd(tail: Uint8Array): number {
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) <= tail.length) return at;
  }
  return -1;
}

interface Extent {
  readonly count: number;
  readonly length: number;
  readonly start: number;
}

/** Archives with more than 65,535 files or 4 GB have a second, longer end record. */
async function readEnd64(readAt: ReadAt, end: number, small: Extent): Promise<Extent> {
  if (end < 20) return small;
  const locator = viewOf(await readAt(end - 20, 20));
  if (locator.getUint32(0, true) !== LOCATOR_64_SIGNATURE) return small;
  const record = viewOf(await readAt(Number(locator.getBigUint64(8, true)), 56));
  if (record.getUint32(0, true) !== END_64_SIGNATURE) {
    throw unreadable("the archive is damaged: download it again");
  }
  return {
    count: Number(record.getBigUint64(32, true)),
    length: Number(record.getBigUint64(40, true)),
    start: Number(record.getBigUint64(48, true)),
  };
}

function entriesOf(bytes: Uint8Array, count: number): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw unreadable("the archive is damaged: download it again");
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    const flags = view.getUint16(at + 8, true);
    const attributes = view.getUint32(at + 38, true);
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    entries.push({
      path: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...longSizes(extra, {
        size: view.getUint32(at + 24, true),
        packed: view.getUint32(at + 20, true),
        offset: view.getUint32(at + 42, true),
      }),
      isLink: (attributes >>> 16 & UNIX_TYPE) === UNIX_LINK,
      isEncrypted: (flags & 1) === 1,
      modified: dosTime(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
    });
    at = next;
  }
  return entries;
}

type Sizes = Pick<ZipEntry, "size" | "packed" | "offset">;

/** Fields that are full stand, in this order, in an extra field of kind 1. */
function longSizes(extra: Uint8Array, short: Sizes): Sizes {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    let next = at + 4;
    const long = (value: number): number => {
      if (value !== FULL_32 || next + 8 > end) return value;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    };
    const size = long(short.size);
    const packed = long(short.packed);
    return { size, packed, offset: long(short.offset) };
  }
  return short;
}

function dosTime(date: number, time: number): number | undefined {
  const month = date >> 5 & 15, day = date & 31;
  if (month < 1 || month > 12 || day < 1) return undefined;
  const year = 1980 + (date >> 9);
  return Date.UTC(year, month - 1, day, time >> 11, time >> 5 & 63, (time & 31) * 2);
}
