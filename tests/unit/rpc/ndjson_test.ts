import assert from "node:assert/strict";
import fc from "fast-check";
import { Channel, type Handler } from "../../../src/rpc/channel.ts";
import { FRAME_LIMIT_BYTES, ndjsonTransport } from "../../../src/rpc/ndjson.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Two channels over two pipes. */
function pair(handlers: Record<string, Handler> = {}) {
  const up = new TransformStream<Bytes, Bytes>();
  const down = new TransformStream<Bytes, Bytes>();
  const here: Channel = new Channel(
    ndjsonTransport({ input: down.readable, output: up.writable }, () => here.close()),
  );
  const there: Channel = new Channel(
    ndjsonTransport({ input: up.readable, output: down.writable }, () => there.close()),
    handlers,
  );
  return { here, there };
}

/** A transport that reads what a test writes. */
function wild() {
  const { readable, writable } = new TransformStream<Bytes, Bytes>();
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const frames: unknown[] = [];
  const output = new WritableStream<Uint8Array>();
  const transport = ndjsonTransport({ input: readable, output }, resolve);
  transport.listen((frame) => frames.push(frame));
  const writer = writable.getWriter();
  // What ends the transport cancels the pipe.
  const write = (text: string) =>
    writer.write(new TextEncoder().encode(text)).catch(() => undefined);
  return { write, end: () => writer.close(), ended, frames, transport };
}

async function collect(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

Deno.test("calls, streams and their input cross a pipe, bytes as bytes", async () => {
  const { here, there } = pair({
    echo: (params) => params,
    async *each(_, { input }) {
      for await (const value of input) yield value;
      yield { bytes: "AAAA" };
    },
  });
  assert.deepEqual(await here.call("echo", { a: ["ü", null, 1.5] }), { a: ["ü", null, 1.5] });
  const input = async function* () {
    await Promise.resolve();
    yield new Uint8Array([0, 255, 10, 13]);
    yield "text";
  };
  assert.deepEqual(await collect(here.stream("each", null, { input: input() })), [
    new Uint8Array([0, 255, 10, 13]),
    "text",
    { bytes: "AAAA" },
  ]);
  here.close();
  await there.closed;
});

Deno.test("a frame in pieces, and frames in one piece, arrive whole and in order", async () => {
  const { write, end, ended, frames } = wild();
  await write('{"a":1}\n{"b":');
  await write('"x"}');
  await write("\n[1]\n");
  await end();
  assert.equal(await ended, "its output ended");
  assert.deepEqual(frames, [{ a: 1 }, { b: "x" }, [1]]);
});

Deno.test("what is no JSON ends the transport", async () => {
  const { write, ended, frames } = wild();
  await write('{"a":1}\nnot json\n{"b":2}\n');
  assert.match(await ended, /JSON/);
  assert.deepEqual(frames, [{ a: 1 }]);
});

Deno.test("a line without an end is given up at the limit", async () => {
  const { write, ended, frames } = wild();
  const mebibyte = "x".repeat(1024 * 1024);
  for (let sent = 0; sent <= FRAME_LIMIT_BYTES; sent += mebibyte.length) void write(mebibyte);
  assert.equal(await ended, "it sent too long a line");
  assert.deepEqual(frames, []);
});

Deno.test("bytes that are no base64 end the transport", async () => {
  const { write, ended } = wild();
  await write('{"method":"$/item","params":{"id":1,"direction":"down"},"bytes":"%%"}\n');
  assert.equal(typeof await ended, "string");
});

Deno.test("a value that looks like bytes stays what it is", async () => {
  const { here, there } = pair({ echo: (params) => params });
  const value = { bytes: "AAAA", params: { bytes: "AAAA", value: null } };
  assert.deepEqual(await here.call("echo", value), value);
  here.close();
  await there.closed;
});

Deno.test("too large a call fails alone", async () => {
  const { here, there } = pair({ echo: (params) => params });
  const large = "x".repeat(FRAME_LIMIT_BYTES);
  await assert.rejects(here.call("echo", large), { code: "protocol" });
  assert.equal(await here.call("echo", "small"), "small");
  here.close();
  await there.closed;
});

Deno.test("a peer that does not read is given up when too much waits", async () => {
  const ended = Promise.withResolvers<string>();
  const output = new WritableStream<Uint8Array>({ write: () => new Promise(() => {}) });
  const transport = ndjsonTransport({ input: new ReadableStream(), output }, ended.resolve);
  const frame = { text: "x".repeat(FRAME_LIMIT_BYTES - 100) };
  for (let posted = 0; posted < 5; posted++) transport.post(frame);
  assert.equal(await ended.promise, "it does not read");
});

Deno.test("whatever comes, in whatever pieces, is frames up to the first line that is no JSON", async () => {
  const line = fc.oneof(fc.json(), fc.string({ unit: "binary" }));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, cut) => {
      const { readable, writable } = new TransformStream<Bytes, Bytes>();
      const { promise: ended, resolve } = Promise.withResolvers<string>();
      const frames: unknown[] = [];
      ndjsonTransport({ input: readable, output: new WritableStream() }, resolve)
        .listen((frame) => frames.push(frame));
      const writer = writable.getWriter();
      const bytes = new TextEncoder().encode(lines.map((text) => `${text}\n`).join(""));
      for (let at = 0; at < bytes.length; at += cut) {
        // What ended the transport cancelled the pipe.
        writer.write(bytes.slice(at, at + cut)).catch(() => undefined);
      }
      writer.close().catch(() => undefined);
      await ended;
      const expected: unknown[] = [];
      for (const text of new TextDecoder().decode(bytes).split("\n").slice(0, -1)) {
        try {
          expected.push(JSON.parse(text));
        } catch {
          break;
        }
      }
      assert.equal(JSON.stringify(frames), JSON.stringify(expected));
    }),
  );
});
