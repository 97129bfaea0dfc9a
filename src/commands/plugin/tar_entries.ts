/**
 * The files of a tar archive. Everything in it is foreign: what is no plain file or folder, and what
 * would lie outside, refuses the archive.
 * @module
 */
import { badSource } from "./file_bounds.ts";

/** A plain file of an archive. */
export interface TarFile {
  /** Relative, `/` between folders, no `.` or `..` in it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** Folders and files; a plugin has few. */
const ENTRIES_LIMIT = 2_000;
const PATH_LIMIT = 1_000;

// Kinds of entries (POSIX ustar and pax, GNU tar).
const FILE = "0";
const FOLDER = "5";
const EXTENDED = "x";
const EXTENDED_FOR_ALL = "g";
const LONG_NAME = "L";
const REFUSED: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  K: "a link",
};

/** Reads an archive that lies in memory. @throws {PyraError} `bad_plugin` */
export function tarFiles(archive: Uint8Array): readonly TarFile[] {
  const files: TarFile[] = [];
  /** What an entry said about the next one. */
  let named: string | undefined;
  let sized: number | undefined;
  let entries = 0;
  for (let offset = 0; offset + BLOCK <= archive.length;) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    checkSum(header);
    if (++entries > ENTRIES_LIMIT) throw damaged("it has too many entries");
    const kind = String.fromCharCode(header[156] ?? 0).replace("\0", FILE);
    const isAboutNext = [EXTENDED, EXTENDED_FOR_ALL, LONG_NAME].includes(kind);
    const size = (isAboutNext ? undefined : sized) ?? numberIn(header, 124, 12);
    const start = offset + BLOCK;
    if (start + size > archive.length) throw damaged("it ends too early");
    const content = archive.subarray(start, start + size);
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
    if (isAboutNext) {
      if (kind === LONG_NAME) named = textIn(content, 0, content.length);
      else if (kind === EXTENDED) {
        const { path, size } = extendedFields(content);
        named = path ?? named;
        sized = size === undefined ? undefined : wholeNumber(size, 10);
      }
      continue;
    }
    const path = safePath(named ?? nameIn(header));
    [named, sized] = [undefined, undefined];
    if (kind === FOLDER) continue;
    if (kind !== FILE && kind !== "7") {
      throw badSource(
        `${path} in the archive is ${REFUSED[kind] ?? "no plain file"}`,
        "pack it with plain files only",
      );
    }
    if (path === "" || path === ".") throw damaged("a file has no name");
    files.push({ path, bytes: content });
  }
  return files;
}

/** A path inside. @throws {PyraError} `bad_plugin` for one that leaves */
function safePath(name: string): string {
  const path = name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
  const parts = path.split("/");
  const leaves = path.startsWith("/") || /^[A-Za-z]:/.test(path) || /[\\\0]/.test(path) ||
    parts.slice(path === "" || path === "." ? 1 : 0)
      .some((part) => part === "" || part === "." || part === "..");
  if (leaves || path.length > PATH_LIMIT) {
    throw badSource(
      `${JSON.stringify(name.slice(0, 100))} in the archive leads out of its folder`,
      "do not trust where it comes from",
    );
  }
  return path;
}

function nameIn(header: Uint8Array): string {
  const name = textIn(header, 0, 100);
  const isPosix = textIn(header, 257, 5) === "ustar" && header[262] === 0;
  const prefix = isPosix ? textIn(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records `length key=value\n`, the length in bytes with itself. */
function extendedFields(content: Uint8Array): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null);
  for (let offset = 0; offset < content.length;) {
    const space = content.indexOf(0x20, offset);
    const length = space < 0 ? 0 : wholeNumber(textIn(content, offset, space - offset), 10);
    if (length < 1 || offset + length > content.length) throw damaged("a header is wrong");
    const record = textIn(content, space + 1, offset + length - space - 2);
    const equals = record.indexOf("=");
    fields[record.slice(0, equals)] = record.slice(equals + 1);
    offset += length;
  }
  return fields;
}

/** Octal digits, or with the first bit set a binary number (GNU tar). */
function numberIn(header: Uint8Array, start: number, length: number): number {
  const [first = 0] = header.subarray(start);
  if (first < 0x80) return wholeNumber(textIn(header, start, length).trim() || "0", 8);
  return header.subarray(start + 1, start + length)
    .reduce((value, byte) => value * 256 + byte, first & 0x7f);
}

function wholeNumber(text: string, base: 8 | 10): number {
  const value = (base === 8 ? /^[0-7]{1,12}$/ : /^[0-9]{1,12}$/).test(text)
    ? parseInt(text, base)
    : NaN;
  if (Number.isNaN(value)) throw damaged("a number is wrong");
  return value;
}

/** Text up to the first zero byte. */
function textIn(bytes: Uint8Array, start: number, length: number): string {
  const part = bytes.subarray(start, start + length);
  const end = part.indexOf(0);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(end < 0 ? part : part.subarray(0, end));
  } catch (cause) {
    throw damaged("a name is no text", cause);
  }
}

function checkSum(header: Uint8Array): void {
  // The field itself counts as spaces.
  const sum = header.reduce(
    (sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte),
    0,
  );
  if (sum !== numberIn(header, 148, 8)) throw damaged("a header's sum is wrong");
}

function damaged(what: string, cause?: unknown): Error {
  const hint = "pack it anew with tar -czf plugin.tgz FOLDER";
  return badSource(`the archive cannot be read: ${what}`, hint, cause);
}
