import assert from "node:assert/strict";
import { proxyFor } from "../../../src/egress/proxy.ts";
import { CAN_CERTIFY, certify } from "../../fakes/certificates.ts";
import { startProxy } from "../../fakes/proxy.ts";
import { failure, Rig, serve, serveRaw } from "./rig.ts";

const TLS = { ignore: !CAN_CERTIFY };
const text = (value: string) => new TextEncoder().encode(value);

Deno.test("https is checked against the URL's name and the given authority", TLS, async () => {
  const { authority, ...tls } = await certify("localhost");
  await using server = serve((request) => new Response(request.url), tls);
  const allowed = [`https://localhost:${server.port}`, `https://127.0.0.1:${server.port}`]
    .map((origin) => ({ origin, private: true }));
  using rig = await Rig.start({ origins: allowed, caCertificates: [authority] });
  const url = `https://localhost:${server.port}/x`;
  assert.equal(await (await rig.fetch(url)).text(), url);
  const otherName = await failure(rig.fetch(`https://127.0.0.1:${server.port}/x`));
  assert.equal(otherName.code, "tls");
  assert.deepEqual(otherName.data, { reason: "tls" });
  using untrusting = await Rig.start({ origins: allowed });
  assert.equal((await failure(untrusting.fetch(url))).code, "tls");
});

Deno.test("a credential goes over https, HTTP/2 included", TLS, async () => {
  const { authority, ...tls } = await certify("localhost");
  const seen: (string | null)[] = [];
  await using server = serve((request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("ok");
  }, tls);
  const origin = `https://localhost:${server.port}`;
  using rig = await Rig.start({
    origins: [{ origin, private: true }],
    caCertificates: [authority],
    secrets: {
      k: { value: "sk-12345678", origins: [origin], placement: "authorization: Bearer {}" },
    },
  });
  const headers = { authorization: `Bearer ${await rig.issue("k")}` };
  await (await rig.fetch(origin, { headers })).text();
  assert.deepEqual(seen, ["Bearer sk-12345678"]);
});

Deno.test("failures of the network are told apart", async () => {
  await using cutting = serveRaw(async (connection) => {
    await connection.read(new Uint8Array(1024));
  });
  await using babbling = serveRaw(async (connection) => {
    await connection.read(new Uint8Array(1024));
    await connection.write(text("what is this\r\n\r\n"));
  });
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const gone = `http://127.0.0.1:${closed.addr.port}`;
  closed.close();
  const nowhere = "http://no.such.name.invalid";
  const plain = cutting.origin.replace("http:", "https:");
  using rig = await Rig.start({
    origins: [
      cutting.allowed,
      babbling.allowed,
      ...[gone, nowhere, plain].map(
        (origin) => ({ origin, private: true }),
      ),
    ],
  });
  const reasons = await Promise.all(
    [cutting.origin, babbling.origin, gone, nowhere].map(async (url) => {
      const { name, code, data } = await failure(rig.fetch(url));
      return [name, code, (data as { reason: string }).reason];
    }),
  );
  assert.deepEqual(reasons, [
    ["FetchError", "network", "reset"],
    ["FetchError", "network", "protocol"],
    ["FetchError", "network", "refused"],
    ["FetchError", "network", "dns"],
  ]);
  assert.match((await failure(rig.fetch(plain))).code as string, /tls|network/);
  assert.equal(
    (await failure(rig.fetch(nowhere))).message,
    `${nowhere} cannot be reached: its name leads nowhere`,
  );
});

