/**
 * What the daemon's socket does with 100,000 frames that are none.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readLine } from "../../src/rpc/json_rpc.ts";
import { DoorRig, type Stranger } from "../fakes/daemon_door.ts";

const FRAMES = 100_000;
/** Of each connection: a thousand cut it off. */
const OF_ONE = 990;
/** What the process may have more at the end than after the first tenth, bytes. */
const GROWTH_BYTES = 64 * 1024 * 1024;

const encoder = new TextEncoder();

/** By hand: what has broken readers before. */
const KNOWN: readonly Uint8Array[] = [
  "",
  "\0",
  "\ufeff",
  "{",
  "null",
  "[]",
  "[1,2]",
  '""',
  "1e999",
  `-${"9".repeat(2_000)}`,
  "NaN",
  "{}{}",
  '{"jsonrpc":"2.0"}',
  '{"jsonrpc":"2.0","id":1}',
  '{"jsonrpc":"2.0","id":-1,"method":"echo"}',
  '{"jsonrpc":"2.0","id":1.5,"method":"echo"}',
  '{"jsonrpc":"2.0","id":1e999,"method":"echo"}',
  '{"jsonrpc":"2.0","id":{"a":1},"method":"echo"}',
  '{"jsonrpc":"2.0","id":"1","method":"echo"}',
  '{"jsonrpc":"2.0","id":1,"method":{}}',
  '{"jsonrpc":"2.0","id":1,"method":"no such method"}',
  '{"jsonrpc":"2.0","id":1,"method":"__proto__"}',
  '{"jsonrpc":"2.0","id":1,"method":"constructor"}',
  '{"jsonrpc":"2.0","id":1,"method":"toString"}',
  '{"jsonrpc":"2.0","id":1,"method":"echo","input":"yes"}',
  '{"jsonrpc":"2.0","id":1,"method":"$/cancel","params":{"id":1}}',
  '{"jsonrpc":"2.0","method":"$/item","params":{"id":1,"direction":"sideways","value":1}}',
  '{"jsonrpc":"2.0","method":"$/credit","params":{"id":1,"direction":"down","count":-1}}',
  '{"jsonrpc":"2.0","method":"$/end","params":[]}',
  '{"__proto__":{"jsonrpc":"2.0","id":1,"method":"echo"}}',
  '{"jsonrpc":"2.0","id":1,"result":{},"error":null}',
  '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}',
  '[{"jsonrpc":"2.0","id":1,"method":"echo"}]',
  `${"[".repeat(50)}`,
  `{"jsonrpc":"2.0","id":1,"method":"echo","params":${"[".repeat(120)}${"]".repeat(120)}}`,
  '{"jsonrpc":"1.0","jsonrpc":"2","id":1,"method":"echo"}',
  '{"jsonrpc":"2.0","id":1,"method":"ec',
].map((text) => encoder.encode(text)).concat([
  // Cut UTF-8, overlong UTF-8, UTF-16.
  Uint8Array.of(0x22, 0xe2, 0x82, 0x22),
  Uint8Array.of(0x22, 0xc0, 0xaf, 0x22),
  Uint8Array.of(0xff, 0xfe, 0x7b, 0x00),
]);

/** Too long to be sent a thousand times. */
const LARGE: readonly Uint8Array[] = [
  "[".repeat(100_000),
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  `{"jsonrpc":"2.0","id":1,"method":"echo","params":${'{"a":'.repeat(50_000)}1${
    "}".repeat(50_000)
  }}`,
  `{"jsonrpc":"2.0","id":1,"method":"${"x".repeat(200_000)}"`,
].map((text) => encoder.encode(text));

/** Whether the door counts it: it is none, or calls a method that is not there. */
function isCounted(line: Uint8Array): boolean {
  const reading = readLine(line);
  if (reading.kind === "malformed") return true;
  return "method" in reading.frame && "id" in reading.frame &&
    !["echo", "count", "large"].includes(reading.frame.method);
}

