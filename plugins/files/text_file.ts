/**
 * Files as texts and back, so that what was not changed keeps its bytes: encoding, mark at the beginning,
 * line ends.
 * @module
 */
import { Buffer } from "node:buffer";
import { FileError } from "./file_error.ts";

/** How a text was written. */
export interface TextForm {
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "latin-1";
  /** Whether the mark U+FEFF stands before it. */
  readonly mark: "marked" | "unmarked";
  /** Its most frequent line end. */
  readonly lineEnd: "\n" | "\r\n";
}

/** A file's text, its line ends as they are, and how it was written. */
export interface TextFile extends TextForm {
  readonly text: string;
}

/** Larger files are neither read nor written as text, bytes. */
export const TEXT_LIMIT = 16 * 1024 * 1024;
/** How a new file is written. */
export const NEW_FORM: TextForm = { encoding: "utf-8", mark: "unmarked", lineEnd: "\n" };

const MARK = "\ufeff";
/** So much of a text may be control characters. */
const CONTROL_SHARE = 0.02;

/** The text in these bytes; undefined if they are none. */
export function readText(bytes: Uint8Array): TextFile | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = wide(buffer) ?? (buffer.includes(0) ? undefined : narrow(buffer));
  if (found === undefined) return undefined;
  const mark = found.text.startsWith(MARK) ? "marked" : "unmarked";
  const text = mark === "marked" ? found.text.slice(1) : found.text;
  return { text, encoding: found.encoding, mark, lineEnd: lineEndOf(text) };
}

/** @throws {FileError} `bad_input` if the encoding has no place for a character */
export function writeText(text: string, { encoding, mark }: TextForm): Uint8Array {
  const whole = mark === "marked" ? MARK + text : text;
  switch (encoding) {
    case "utf-8":
      if (!whole.isWellFormed()) throw new FileError("bad_input", "the text has half a character");
      return new TextEncoder().encode(whole);
    case "utf-16le":
      return Buffer.from(whole, "utf16le");
    case "utf-16be":
      return Buffer.from(whole, "utf16le").swap16();
    case "latin-1": {
      const [strange] = /[^\0-\xff]/u.exec(whole) ?? [];
      if (strange === undefined) return Buffer.from(whole, "latin1");
      const message = `the file is Latin-1, which has no ${strange}; leave that character out`;
      throw new FileError("bad_input", message);
    }
  }
}

/** The bytes of a text of that form, made sure that what was read is not written otherwise. */
export function rewrittenText(bytes: Uint8Array, file: TextFile, text: string): Uint8Array {
  if (Buffer.compare(writeText(file.text, file), bytes) !== 0) {
    throw new FileError("refused", "the file's bytes would not survive being edited as text");
  }
  return writeText(text, file);
}

/** A text with one kind of line end. */
export function withLineEnds(text: string, lineEnd: TextForm["lineEnd"]): string {
  const plain = text.replaceAll("\r\n", "\n");
  return lineEnd === "\n" ? plain : plain.replaceAll("\n", lineEnd);
}

/** What a person is told of the form, where it is not the usual one; begins with a comma. */
export function formText({ encoding, mark, lineEnd }: TextForm): string {
  return (encoding === "utf-8" ? "" : `, ${encoding}`) +
    (mark === "marked" && encoding === "utf-8" ? ", with a byte order mark" : "") +
    (lineEnd === "\r\n" ? ", CRLF line ends" : "");
}

function wide(buffer: Buffer): Pick<TextFile, "text" | "encoding"> | undefined {
  if (buffer.length < 2 || buffer.length % 2 !== 0) return undefined;
  const order = orderOf(buffer);
  if (order === undefined) return undefined;
  const little = order === "utf-16le" ? buffer : Buffer.from(buffer).swap16();
  const text = little.toString("utf16le");
  return text.includes("\0") || !text.isWellFormed() ? undefined : { text, encoding: order };
}

/** By the mark; without one, by where a text of mostly Latin letters has its zeros. */
function orderOf(buffer: Buffer): "utf-16le" | "utf-16be" | undefined {
  const [first = 0, second = 0] = buffer;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const looked = Math.min(buffer.length, 4_096);
  const zeros = [0, 0];
  for (let at = 0; at < looked; at++) {
    if (buffer[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (odd > looked * 0.35 && even === 0) return "utf-16le";
  return even > looked * 0.35 && odd === 0 ? "utf-16be" : undefined;
}

function narrow(buffer: Buffer): Pick<TextFile, "text" | "encoding"> | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(buffer);
    return { text, encoding: "utf-8" };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    let controls = 0;
    for (const byte of buffer) {
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls++;
      else if (byte === 127) controls++;
    }
    if (controls > buffer.length * CONTROL_SHARE) return undefined;
    return { text: buffer.toString("latin1"), encoding: "latin-1" };
  }
}

function lineEndOf(text: string): "\n" | "\r\n" {
  let both = 0;
  let all = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    all++;
    if (text[at - 1] === "\r") both++;
  }
  return both > all / 2 ? "\r\n" : "\n";
}
