import assert from "node:assert/strict";
import { Transferred } from "../../../src/rpc/channel.ts";
import type { RpcError } from "../../../src/rpc/error.ts";
import { Pair, pause } from "./pair.ts";

Deno.test("a call is answered, both ways, with what structured clone keeps", async () => {
  const value = { map: new Map([[1, new Date(2)]]), bytes: new Uint8Array([1]), none: undefined };
  using pair = new Pair({ echo: (params) => params, later: async () => await 7 }, {
    back: () => "here",
  });
  assert.deepEqual(await pair.here.call("echo", value), value);
  assert.equal(await pair.here.call("later"), 7);
  assert.equal(await pair.here.call("echo"), null);
  assert.equal(await pair.there.call("back"), "here");
});

Deno.test("ports move with the parameters and with the result", async () => {
  using pair = new Pair({
    take: (params) => {
      const { port } = params as { port: MessagePort };
      port.postMessage("from there");
      port.close();
    },
    give: () => {
      const { port1, port2 } = new MessageChannel();
      port1.postMessage("given");
      port1.close();
      return new Transferred(port2, [port2]);
    },
  });
  const { port1, port2 } = new MessageChannel();
  const received = new Promise((resolve) => port1.onmessage = ({ data }) => resolve(data));
  await pair.here.call("take", { port: port2 }, { transfer: [port2] });
  assert.equal(await received, "from there");
  port1.close();
  const given = await pair.here.call("give") as MessagePort;
  const first = new Promise((resolve) => given.onmessage = ({ data }) => resolve(data));
  assert.equal(await first, "given");
  given.close();
});

Deno.test("a handler's error arrives with code, message and data, without its cause", async () => {
  class Coded extends Error {
    readonly code = "teapot";
    readonly data = { degrees: 90 };
  }
  using pair = new Pair({
    coded: () => {
      throw new Coded("short and stout", { cause: new Error("hidden") });
    },
    plain: () => Promise.reject(new Error("plain")),
    odd: () => Promise.reject("text"),
    uncloneable: () =>
      Promise.reject(Object.assign(new Error("bad data"), { code: "c", data: () => 1 })),
    unsendable: () => () => 1,
  });
  await assert.rejects(pair.here.call("coded"), (error: RpcError) => {
    assert.deepEqual([error.code, error.remoteCode, error.message, error.data, error.cause], [
      "remote",
      "teapot",
      "short and stout",
      { degrees: 90 },
      undefined,
    ]);
    return true;
  });
  await assert.rejects(pair.here.call("plain"), { remoteCode: "internal", message: "plain" });
  await assert.rejects(pair.here.call("odd"), { remoteCode: "internal" });
  await assert.rejects(pair.here.call("uncloneable"), { remoteCode: "c", message: "bad data" });
  await assert.rejects(pair.here.call("unsendable"), { code: "remote" });
  await assert.rejects(pair.here.call("nothing"), { remoteCode: "method_not_found" });
  await assert.rejects(pair.here.call("toString"), { remoteCode: "method_not_found" });
  await assert.rejects(pair.here.call("plain", () => 1), { code: "protocol" });
  await assert.rejects(pair.here.call("plain"), { message: "plain" });
});

Deno.test("a call ends with its signal, and the handler is told", async () => {
  const told = Promise.withResolvers<unknown>();
  using pair = new Pair({
    wait: (_, { signal }) => {
      signal.addEventListener("abort", () => told.resolve(signal.reason));
      return told.promise;
    },
  });
  const abort = new AbortController();
  const call = pair.here.call("wait", null, { signal: abort.signal });
  setTimeout(() => abort.abort(), 5);
  await assert.rejects(call, { code: "cancelled" });
  assert.equal((await told.promise as RpcError).code, "cancelled");
  await assert.rejects(pair.here.call("wait", null, { signal: AbortSignal.abort() }), {
    code: "cancelled",
  });
});

Deno.test("a call ends at its limit, and the handler is told", async () => {
  const told = Promise.withResolvers<void>();
  using pair = new Pair({
    wait: (_, { signal }) => {
      signal.addEventListener("abort", () => told.resolve());
      return new Promise(() => {});
    },
    async *slowly() {
      yield 1;
      await pause(60);
      yield 2;
    },
  });
  await assert.rejects(pair.here.call("wait", null, { limitMs: 20 }), { code: "timeout" });
  await told.promise;
  // A stream's limit is for its first value.
  assert.deepEqual(await Array.fromAsync(pair.here.stream("slowly", null, { limitMs: 40 })), [
    1,
    2,
  ]);
});

Deno.test("a closed channel fails what is open, what comes later, and its handlers", async () => {
  const told = Promise.withResolvers<string>();
  using pair = new Pair({
    wait: (_, { signal }) => {
      signal.addEventListener("abort", () => told.resolve(signal.reason.code));
      return new Promise(() => {});
    },
    async *some(_, { signal }) {
      yield 1;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  const call = assert.rejects(pair.here.call("wait"), { code: "closed", message: "the end" });
  const stream = pair.here.stream("some");
  await stream.next();
  const next = assert.rejects(stream.next(), { code: "closed" });
  pair.here.close("the end");
  await Promise.all([call, next]);
  await assert.rejects(pair.here.call("wait"), { code: "closed" });
  await assert.rejects(pair.here.stream("some").next(), { code: "closed" });
  assert.equal((await pair.here.closed).message, "the end");
  pair.here.notify("nothing");
  pair.there.close();
  assert.equal(await told.promise, "closed");
});

Deno.test("notifications arrive in order", async () => {
  using pair = new Pair({ sync: () => null });
  for (let count = 0; count < 100; count++) pair.here.notify("n", count);
  await pair.here.call("sync");
  assert.deepEqual(pair.notified, Array.from({ length: 100 }, (_, count) => ["n", count]));
});

Deno.test("10,000 calls and 1,000 streams leave nothing behind", async () => {
  using pair = new Pair({
    echo: (params) => params,
    fail: () => Promise.reject(new Error("no")),
    async *count(params) {
      for (let count = 0; count < Number(params); count++) yield count;
    },
  });
  for (let round = 0; round < 100; round++) {
    const calls = Array.from(
      { length: 100 },
      (_, nth) =>
        nth % 10 === 0 ? pair.here.call("fail").catch(() => "failed") : pair.here.call("echo", nth),
    );
    const values = await Promise.all(calls);
    assert.equal(values[99], 99);
  }
  for (let round = 0; round < 1_000; round++) {
    let seen = 0;
    for await (const _ of pair.here.stream("count", 40)) if (++seen === round % 45) break;
  }
  await pair.here.call("echo");
  assert.equal(pair.here.malformed + pair.there.malformed, 0);
  assert.deepEqual([pair.here.openCalls, pair.there.openCalls], [0, 0]);
});
