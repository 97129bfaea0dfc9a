/**
 * The lines of a file, read as a stream: no more than a chunk and a line are in memory.
 * @module
 */
import { MAX_LINE_BYTES } from "./format.ts";

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 10;

/** One line of a file. */
export interface Line {
  /** Without the line feed; `undefined` if the line is longer than the limit. */
  readonly bytes: Uint8Array | undefined;
  /** Where it begins in the file. */
  readonly start: number;
  /** False only for a last line without a line feed. */
  readonly complete: boolean;
}

/** Reads an open file from its start to its end, some lines at a time. @throws the `Deno.errors` of reading */
export async function* readLines(
  file: Deno.FsFile,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Line[], void, undefined> {
  // The parts of a line that spans chunks; no longer kept once the line is too long.
  let parts: Uint8Array[] = [];
  let length = 0;
  let start = 0;
  const take = (part: Uint8Array): void => {
    length += part.length;
    if (length > maxLineBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const end = (lineFeedBytes: number): Line => {
    const bytes = length > maxLineBytes ? undefined : concatenate(parts, length);
    const line = { bytes, start, complete: lineFeedBytes > 0 };
    start += length + lineFeedBytes;
    parts = [];
    length = 0;
    return line;
  };
  while (true) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const count = await file.read(buffer);
    if (count === null) break;
    const chunk = buffer.subarray(0, count);
    const lines: Line[] = [];
    let from = 0;
    for (let at; (at = chunk.indexOf(LINE_FEED, from)) >= 0; from = at + 1) {
      take(chunk.subarray(from, at));
      lines.push(end(1));
    }
    take(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [end(0)];
}

function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
