/**
 * Frames between two processes: one JSON text a line. A stream's value may be bytes; they cross as base64
 * beside the frame's own fields, so that no value of another kind can be taken for bytes.
 * @module
 */
import { isRecord } from "./frame.ts";
import type { Transport } from "./transport.ts";

/** A longer frame is not sent, and ends the transport if it comes, bytes. */
export const FRAME_LIMIT_BYTES = 16 * 1024 * 1024;
/** So much may wait for a peer that does not read, bytes. */
const WAITING_LIMIT_BYTES = 4 * FRAME_LIMIT_BYTES;
const NEWLINE = 10;
/** Room for a line in pieces: the least, and the most that is kept for the next, bytes. */
const FIRST_ROOM_BYTES = 1024;
const KEPT_ROOM_BYTES = 64 * 1024;

/** The two directions of a pipe. */
export interface Pipe {
  readonly input: ReadableStream<Uint8Array>;
  readonly output: WritableStream<Uint8Array>;
}

/**
 * A pipe as a transport.
 * @param ended called once, when the peer is gone or broke the rules; not after `close`
 */
export function ndjsonTransport(pipe: Pipe, ended: (reason: string) => void): Transport {
  const writer = pipe.output.getWriter();
  const reader = pipe.input.getReader();
  let waiting = 0;
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    // The peer may be gone: then there is nothing to end.
    writer.close().catch(() => undefined);
    reader.cancel().catch(() => undefined);
  };
  const end = (reason: string) => {
    if (closed) return;
    close();
    ended(reason);
  };
  return {
    post(frame) {
      if (closed) return;
      const line = new TextEncoder().encode(`${encode(frame)}\n`);
      if (line.length > FRAME_LIMIT_BYTES) throw new RangeError("the frame is too large");
      waiting += line.length;
      if (waiting > WAITING_LIMIT_BYTES) return end("it does not read");
      writer.write(line).then(() => waiting -= line.length, () => end("its input is closed"));
    },
    listen(receive) {
      readLines(reader, (line) => closed || receive(decode(line))).then(
        () => end("its output ended"),
        (cause) => end(cause instanceof Error ? cause.message : "its output failed"),
      );
    },
    close,
  };
}

/** Calls `take` for each line. @throws {RangeError} for one that is too long */
async function readLines(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  const lines = new Lines();
  const decoder = new TextDecoder();
  for (let chunk; (chunk = (await reader.read()).value);) {
    const isWhole = lines.push(chunk, (line) => take(decoder.decode(line)));
    if (!isWhole) throw new RangeError("it sent too long a line");
  }
}

/** Takes bytes, in whatever pieces they come, apart at the line feeds. */
export class Lines {
  /** A longer line is not taken, bytes. */
  limit: number;
  /** The beginning of a line whose end is still to come. A copy: a piece may be a small part of a large buffer. */
  #held = new Uint8Array(0);
  #size = 0;

  constructor(limit: number = FRAME_LIMIT_BYTES) {
    this.limit = limit;
  }

  /**
   * @param take is given each line that is whole, and uses it at once: its bytes may be written over
   * @returns false for a line that is too long; nothing behind its beginning is taken
   */
  push(chunk: Uint8Array, take: (line: Uint8Array) => void): boolean {
    for (let from = 0; from < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, from);
      const part = chunk.subarray(from, newline < 0 ? chunk.length : newline);
      if (this.#size + part.length > this.limit) return false;
      from += part.length + 1;
      if (newline >= 0 && this.#size === 0) take(part);
      else this.#hold(part);
      if (newline >= 0 && this.#size > 0) {
        const line = this.#held.subarray(0, this.#size);
        this.#size = 0;
        // One long line must not cost its room for ever.
        if (line.length > KEPT_ROOM_BYTES) this.#held = new Uint8Array(0);
        take(line);
      }
    }
    return true;
  }

  #hold(part: Uint8Array): void {
    const size = this.#size + part.length;
    if (size > this.#held.length) {
      const room = new Uint8Array(Math.min(Math.max(2 * size, FIRST_ROOM_BYTES), this.limit));
      room.set(this.#held.subarray(0, this.#size));
      this.#held = room;
    }
    this.#held.set(part, this.#size);
    this.#size = size;
  }
}

/** Pieces as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first;
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function encode(frame: unknown): string {
  const { params } = Object(frame);
  if (!isRecord(params) || !(params["value"] instanceof Uint8Array)) return JSON.stringify(frame);
  const bytes = params["value"].toBase64();
  return JSON.stringify({ ...Object(frame), params: { ...params, value: null }, bytes });
}

/** @throws {SyntaxError} for what is no JSON: a peer that sends that is not one of ours */
function decode(line: string): unknown {
  const frame: unknown = JSON.parse(line);
  if (!isRecord(frame) || typeof frame["bytes"] !== "string") return frame;
  const value = Uint8Array.fromBase64(frame["bytes"]);
  return isRecord(frame["params"]) ? { ...frame, params: { ...frame["params"], value } } : frame;
}
