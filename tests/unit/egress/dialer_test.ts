import assert from "node:assert/strict";
import fc from "fast-check";
import { Dialer } from "../../../src/egress/dialer.ts";
import { exchangeError } from "../../../src/egress/error.ts";
import { serve, serveRaw } from "./rig.ts";

const text = (value: string) => new TextEncoder().encode(value);

function portOf(proxy: Deno.Proxy): number {
  return "url" in proxy && proxy.url ? Number(new URL(proxy.url).port) : 0;
}

function passwordOf(proxy: Deno.Proxy): string {
  return "basicAuth" in proxy ? proxy.basicAuth?.password ?? "" : "";
}

Deno.test("a stranger without the password gets nothing", async () => {
  const dialer = new Dialer();
  const port = portOf(dialer.proxy("private"));
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(64);
  await connection.write(new Uint8Array([5, 2, 0, 2]));
  assert.equal(await connection.read(buffer), 2);
  assert.deepEqual([...buffer.subarray(0, 2)], [5, 2], "a password is asked for");
  await connection.write(new Uint8Array([1, 7, ...text("private"), 5, ...text("guess")]));
  assert.equal(await connection.read(buffer), null);
  connection.close();
  dialer.close();
});

Deno.test("no bytes of a stranger bring the dialer down", async () => {
  const dialer = new Dialer();
  const port = portOf(dialer.proxy("public"));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(bytes).catch(() => undefined);
      await connection.closeWrite().catch(() => undefined);
      const buffer = new Uint8Array(64);
      while (await connection.read(buffer).catch(() => null) !== null);
      connection.close();
    }),
    { numRuns: 100 },
  );
  await using server = serve(() => new Response("alive"));
  const client = Deno.createHttpClient({ proxy: dialer.proxy("private") });
  assert.equal(await (await fetch(server.origin, { client })).text(), "alive");
  client.close();
  dialer.close();
});

Deno.test("a handshake in single bytes is understood, and a name is connected to", async () => {
  await using server = serveRaw(async (connection) => {
    await connection.write(text("hello"));
  });
  const dialer = new Dialer();
  const proxy = dialer.proxy("private");
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(proxy) });
  connection.setNoDelay();
  const password = text(passwordOf(proxy));
  const handshake = [
    ...[5, 1, 2],
    ...[1, 7, ...text("private"), password.length, ...password],
    ...[5, 1, 0, 3, 9, ...text("localhost"), server.port >> 8, server.port & 255],
  ];
  for (const byte of handshake) await connection.write(new Uint8Array([byte]));
  const answer: number[] = [];
  const buffer = new Uint8Array(64);
  for (let length = await connection.read(buffer); length; length = await connection.read(buffer)) {
    answer.push(...buffer.subarray(0, length));
  }
  assert.deepEqual(answer, [5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...text("hello")]);
  connection.close();
  dialer.close();
});

Deno.test("the next address is tried when the first does not answer", async () => {
  // `localhost` is 127.0.0.1, then ::1; only the second listens here.
  let listener: Deno.TcpListener;
  try {
    listener = Deno.listen({ hostname: "::1", port: 0 });
  } catch {
    return; // A machine without IPv6.
  }
  const accepted = listener.accept();
  const dialer = new Dialer();
  const client = Deno.createHttpClient({ proxy: dialer.proxy("private") });
  const answer = fetch(`http://localhost:${listener.addr.port}/`, { client });
  const connection = await accepted;
  await connection.read(new Uint8Array(1024));
  await connection.write(text("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nv6"));
  assert.equal(await (await answer).text(), "v6");
  connection.close();
  listener.close();
  client.close();
  dialer.close();
});

Deno.test("what may not be reached is told from what cannot be, by name and by number", async () => {
  const dialer = new Dialer();
  const client = Deno.createHttpClient({ proxy: dialer.proxy("public") });
  await using server = serve(() => new Response("inside"));
  for (
    const [url, reason] of [
      [server.origin, "address_refused"],
      [`http://localhost:${server.port}/`, "address_refused"],
      [`http://[::1]:${server.port}/`, "address_refused"],
      ["http://no.such.name.invalid/", "dns"],
    ] as const
  ) {
    const thrown = await fetch(url, { client }).catch((error) => error);
    const { code, data } = exchangeError(thrown, new URL(url), "direct");
    assert.equal(data.reason ?? code, reason, url);
  }
  client.close();
  dialer.close();
});
