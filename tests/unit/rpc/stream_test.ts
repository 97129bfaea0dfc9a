import assert from "node:assert/strict";
import fc from "fast-check";
import { WINDOW } from "../../../src/rpc/stream.ts";
import { Pair, pause } from "./pair.ts";

Deno.test("a slow reader makes the producer wait, in either direction", async () => {
  let produced = 0;
  let uploaded = 0;
  const taken = Promise.withResolvers<void>();
  using pair = new Pair({
    async *huge() {
      while (true) yield produced++;
    },
    async upload(_, { input }) {
      for await (const _value of input) {
        await taken.promise;
        break;
      }
      return "enough";
    },
  });
  const stream = pair.here.stream("huge");
  await stream.next();
  await pause(30);
  assert.ok(produced <= WINDOW + 1, `${produced} were produced`);
  for (let count = 0; count < 1_000; count++) await stream.next();
  await pause(30);
  assert.ok(produced <= 1_001 + WINDOW + 1, `${produced} were produced`);
  await stream.return();
  const upload = pair.here.call("upload", null, {
    input: (async function* () {
      while (true) yield uploaded++;
    })(),
  });
  await pause(30);
  assert.ok(uploaded <= WINDOW + 1, `${uploaded} were sent`);
  taken.resolve();
  assert.equal(await upload, "enough");
});

Deno.test("a stream that is left early stops its producer", async () => {
  const ended = Promise.withResolvers<void>();
  using pair = new Pair({
    async *endless() {
      try {
        while (true) yield "x".repeat(1_000);
      } finally {
        ended.resolve();
      }
    },
  });
  for await (const _ of pair.here.stream("endless")) break;
  await ended.promise;
});

Deno.test("a cancelled stream ends although its producer is stuck", async () => {
  const aborted = Promise.withResolvers<void>();
  using pair = new Pair({
    stuck: (_, { signal }) => {
      signal.addEventListener("abort", () => aborted.resolve());
      return { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    },
  });
  const abort = new AbortController();
  const next = pair.here.stream("stuck", null, { signal: abort.signal }).next();
  await pause(5);
  abort.abort();
  await assert.rejects(next, { code: "cancelled" });
  await aborted.promise;
  await pause(5);
  assert.deepEqual([pair.here.openCalls, pair.there.openCalls], [0, 0]);
});

Deno.test("a stream's failure arrives after the values before it", async () => {
  using pair = new Pair({
    async *breaks() {
      yield 1;
      yield 2;
      throw Object.assign(new Error("broke"), { code: "snapped" });
    },
    async *unsendable() {
      yield 1;
      yield () => 1;
    },
  });
  const seen: unknown[] = [];
  const read = async (method: string) => {
    for await (const value of pair.here.stream(method)) seen.push(value);
  };
  await assert.rejects(read("breaks"), { code: "remote", remoteCode: "snapped", message: "broke" });
  await assert.rejects(read("unsendable"), { code: "remote" });
  assert.deepEqual(seen, [1, 2, 1]);
});

Deno.test("what streams up ends with the handler, and its failure reaches it", async () => {
  using pair = new Pair({
    async sum(_, { input }) {
      let sum = 0;
      for await (const value of input) sum += Number(value);
      return sum;
    },
    early: () => "early",
  });
  const sum = await pair.here.call("sum", null, { input: ReadableStream.from([1, 2, 3]) });
  assert.equal(sum, 6);
  assert.equal(await pair.here.call("sum"), 0);
  const fails = (async function* () {
    yield 1;
    throw Object.assign(new Error("no more"), { code: "dry" });
  })();
  await assert.rejects(pair.here.call("sum", null, { input: fails }), { remoteCode: "dry" });
  let ended = false;
  const input = (async function* () {
    try {
      while (true) yield 1;
    } finally {
      ended = true;
    }
  })();
  assert.equal(await pair.here.call("early", null, { input }), "early");
  await pause(5);
  assert.equal(ended, true);
});

Deno.test("a stream's values arrive whole and in order, whatever the reader's pace", async () => {
  using pair = new Pair({
    async *values(params) {
      yield* params as unknown[];
    },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 60 }),
      fc.array(fc.nat(2), { maxLength: 60 }),
      async (values, pauses) => {
        const seen: unknown[] = [];
        for await (const value of pair.here.stream("values", values)) {
          if (pauses[seen.length]) await pause(0);
          seen.push(value);
        }
        assert.deepEqual(seen, values);
      },
    ),
    { numRuns: 100 },
  );
});