Deno.test("a message of a failure holds neither the path nor the query", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${closed.addr.port}`;
  closed.close();
  using rig = await Rig.start({
    origins: [{ origin, private: true }],
    secrets: { k: { value: "sk-12345678", origins: [origin], placement: "path: /bot{}/" } },
  });
  const failed = await failure(rig.fetch(`${origin}/bot${await rig.issue("k")}/me?who=someone`));
  assert.equal(failed.code, "network");
  assert.doesNotMatch(JSON.stringify([failed, rig.reports]), /sk-12345678|someone|bot/);
});

Deno.test("an answer that is cut in the middle keeps what came, then fails", async () => {
  await using server = serveRaw(async (connection) => {
    await connection.read(new Uint8Array(1024));
    await connection.write(text("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"));
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  const response = await rig.fetch(server.origin);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  assert.equal(new TextDecoder().decode(first?.value), "half");
  const failed = await failure(reader?.read() ?? Promise.resolve());
  assert.deepEqual([failed.code, failed.data], ["network", { reason: "reset" }]);
});

Deno.test("a character that is cut in two arrives whole", async () => {
  const [head, tail] = [text("☕").subarray(0, 2), text("☕").subarray(2)];
  await using server = serveRaw(async (connection) => {
    await connection.read(new Uint8Array(1024));
    await connection.write(text("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n"));
    await connection.write(head);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await connection.write(tail);
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  assert.equal(await (await rig.fetch(server.origin)).text(), "☕");
});

Deno.test("a server that says nothing, or stops, is given up", async () => {
  const over = Promise.withResolvers<void>();
  await using server = serveRaw(async (connection, nth) => {
    const buffer = new Uint8Array(1024);
    await connection.read(buffer);
    if (nth > 0) await connection.write(text("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"));
    while (await connection.read(buffer) !== null);
    if (nth > 0) over.resolve();
  });
  using rig = await Rig.start({ origins: [server.allowed], stallLimitMs: 50 });
  const silent = await failure(rig.fetch(server.origin));
  assert.deepEqual([silent.code, silent.data], ["network", { reason: "timeout" }]);
  const stopped = await failure((await rig.fetch(server.origin)).text());
  assert.deepEqual([stopped.code, stopped.data], ["network", { reason: "timeout" }]);
  await over.promise;
});

Deno.test("connections are kept and used again", async () => {
  const ports = new Set<number>();
  await using server = serve((_, { remoteAddr }) => {
    ports.add(remoteAddr.port);
    return new Response("ok");
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  for (let count = 0; count < 20; count++) await (await rig.fetch(server.origin)).text();
  assert.equal(ports.size, 1);
});

Deno.test("https goes through the proxy as a tunnel, http by its full address", TLS, async () => {
  const { authority, ...tls } = await certify("api.test");
  await using secure = serve((request) => new Response(`secure ${request.url}`), tls);
  await using plain = serve((request) => new Response(`plain ${request.headers.get("host")}`));
  await using tunnels = startProxy({ port: secure.port });
  await using relays = startProxy({ port: plain.port });
  using rig = await Rig.start({
    origins: ["https://api.test", "http://api.test"].map((origin) => ({ origin, private: false })),
    caCertificates: [authority],
    proxy: { https: tunnels.url.replace("//", "//me:pa%20ss@"), http: relays.url.slice(7) },
  });
  assert.equal(await (await rig.fetch("https://api.test/x")).text(), "secure https://api.test/x");
  assert.deepEqual(tunnels.requests, [`CONNECT api.test:443 HTTP/1.1 Basic ${btoa("me:pa ss")}`]);
  assert.equal(await (await rig.fetch("http://api.test/y")).text(), "plain api.test");
  assert.deepEqual(relays.requests, ["GET http://api.test/y HTTP/1.1"]);
});

Deno.test("a proxy that refuses is told from a server that does", async () => {
  await using proxy = startProxy({ port: 1, refuse: "407 Who Are You" });
  const origin = "https://api.test";
  using rig = await Rig.start({
    origins: [{ origin, private: false }],
    proxy: { https: proxy.url },
  });
  const failed = await failure(rig.fetch(origin));
  assert.deepEqual([failed.code, failed.data], ["network", { reason: "proxy" }]);
});

Deno.test("a literal private address is refused behind a proxy too", async () => {
  await using proxy = startProxy({ port: 1 });
  const origin = "http://10.0.0.1";
  using rig = await Rig.start({
    origins: [{ origin, private: false }],
    proxy: { http: proxy.url },
  });
  assert.equal((await failure(rig.fetch(origin))).code, "address_refused");
  assert.equal(rig.reports[0]?.event, "address_refused");
  assert.deepEqual(proxy.requests, []);
});

Deno.test("loopback and the hosts of NO_PROXY are reached directly", async () => {
  const proxied = (url: string, no: string) =>
    proxyFor(new URL(url), { https: "http://secure:1", http: "plain:2", no });
  assert.equal(proxied("https://api.test", ""), "http://secure:1");
  assert.equal(proxied("http://api.test", ""), "http://plain:2");
  for (
    const no of [
      "api.test",
      ".test",
      "test",
      "*.test",
      "*",
      "a.test, api.test",
      "x api.test",
      "API.test",
    ]
  ) {
    assert.equal(proxied("https://api.test", no), undefined, no);
  }
  for (const no of ["pi.test", "other", "api.test.more", "api.test:80", ".api.test.x", ","]) {
    assert.equal(proxied("https://api.test", no), "http://secure:1", no);
  }
  assert.equal(proxied("http://api.test:8080", "api.test:8080"), undefined);
  assert.equal(proxied("http://10.1.2.3", "10.1.2.3"), undefined);
  assert.equal(proxied("http://[fd00::1]", "fd00::1"), undefined);
  assert.equal(proxied("http://[fd00::1]:99", "[fd00::1]:99"), undefined);
  for (const host of ["localhost", "127.0.0.1", "[::1]", "a.localhost"]) {
    assert.equal(proxied(`http://${host}`, ""), undefined, host);
  }
  await using server = serve(() => new Response("direct"));
  await using proxy = startProxy({ port: 1, refuse: "502 No" });
  using rig = await Rig.start({ origins: [server.allowed], proxy: { http: proxy.url } });
  assert.equal(await (await rig.fetch(server.origin)).text(), "direct");
});
