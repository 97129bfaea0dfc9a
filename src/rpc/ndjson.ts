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
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let size = 0;
  for (let chunk; (chunk = (await reader.read()).value);) {
    for (let from = 0; from < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, from);
      const part = chunk.subarray(from, newline < 0 ? chunk.length : newline);
      size += part.length;
      if (size > FRAME_LIMIT_BYTES) throw new RangeError("it sent too long a line");
      parts.push(part);
      if (newline < 0) break;
      take(parts.length === 1 ? decoder.decode(part) : decoder.decode(joined(parts, size)));
      parts = [];
      size = 0;
      from = newline + 1;
    }
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
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
