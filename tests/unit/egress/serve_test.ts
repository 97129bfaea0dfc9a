import assert from "node:assert/strict";
import { OPEN_CALLS_LIMIT } from "../../../src/rpc/channel.ts";
import { failure, Rig, serve } from "./rig.ts";

Deno.test("a request reaches the server and its answer comes back", async () => {
  await using server = serve(async (request) =>
    Response.json({ path: new URL(request.url).pathname, body: await request.text() }, {
      status: 201,
      headers: [["x-a", "1"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]],
    })
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  const response = await rig.fetch(`${server.origin}/x?y=z`, { method: "POST", body: "hello ☕" });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-a"), "1");
  assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.deepEqual(await response.json(), { path: "/x", body: "hello ☕" });
  assert.deepEqual(rig.reports, []);
});

Deno.test("an origin that is not on the caller's list is refused and reported", async () => {
  let requests = 0;
  await using server = serve(() => new Response(String(++requests)));
  using rig = await Rig.start({ origins: [{ origin: "https://api.test", private: false }] });
  const refused = await failure(rig.fetch(server.origin));
  assert.equal(refused.code, "origin_refused");
  assert.equal(requests, 0);
  const [report] = rig.reports;
  assert.equal(report?.event, "origin_refused");
  assert.equal(report?.origin, server.origin);
  assert.equal(report?.caller, "app");
});

Deno.test("the list of origins is replaced, and * stands for every origin", async () => {
  await using server = serve(() => new Response("ok"));
  using rig = await Rig.start({ origins: [server.allowed] });
  assert.equal(await (await rig.fetch(server.origin)).text(), "ok");
  await rig.allow([]);
  assert.equal((await failure(rig.fetch(server.origin))).code, "origin_refused");
  await rig.allow([{ origin: "*", private: true }]);
  assert.equal(await (await rig.fetch(server.origin)).text(), "ok");
});

Deno.test("an origin is the scheme, the host and the port", async () => {
  await using server = serve(() => new Response("ok"));
  using rig = await Rig.start({ origins: [server.allowed] });
  for (
    const url of [
      `https://127.0.0.1:${server.port}/`,
      `http://127.0.0.1:${server.port + 1}/`,
      `http://127.0.0.2:${server.port}/`,
      `http://127.0.0.1.evil.test:${server.port}/`,
    ]
  ) assert.equal((await failure(rig.fetch(url))).code, "origin_refused", url);
  assert.equal(await (await rig.fetch(`http://127.1:${server.port}/`)).text(), "ok");
});

Deno.test("one caller's list is not another's", async () => {
  await using server = serve(() => new Response("ok"));
  using rig = await Rig.start({ origins: [server.allowed] });
  const plugin = await rig.open("plugin:x", []);
  const params = { url: server.origin, method: "GET", headers: [] };
  assert.equal((await failure(plugin.stream("fetch", params).next())).name, "RpcError");
  assert.equal(rig.reports[0]?.caller, "plugin:x");
});

Deno.test("a private address is refused and reported, for a name and a number alike", async () => {
  let connections = 0;
  await using server = serve(() => new Response(String(++connections)));
  const origins = [`http://localhost:${server.port}`, `http://127.0.0.1:${server.port}`];
  using rig = await Rig.start({ origins: origins.map((origin) => ({ origin, private: false })) });
  for (const origin of origins) {
    assert.equal((await failure(rig.fetch(origin))).code, "address_refused", origin);
  }
  assert.deepEqual(rig.reports.map(({ event }) => event), ["address_refused", "address_refused"]);
  assert.equal(connections, 0);
});

Deno.test("a connection made for a private origin is not used for a public one", async () => {
  await using server = serve(() => new Response("inside"));
  using rig = await Rig.start({ origins: [server.allowed] });
  await (await rig.fetch(server.origin)).text();
  const plugin = await rig.open("plugin:x", [{ origin: server.origin, private: false }]);
  const stream = plugin.stream("fetch", { url: server.origin, method: "GET", headers: [] });
  await assert.rejects(stream.next(), { remoteCode: "address_refused" });
});

Deno.test("localhost is this machine, and the Host header keeps the name", async () => {
  await using server = serve((request) => new Response(request.headers.get("host")));
  const origin = `http://localhost:${server.port}`;
  using rig = await Rig.start({ origins: [{ origin, private: true }] });
  assert.equal(await (await rig.fetch(origin)).text(), `localhost:${server.port}`);
});

Deno.test("requests that are none are refused before anything is sent", async () => {
  let requests = 0;
  await using server = serve(() => new Response(String(++requests)));
  using rig = await Rig.start({ origins: [server.allowed] });
  const good = { url: server.origin, method: "GET", headers: [] };
  const pairs = (count: number, value = "v") => Array.from({ length: count }, () => ["x", value]);
  for (
    const params of [
      null,
      "text",
      [],
      {},
      { ...good, url: 7 },
      { ...good, url: "nonsense" },
      { ...good, url: "file:///etc/passwd" },
      { ...good, url: "data:text/plain,x" },
      { ...good, url: server.origin.replace("//", "//user:word@") },
      { ...good, url: `${server.origin}/${"x".repeat(40 * 1024)}` },
      { ...good, method: "GET / HTTP/1.1\r\n" },
      { ...good, method: "CONNECT" },
      { ...good, method: "trace" },
      { ...good, method: "" },
      { ...good, headers: "x: y" },
      { ...good, headers: [["x"]] },
      { ...good, headers: [["x", "a\r\nevil: b"]] },
      { ...good, headers: [["x", "\0"]] },
      { ...good, headers: [["x", "☕"]] },
      { ...good, headers: [["x y", "a"]] },
      { ...good, headers: [["", "a"]] },
      { ...good, headers: pairs(10_000, "") },
      { ...good, headers: pairs(10, "v".repeat(4 * 1024)) },
      { ...good, headers: [["content-length", "-1"]] },
    ]
  ) {
    const stream = rig.channel.stream("fetch", params);
    await assert.rejects(stream.next(), { remoteCode: "bad_request" }, JSON.stringify(params));
  }
  assert.equal(requests, 0);
});

Deno.test("headers of the connection, Host and encodings are not the caller's to set", async () => {
  await using server = serve((request) => Response.json([...request.headers]));
  using rig = await Rig.start({ origins: [server.allowed] });
  const stream = rig.channel.stream("fetch", {
    url: server.origin,
    method: "GET",
    headers: [
      ["Host", "evil.test"],
      ["Connection", "close, X-Hop"],
      ["X-Hop", "1"],
      ["Proxy-Authorization", "Basic x"],
      ["Transfer-Encoding", "chunked"],
      ["Upgrade", "h2c"],
      ["TE", "trailers"],
      ["Accept-Encoding", "identity"],
      ["X-Kept", "1"],
    ],
  });
  const chunks = (await Array.fromAsync(stream)).slice(1) as Uint8Array<ArrayBuffer>[];
  const seen = new Map<string, string>(await new Response(new Blob(chunks)).json());
  assert.equal(seen.get("host"), server.origin.slice("http://".length));
  assert.equal(seen.get("x-kept"), "1");
  assert.equal(seen.get("accept-encoding"), "gzip,br");
  for (const name of ["x-hop", "proxy-authorization", "transfer-encoding", "upgrade", "te"]) {
    assert.equal(seen.has(name), false, name);
  }
});

Deno.test("a body of known length is sent with it, and must have it", async () => {
  await using server = serve(async (request) =>
    Response.json([request.headers.get("content-length"), (await request.bytes()).length])
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  const send = async (method: string, headers: string[][], body: unknown[]) => {
    const params = { url: server.origin, method, headers };
    const input = ReadableStream.from(body);
    const [, ...chunks] = await Array.fromAsync(rig.channel.stream("fetch", params, { input }));
    return await new Response(new Blob(chunks as Uint8Array<ArrayBuffer>[])).json();
  };
  const bytes = (length: number) => new Uint8Array(length);
  assert.deepEqual(await send("POST", [["content-length", "9"]], [bytes(4), bytes(5)]), ["9", 9]);
  assert.deepEqual(await send("POST", [], [bytes(4), bytes(5)]), [null, 9]);
  assert.deepEqual(await send("POST", [["content-length", "0"]], []), ["0", 0]);
  const wrong = { remoteCode: "bad_request" };
  await assert.rejects(send("POST", [["content-length", "8"]], [bytes(4), bytes(5)]), wrong);
  await assert.rejects(send("POST", [["content-length", "10"]], [bytes(4), bytes(5)]), wrong);
  await assert.rejects(send("POST", [["content-length", "2"]], ["no"]), wrong);
  assert.deepEqual(await send("GET", [], [bytes(1)]), [null, 0], "a GET has no body");
});

Deno.test("a caller has so many requests open at most", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = serve(async () => {
    await gate.promise;
    return new Response("late");
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  const open = Array.from({ length: OPEN_CALLS_LIMIT }, () => rig.fetch(server.origin));
  const refused = await failure(rig.fetch(server.origin));
  assert.equal(refused.code, "overload");
  gate.resolve();
  const texts = await Promise.all(open.map(async (response) => (await response).text()));
  assert.equal(texts.length, OPEN_CALLS_LIMIT);
  assert.equal(await (await rig.fetch(server.origin)).text(), "late");
});

Deno.test("a closed caller's requests end, and its name can be opened anew", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = serve((request) => {
    request.signal.addEventListener("abort", () => gone.resolve());
    return new Response(new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(1)) }));
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  await rig.fetch(server.origin);
  await rig.kernel.call("close", { caller: "app" });
  await gone.promise;
  await assert.rejects(rig.issue("provider:x"), { remoteCode: "bad_request" });
  const again = await rig.open("app", []);
  const stream = again.stream("fetch", { url: server.origin, method: "GET", headers: [] });
  await assert.rejects(stream.next(), { remoteCode: "origin_refused" });
});
