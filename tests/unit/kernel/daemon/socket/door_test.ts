import assert from "node:assert/strict";
import { until } from "../../../../../src/protocol/waiting.ts";
import { DoorRig, newProfile } from "../../../../fakes/daemon_door.ts";

/** Waits until it is so. */
async function eventually(isSo: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  while (!isSo()) await until(new Promise((resolve) => setTimeout(resolve, 5)), signal);
}

Deno.test("many clients are served at the same time, each with its own answers", async () => {
  await using rig = await DoorRig.open();
  const clients = await Promise.all(Array.from({ length: 200 }, () => rig.client()));
  assert.equal(rig.door.clients, 200);
  assert.equal(new Set(clients.map(({ instance }) => instance)).size, 1);
  await Promise.all(clients.map(async (client, number) => {
    for (let at = 0; at < 5; at++) {
      assert.deepEqual(await client.send("echo", { number, at }), { number, at });
    }
  }));
  for (const client of clients) client.close();
  await eventually(() => rig.door.clients === 0);
  assert.equal(rig.door.refused, 0);
});

Deno.test("one client too many is told so, and a place that is free again is given", async () => {
  await using rig = await DoorRig.open({ limit: 2 });
  const [first] = [await rig.client(), await rig.client()];
  const message = /the daemon has 2 clients already/;
  await assert.rejects(rig.client(), { code: "daemon", message });
  assert.equal(rig.door.clients, 2);
  first.close();
  await eventually(() => rig.door.clients === 1);
  assert.equal(await (await rig.client()).send("echo", "third"), "third");
});

Deno.test("who proves nothing keeps nobody out for long, whoever knocks", async () => {
  await using rig = await DoorRig.open();
  const idle = await Promise.all(Array.from({ length: 40 }, () => rig.stranger()));
  const client = await rig.client();
  assert.equal(await client.send("echo", 1), 1);
  // The first 32 were told why, and cut off.
  const [told] = await idle[0]?.rest() ?? [];
  assert.match(told?.error?.message ?? "", /no proof in time/);
  for (const stranger of idle) stranger[Symbol.dispose]();
});

Deno.test("before the proof a line of 4 KB is enough, after it 16 MB are not too much", async () => {
  await using rig = await DoorRig.open();
  using early = await rig.stranger();
  await early.send("x".repeat(5_000));
  const [told, ...more] = await early.rest();
  assert.match(told?.error?.message ?? "", /too long a line/);
  assert.deepEqual(more, []);
  const client = await rig.client();
  const large = "x".repeat(15 * 1024 * 1024);
  assert.equal((await client.send("echo", large, 20_000) as string).length, large.length);
});

Deno.test("a line of 17 MB is answered, counted, and costs its sender alone the connection", async () => {
  await using rig = await DoorRig.open();
  using wild = await rig.proven();
  const honest = await rig.client();
  const half = new Uint8Array(17 * 1024 * 1024).fill(120);
  await wild.bytes(half).catch(() => undefined);
  assert.match((await wild.next())?.error?.message ?? "", /too long a line/);
  assert.equal(await wild.next(), undefined);
  assert.equal(rig.door.malformed, 1);
  assert.equal(await honest.send("echo", "here"), "here");
});

Deno.test("an answer that is too large for a frame fails alone", async () => {
  await using rig = await DoorRig.open();
  const client = await rig.client();
  await assert.rejects(client.send("large", 16 * 1024 * 1024), { code: "remote" });
  assert.equal(await client.send("echo", "small"), "small");
});

Deno.test("who asks and never reads is cut off, and the others go on", async () => {
  await using rig = await DoorRig.open();
  using deaf = await rig.proven();
  const honest = await rig.client();
  for (let id = 10; id < 20; id++) {
    const params = 8 * 1024 * 1024;
    // It may be cut off while it asks.
    await deaf.send({ jsonrpc: "2.0", id, method: "large", params }).catch(() => undefined);
  }
  await eventually(() => rig.door.clients === 1);
  assert.equal(await honest.send("echo", "here"), "here");
  assert.match(rig.logged.at(-1)?.["reason"] ?? "", /does not read/);
});

Deno.test("streams and notifications cross, and a stream that is left ends", async () => {
  await using rig = await DoorRig.open();
  const { channel } = await rig.client();
  const counted: unknown[] = [];
  for await (const value of channel.stream("count", 100)) counted.push(value);
  assert.deepEqual(counted, Array.from({ length: 100 }, (_, at) => at));
  for await (const value of channel.stream("count", 1_000_000)) {
    if (value === 50) break;
  }
  channel.notify("resize", { columns: 80, rows: 24 });
  assert.equal(await channel.call("echo", "after"), "after");
  assert.deepEqual(rig.notified, [["resize", { columns: 80, rows: 24 }]]);
});

Deno.test("the daemon calls what a client serves, and a client that ends ends that call", async () => {
  const asked = Promise.withResolvers<unknown>();
  await using rig = await DoorRig.open({
    serve: (client) => ({
      handlers: {
        ask: async () => await client.channel.call("read", null),
        begin: () => {
          const answer = client.channel.call("never", null, { limitMs: Infinity });
          asked.resolve(answer);
        },
      },
    }),
  });
  const handlers = { read: () => "typed", never: () => new Promise(() => {}) };
  const client = await rig.client({ handlers, limitMs: 20_000 });
  assert.equal(await client.send("ask", null), "typed");
  await client.send("begin", null);
  client.close();
  await assert.rejects(asked.promise, { code: "closed" });
});

Deno.test("a fault while a client is let in costs that client alone", async () => {
  let number = 0;
  await using rig = await DoorRig.open({
    serve: () => {
      if (++number === 1) throw new TypeError("a fault");
      return { handlers: { echo: (params) => params } };
    },
  });
  using first = await rig.stranger();
  assert.equal((await first.prove(rig.instance.token))?.error?.data.code, "internal");
  assert.equal(await first.next(), undefined);
  assert.equal(await (await rig.client()).send("echo", 1), 1);
  assert.deepEqual(rig.logged[0], { event: "a connection was not let in", reason: "a fault" });
});

Deno.test("what was answered before the door closes arrives, and then nothing does", async () => {
  const rig = await DoorRig.open();
  const client = await rig.client();
  const answer = client.send("large", 4 * 1024 * 1024, 20_000) as Promise<string>;
  await new Promise((resolve) => setTimeout(resolve, 30));
  await rig[Symbol.asyncDispose]();
  const got = await answer.catch((error) => error.code);
  assert.ok(got === "no_daemon" || got.length === 4 * 1024 * 1024, String(got).slice(0, 80));
  await assert.rejects(client.send("echo", 1), { code: "no_daemon" });
});

Deno.test("a loopback port serves as the socket does", async () => {
  const folder = `${await Deno.makeTempDir()}/${"long".repeat(40)}`;
  await Deno.mkdir(folder);
  await using rig = await DoorRig.open({ profile: newProfile(folder) });
  assert.equal(rig.endpoint.kind, "tcp");
  const client = await rig.client();
  assert.equal(await client.send("echo", "by port"), "by port");
  using wild = await rig.proven();
  await wild.bytes(new Uint8Array(17 * 1024 * 1024).fill(120)).catch(() => undefined);
  assert.match((await wild.next())?.error?.message ?? "", /too long a line/);
  using wrong = await rig.stranger();
  const answer = await wrong.prove(new Uint8Array(32));
  assert.equal(answer?.error?.data.code, "denied");
});