/** Lines for the whole test, the ones by hand among them. */
function lines(seed: number): Uint8Array[] {
  const made = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: "binary", maxLength: 60 }).map((text) => encoder.encode(text)),
    fc.json({ maxDepth: 4 }).map((text) => encoder.encode(text)),
    fc.json({ maxDepth: 3 }).map((text) =>
      encoder.encode(`{"jsonrpc":"2.0","id":${text},"method":"nothing","params":${text}}`)
    ),
    fc.nat(40).map((at) => encoder.encode('{"jsonrpc":"2.0","id":1,"method":"echo"}').slice(0, at)),
  );
  const sample = fc.sample(made, { numRuns: 3_000, seed })
    .filter((line) => !line.includes(10) && isCounted(line));
  assert.ok(sample.length > 2_000);
  return Array.from({ length: FRAMES }, (_, at) => {
    const from = at % 3 === 0 ? KNOWN : sample;
    return from[Math.floor(at / 3) % from.length] ?? new Uint8Array();
  });
}

/** Bytes of these lines, each with its end. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length + 1, 0)).fill(10);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length + 1;
  }
  return all;
}

/** Reads whatever is answered until it was all answered, or the connection ends. */
async function drain(stranger: Stranger): Promise<number> {
  let answers = 0;
  for (let line; (line = await stranger.next()); answers++) {
    if (line["id"] === 999_999) return answers;
  }
  throw new TypeError("it was cut off");
}

Deno.test("100,000 frames that are none are answered and counted, and others are served meanwhile", async () => {
  for (const line of KNOWN) assert.ok(isCounted(line), new TextDecoder().decode(line));
  await using rig = await DoorRig.open();
  const honest = await rig.client();
  let served = 0;
  let isOver = false;
  const serving = (async () => {
    while (!isOver) {
      assert.equal(await honest.send("echo", served, 20_000), served);
      served++;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  const all = lines(7);
  let sent = 0;
  let base = 0;
  while (sent < FRAMES) {
    const part = all.slice(sent, sent + OF_ONE);
    using wild = await rig.proven();
    const bytes = joined(part);
    const answered = drain(wild);
    // In pieces that end anywhere.
    for (let at = 0; at < bytes.length; at += 10_007) {
      await wild.bytes(bytes.subarray(at, at + 10_007));
    }
    await wild.send({ jsonrpc: "2.0", id: 999_999, method: "echo", params: {} });
    await answered;
    sent += part.length;
    assert.equal(rig.door.malformed, sent);
    if (base === 0 && sent >= FRAMES / 10) base = Deno.memoryUsage().rss;
  }
  isOver = true;
  await serving;
  assert.ok(served > 10, `${served} calls`);
  const grown = Deno.memoryUsage().rss - base;
  assert.ok(grown < GROWTH_BYTES, `${grown} bytes more`);
  assert.equal(rig.door.refused, 0);
});

Deno.test("large frames that are none are answered, and do not add up", async () => {
  await using rig = await DoorRig.open();
  const honest = await rig.client();
  let base = 0;
  for (let round = 0; round < 60; round++) {
    using wild = await rig.proven();
    for (const line of LARGE) {
      await wild.bytes(joined([line]));
      const answer = await wild.next();
      assert.ok(answer?.error && answer.error.code <= -32_600);
    }
    assert.equal(await honest.send("echo", round), round);
    if (round === 20) base = Deno.memoryUsage().rss;
  }
  const grown = Deno.memoryUsage().rss - base;
  assert.ok(grown < GROWTH_BYTES, `${grown} bytes more`);
});

Deno.test("half a frame and then nothing, again and again, leaves nothing behind", async () => {
  await using rig = await DoorRig.open();
  for (let round = 0; round < 300; round++) {
    using wild = round % 2 === 0 ? await rig.proven() : await rig.stranger();
    await wild.bytes(encoder.encode('{"jsonrpc":"2.0","id":3,"meth'));
  }
  const honest = await rig.client();
  const signal = AbortSignal.timeout(20_000);
  while (rig.door.clients > 1) {
    signal.throwIfAborted();
    await honest.send("echo", 1);
  }
});

Deno.test("a thousand frames that are none cut off their sender, who is told", async () => {
  await using rig = await DoorRig.open();
  const honest = await rig.client();
  using wild = await rig.proven();
  const answers = wild.rest();
  await wild.bytes(encoder.encode("nothing\n".repeat(5_000))).catch(() => undefined);
  const last = (await answers).at(-1);
  assert.match(last?.error?.message ?? "", /too much came that was no frame/);
  assert.equal(rig.door.malformed, 1_000);
  assert.equal(await honest.send("echo", "here"), "here");
});
