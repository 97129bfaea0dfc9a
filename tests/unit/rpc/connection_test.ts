import assert from "node:assert/strict";
import {
  type Connection,
  type JsonRpcLimits,
  JsonRpcTransport,
  ORDERLY_END,
} from "../../../src/rpc/connection.ts";
import { pause } from "./pair.ts";

/** A connection that a test holds both ends of. */
class Wire implements Connection {
  readonly #chunks: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;
  written = "";
  isClosed = false;
  isHalfClosed = false;
  /** Bytes that a write takes; 0: none, for ever. */
  takes = Infinity;

  feed(...texts: readonly string[]): void {
    this.#chunks.push(...texts.map((text) => new TextEncoder().encode(text)));
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async read(room: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.isClosed) throw new Deno.errors.BadResource("closed");
      if (this.#isEnded) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const chunk = this.#chunks[0] ?? new Uint8Array();
    const part = chunk.subarray(0, room.length);
    room.set(part);
    if (part.length < chunk.length) this.#chunks[0] = chunk.subarray(part.length);
    else this.#chunks.shift();
    return part.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.takes === 0) await new Promise(() => {});
    await Promise.resolve();
    const part = bytes.subarray(0, this.takes);
    this.written += new TextDecoder().decode(part);
    return part.length;
  }

  closeWrite(): Promise<void> {
    this.isHalfClosed = true;
    return Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
    this.#wake?.();
  }
}

function open(limits: Partial<JsonRpcLimits> = {}) {
  const wire = new Wire();
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const frames: unknown[] = [];
  const counted = { malformed: 0 };
  const events = { ended: resolve, malformed: () => counted.malformed++ };
  const transport = new JsonRpcTransport(wire, events, limits);
  transport.listen((frame) => frames.push(frame));
  return { wire, transport, frames, ended, counted };
}

const STATUS = '{"jsonrpc":"2.0","id":1,"method":"status"}\n';

Deno.test("frames in pieces, and pieces of several frames, arrive whole and in order", async () => {
  const { wire, frames, ended } = open();
  const text = STATUS + STATUS.replace("status", "stätus€").repeat(2);
  for (const character of text) wire.feed(character);
  wire.feed(text);
  wire.end();
  assert.equal(await ended, ORDERLY_END);
  const methods = frames.map((frame) => Object(frame).method);
  assert.deepEqual(methods, [...Array(2)].flatMap(() => ["status", "stätus€", "stätus€"]));
  assert.equal(wire.isClosed, true);
});

Deno.test("a long line in small pieces arrives whole, and so does the next", async () => {
  const { wire, frames, ended } = open();
  const long = Array.from({ length: 30_000 }, (_, at) => at).join();
  const line = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "echo", params: [long] });
  const text = `${line}\n${STATUS}${line}\n`;
  for (let at = 0; at < text.length; at += 997) wire.feed(text.slice(at, at + 997));
  wire.end();
  await ended;
  const params = frames.map((frame) => Object(frame).params);
  assert.deepEqual(params, [[long], null, [long]]);
});

Deno.test("what is no frame is answered and counted, and what follows is served", async () => {
  const { wire, frames, counted, transport } = open();
  wire.feed("nothing\n", "[]\n", '{"jsonrpc":"2.0","id":null,"error":{}}\n', STATUS);
  while (frames.length === 0) await pause();
  assert.equal(counted.malformed, 3);
  assert.equal(wire.written.split("\n").length, 3);
  transport.post({ id: 1, error: { code: "method_not_found", message: "m" } });
  assert.equal(counted.malformed, 4);
  transport.close();
  await transport.closed;
});

Deno.test("who sends too much that is no frame is told so and cut off", async () => {
  const { wire, ended, counted, transport, frames } = open({ malformed: 10 });
  wire.feed("x\n".repeat(50), STATUS);
  assert.equal(await ended, "too much came that was no frame");
  wire.end();
  await transport.closed;
  assert.equal(counted.malformed, 10);
  assert.equal(wire.written.trim().split("\n").length, 11);
  assert.deepEqual(frames, []);
});

Deno.test("too long a line is answered, counted, and ends the connection", async () => {
  const { wire, ended, counted, transport, frames } = open({ frameBytes: 100 });
  wire.feed(STATUS, "x".repeat(60), "x".repeat(60), `\n${STATUS}`);
  assert.equal(await ended, "it sent too long a line");
  wire.end();
  await transport.closed;
  assert.equal(counted.malformed, 1);
  assert.equal(frames.length, 1);
  assert.match(wire.written, /too long a line/);
});

Deno.test("a peer that does not read is given up when too much waits", async () => {
  const { wire, ended, transport } = open({ waitingBytes: 10_000, stallMs: 2 ** 30 });
  wire.takes = 0;
  const frame = { id: 1, result: "x".repeat(1_000) };
  for (let posted = 0; posted < 20; posted++) transport.post(frame);
  assert.equal(await ended, "it does not read");
  assert.equal(wire.isClosed, true);
});

Deno.test("a peer that takes nothing for too long is given up, one that is slow is not", async () => {
  const stalled = open({ stallMs: 20 });
  stalled.wire.takes = 0;
  stalled.transport.post({ id: 1, result: "x" });
  assert.equal(await stalled.ended, "it does not read");

  const slow = open({ stallMs: 200 });
  slow.wire.takes = 1;
  slow.transport.post({ id: 1, result: "x".repeat(3_000) });
  while (!slow.wire.written.endsWith("\n")) await pause();
  slow.transport.post({ id: 2, result: "more" });
  slow.transport.close();
  await slow.transport.closed;
  assert.match(slow.wire.written, /more/);
});

Deno.test("what was posted before the end is written, and a moment is enough for it", async () => {
  const { wire, transport, frames } = open();
  transport.post({ id: 1, result: "last" });
  transport.close();
  transport.post({ id: 2, result: "too late" });
  wire.feed(STATUS);
  await transport.closed;
  assert.match(wire.written, /last/);
  assert.doesNotMatch(wire.written, /too late/);
  assert.deepEqual(frames, []);

  const stuck = open();
  stuck.wire.takes = 0;
  stuck.transport.post({ id: 1, result: "never" });
  stuck.transport.close();
  await stuck.transport.closed;
  assert.equal(stuck.wire.isClosed, true);
});

Deno.test("who is dismissed has the answer before the end, and is not heard any more", async () => {
  const { wire, transport, frames, ended } = open();
  wire.feed(STATUS);
  while (frames.length === 0) await pause();
  transport.dismiss("enough", { code: "denied", message: "enough" }, 1);
  assert.equal(await ended, "enough");
  // Closing it now must not cost the answer.
  transport.close();
  wire.feed(STATUS);
  while (!wire.isHalfClosed) await pause();
  assert.equal(wire.isClosed, false);
  assert.match(wire.written, /"id":1,"error":\{"code":-32000,"message":"enough"/);
  wire.end();
  await transport.closed;
  assert.equal(frames.length, 1);
});

Deno.test("who is dismissed and has nothing more to say still has the whole answer", async () => {
  const { wire, transport } = open();
  wire.takes = 1;
  transport.dismiss("enough", { code: "denied", message: "enough" });
  wire.end();
  await transport.closed;
  assert.match(wire.written, /"message":"enough".*\n$/);
});

Deno.test("a fault of who receives frames ends the connection, not the program", async () => {
  const wire = new Wire();
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const transport = new JsonRpcTransport(wire, { ended: resolve });
  transport.listen(() => {
    throw new TypeError("a fault");
  });
  wire.feed(STATUS);
  assert.equal(await ended, "a fault");
  await transport.closed;
});
