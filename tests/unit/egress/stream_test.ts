import assert from "node:assert/strict";
import { failure, Rig, serve, serveRaw } from "./rig.ts";

const MIB = 1024 * 1024;

/** Resolves when `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 500, "it never happened");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("each piece of an answer arrives as it is sent", async () => {
  let send: ReadableStreamDefaultController<Uint8Array> | undefined;
  await using server = serve(() =>
    new Response(new ReadableStream({ start: (controller) => void (send = controller) }))
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  const reader = (await rig.fetch(server.origin)).body?.getReader();
  for (const piece of ["data: one\n\n", "data: two\n\n"]) {
    send?.enqueue(new TextEncoder().encode(piece));
    assert.equal(new TextDecoder().decode((await reader?.read())?.value), piece);
  }
  send?.close();
  assert.equal((await reader?.read())?.done, true);
});

Deno.test("each piece of a streamed body is sent as it comes", async () => {
  const arrived: number[] = [];
  await using server = serve(async (request) => {
    for await (const piece of request.body ?? []) arrived.push(piece.length);
    return new Response(request.headers.get("transfer-encoding"));
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>();
  const writer = writable.getWriter();
  const response = rig.fetch(server.origin, { method: "POST", body: readable });
  for (let sent = 1; sent <= 3; sent++) {
    await writer.write(new Uint8Array(sent));
    await until(() => arrived.length === sent);
  }
  await writer.close();
  assert.equal(await (await response).text(), "chunked");
  assert.deepEqual(arrived, [1, 2, 3]);
});

Deno.test("a slow reader stops the server, and a gone one ends the exchange", async () => {
  let sent = 0;
  const gone = Promise.withResolvers<void>();
  await using server = serve(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += MIB;
          controller.enqueue(new Uint8Array(MIB));
        },
        cancel: () => gone.resolve(),
      }, { highWaterMark: 0 }),
    )
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  const response = await rig.fetch(server.origin);
  const reader = response.body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  // One window of 16 pieces of 64 KiB, and what sockets on loopback hold.
  const before = sent;
  assert.ok(before <= 24 * MIB, `${before / MIB} MiB were sent`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(sent, before);
  await reader?.cancel();
  await gone.promise;
});

Deno.test("200 MiB pass through both ways without being held", async () => {
  const total = 200 * MIB;
  const piece = new Uint8Array(MIB).fill(7);
  const source = () => {
    let left = total / MIB;
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => left-- > 0 ? controller.enqueue(piece) : controller.close(),
    }, { highWaterMark: 0 });
  };
  await using server = serve(async (request) => {
    let length = 0;
    for await (const chunk of request.body ?? []) length += chunk.length;
    assert.equal(length, total);
    return new Response(source());
  });
  using rig = await Rig.start({
    origins: [server.allowed],
    secrets: { k: { value: "sk-12345678", origins: [server.origin], placement: "x-key: {}" } },
  });
  const before = Deno.memoryUsage().rss;
  let highest = before;
  const watch = setInterval(() => highest = Math.max(highest, Deno.memoryUsage().rss), 5);
  const headers = { "x-key": await rig.issue("k") };
  const response = await rig.fetch(server.origin, { method: "POST", body: source(), headers });
  let length = 0;
  for await (const chunk of response.body ?? []) {
    assert.ok(chunk.length <= 64 * 1024);
    length += chunk.length;
  }
  clearInterval(watch);
  assert.equal(length, total);
  const grown = (highest - before) / MIB;
  assert.ok(grown < 180, `memory grew by ${grown.toFixed()} MiB`);
});

Deno.test("a caller's signal ends a request that waits, and one that streams", async () => {
  let ended = 0;
  await using server = serveRaw(async (connection, nth) => {
    const buffer = new Uint8Array(1024);
    await connection.read(buffer);
    const head = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
    if (nth > 0) await connection.write(new TextEncoder().encode(head));
    while (await connection.read(buffer) !== null);
    ended++;
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  const waiting = new AbortController();
  const reason = new Error("enough");
  setTimeout(() => waiting.abort(reason), 30);
  await assert.rejects(rig.fetch(server.origin, { signal: waiting.signal }), reason);
  await until(() => ended === 1);
  const streaming = new AbortController();
  const response = await rig.fetch(server.origin, { signal: streaming.signal });
  const whole = response.text();
  setTimeout(() => streaming.abort(), 30);
  await assert.rejects(whole, { name: "AbortError" });
  await until(() => ended === 2);
  const aborted = AbortSignal.abort(reason);
  await assert.rejects(rig.fetch(server.origin, { signal: aborted }), reason);
});

Deno.test("an answer left unread is ended, and gives its place back", async () => {
  const gone: Promise<void>[] = [];
  await using server = serve(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gone.push(promise);
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: () => resolve(),
    });
    return new Response(body);
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  for (let count = 0; count < 80; count++) {
    const response = await rig.fetch(server.origin);
    await response.body?.cancel();
  }
  await Promise.all(gone);
});

Deno.test("an answer that comes before the body was read ends the sending", async () => {
  let pulled = 0;
  await using server = serveRaw(async (connection) => {
    await connection.read(new Uint8Array(1024));
    const answer = "HTTP/1.1 413 No\r\ncontent-length: 3\r\nconnection: close\r\n\r\nbig";
    await connection.write(new TextEncoder().encode(answer));
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1024));
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  }, { highWaterMark: 0 });
  const response = await rig.fetch(server.origin, { method: "POST", body });
  assert.equal(response.status, 413);
  assert.equal(await response.text(), "big");
  const before = pulled;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(pulled <= before + 2, `${pulled - before} more pieces were taken`);
});

Deno.test("a body that fails on the caller's side fails the request", async () => {
  await using server = serve(async (request) => {
    await request.text().catch(() => undefined);
    return new Response("ok");
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    pull: () => Promise.reject(new Error("the disk is gone")),
  });
  const failed = await failure(rig.fetch(server.origin, { method: "POST", body }));
  assert.equal(failed.name, "FetchError");
});
