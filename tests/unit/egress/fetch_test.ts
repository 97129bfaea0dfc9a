import assert from "node:assert/strict";
import { Channel, type Handler } from "../../../src/rpc/channel.ts";
import { portTransport } from "../../../src/rpc/transport.ts";
import { channelFetch } from "../../../src/rooms/fetch.ts";
import { failure, Rig, serve } from "./rig.ts";

/** A server that redirects `/to?…` and tells everything else about itself. */
function redirecting() {
  return serve(async (request) => {
    const url = new URL(request.url);
    const body = await request.text();
    const to = url.searchParams.get("to");
    if (to !== null) {
      const status = Number(url.searchParams.get("status") ?? 302);
      return new Response("moved", { status, headers: { location: to } });
    }
    const { authorization, cookie, "content-type": type, "x-key": key } = Object.fromEntries(
      request.headers,
    );
    return Response.json({ method: request.method, body, authorization, cookie, type, key });
  });
}

const to = (where: string, status = 302) => `/?status=${status}&to=${encodeURIComponent(where)}`;

Deno.test("a redirect is followed as a new request, and the response tells where it ended", async () => {
  await using server = redirecting();
  using rig = await Rig.start({ origins: [server.allowed] });
  const response = await rig.fetch(`${server.origin}${to("/end?x=1")}#part`);
  assert.equal(response.url, `${server.origin}/end?x=1`);
  assert.equal(response.redirected, true);
  assert.equal((await response.json()).method, "GET");
  const direct = await rig.fetch(`${server.origin}/end`);
  assert.equal(direct.redirected, false);
  await direct.body?.cancel();
});

Deno.test("a redirect to an origin off the list is refused", async () => {
  await using server = redirecting();
  await using other = redirecting();
  using rig = await Rig.start({ origins: [server.allowed] });
  const refused = await failure(rig.fetch(server.origin + to(`${other.origin}/end`)));
  assert.equal(refused.code, "origin_refused");
  assert.equal(rig.reports[0]?.origin, other.origin);
});

Deno.test("a credential does not follow a redirect to another origin", async () => {
  await using server = redirecting();
  await using other = redirecting();
  using rig = await Rig.start({
    origins: [server.allowed, other.allowed],
    secrets: {
      k: { value: "sk-12345678", origins: [server.origin], placement: "authorization: Bearer {}" },
      x: { value: "sk-12345678", origins: [server.origin], placement: "x-key: {}" },
    },
  });
  const authorization = `Bearer ${await rig.issue("k")}`;
  const headers = { authorization };
  const same = await (await rig.fetch(server.origin + to("/end"), { headers })).json();
  assert.equal(same.authorization, "Bearer [secret]");
  const away = await (await rig.fetch(server.origin + to(other.origin), { headers })).json();
  assert.equal(away.authorization, undefined);
  assert.equal(away.cookie, undefined);
  // A header that the fetch standard does not know is stopped by egress.
  const key = { headers: { "x-key": await rig.issue("x") } };
  const refused = await failure(rig.fetch(server.origin + to(other.origin), key));
  assert.equal(refused.code, "origin_unbound");
});

Deno.test("methods and bodies change as the fetch standard says", async () => {
  await using server = redirecting();
  using rig = await Rig.start({ origins: [server.allowed] });
  const cases: [number, string, string, string][] = [
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [301, "PUT", "PUT", "body"],
    [302, "PUT", "PUT", "body"],
    [307, "POST", "POST", "body"],
    [308, "POST", "POST", "body"],
  ];
  for (const [status, method, then, body] of cases) {
    const response = await rig.fetch(server.origin + to("/end", status), { method, body: "body" });
    const seen = await response.json();
    assert.deepEqual([seen.method, seen.body], [then, body], `${status} ${method}`);
    assert.equal(seen.type, body ? "text/plain;charset=UTF-8" : undefined);
  }
  const body = new Blob(["body"]).stream();
  const streamed = rig.fetch(server.origin + to("/end", 307), { method: "POST", body });
  assert.match((await failure(streamed)).message, /cannot be sent again/);
});

Deno.test("redirects can be refused or handed out, and there is an end to them", async () => {
  let count = 0;
  await using server = serve(() =>
    new Response(null, { status: 302, headers: { location: `/${++count}` } })
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  const manual = await rig.fetch(server.origin, { redirect: "manual" });
  assert.equal(manual.status, 302);
  assert.equal(manual.headers.get("location"), "/1");
  assert.equal((await failure(rig.fetch(server.origin, { redirect: "error" }))).name, "FetchError");
  count = 0;
  assert.match((await failure(rig.fetch(server.origin))).message, /more than 10 redirects/);
  assert.equal(count, 11);
});

Deno.test("a redirect to no http address fails", async () => {
  await using server = redirecting();
  using rig = await Rig.start({ origins: [server.allowed] });
  for (const where of ["file:///etc/passwd", "data:text/plain,x", "http://[", "javascript:1"]) {
    assert.equal((await failure(rig.fetch(server.origin + to(where)))).name, "FetchError", where);
  }
});

Deno.test("only http and https are fetched", async () => {
  using rig = await Rig.start({ origins: [{ origin: "*", private: true }] });
  const blob = URL.createObjectURL(new Blob(["x"]));
  for (const url of ["file:///etc/passwd", "data:text/plain,x", blob, "ftp://x/", "about:blank"]) {
    const refused = await failure(rig.fetch(url));
    assert.equal(refused.code, "bad_request", url);
  }
  URL.revokeObjectURL(blob);
  assert.equal((await failure(rig.fetch("not an address"))).name, "TypeError");
  assert.equal((await failure(rig.fetch("http://me:word@127.0.0.1/"))).name, "FetchError");
});

Deno.test("every kind of body is sent with its type", async () => {
  await using server = serve(async (request) =>
    Response.json([
      request.headers.get("content-type")?.split(";")[0],
      request.headers.get("content-length"),
      await request.text(),
    ])
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  const post = async (body: BodyInit) =>
    await (await rig.fetch(server.origin, { method: "POST", body })).json();
  assert.deepEqual(await post("é"), ["text/plain", "2", "é"]);
  assert.deepEqual(await post(new Uint8Array([65, 66])), [null, "2", "AB"]);
  assert.deepEqual(await post(new Uint8Array([65, 66]).buffer), [null, "2", "AB"]);
  assert.deepEqual(await post(new Blob(["x"], { type: "a/b" })), ["a/b", "1", "x"]);
  assert.deepEqual(await post(new URLSearchParams({ a: "b" })), [
    "application/x-www-form-urlencoded",
    "3",
    "a=b",
  ]);
  assert.deepEqual(await post(""), ["text/plain", "0", ""]);
  assert.deepEqual(await post(new Blob(["stream"]).stream()), [null, null, "stream"]);
  const form = new FormData();
  form.set("a", "b");
  assert.equal((await post(form))[0], "multipart/form-data");
});

Deno.test("a Request is sent as it is, and init goes before it", async () => {
  await using server = redirecting();
  using rig = await Rig.start({ origins: [server.allowed] });
  const request = new Request(`${server.origin}/x`, {
    method: "PUT",
    body: "from the request",
    headers: { authorization: "Basic eA==" },
  });
  const seen = await (await rig.fetch(request.clone())).json();
  assert.deepEqual([seen.method, seen.body, seen.authorization], [
    "PUT",
    "from the request",
    "Basic eA==",
  ]);
  const other = await (await rig.fetch(request, { method: "POST", body: "from init" })).json();
  assert.deepEqual([other.method, other.body], ["POST", "from init"]);
  const seenUrl = await (await rig.fetch(new URL(server.origin))).json();
  assert.equal(seenUrl.method, "GET");
});

Deno.test("answers without a body have none", async () => {
  await using server = serve((request) => {
    const status = Number(new URL(request.url).pathname.slice(1));
    return new Response(request.method === "HEAD" ? "text" : null, { status });
  });
  using rig = await Rig.start({ origins: [server.allowed] });
  for (const status of [204, 205, 304]) {
    const response = await rig.fetch(`${server.origin}/${status}`);
    assert.deepEqual([response.status, response.body, await response.text()], [status, null, ""]);
  }
  const head = await rig.fetch(`${server.origin}/200`, { method: "HEAD" });
  assert.deepEqual([head.ok, head.headers.get("content-length"), await head.text()], [
    true,
    "4",
    "",
  ]);
});

Deno.test("a copy of a response knows its address and has the same body", async () => {
  await using server = redirecting();
  using rig = await Rig.start({ origins: [server.allowed] });
  const response = await rig.fetch(`${server.origin}/x`, { method: "POST", body: "twice" });
  const copy = response.clone();
  assert.equal(copy.url, response.url);
  assert.equal((await copy.json()).body, "twice");
  assert.equal((await response.json()).body, "twice");
  assert.ok(response instanceof Response);
});

Deno.test("a room that is gone, or a status that no response has, fails the request", async () => {
  const { port1, port2 } = new MessageChannel();
  const serving: Handler = async function* () {
    yield { status: 999, statusText: "", headers: [] };
  };
  const egress = new Channel(portTransport(port2), { fetch: serving });
  const channel = new Channel(portTransport(port1));
  const fetchIt = channelFetch(channel);
  assert.equal((await failure(fetchIt("http://x/"))).code, "network");
  channel.close();
  egress.close();
  const { code, data } = await failure(fetchIt("http://x/"));
  assert.deepEqual([code, data], ["network", { reason: "closed" }]);
});

Deno.test("a response that nobody reads does not stay open", async () => {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) return; // Needs --v8-flags=--expose-gc.
  let left = 0;
  await using server = serve(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
        cancel: () => void left++,
      }),
    )
  );
  using rig = await Rig.start({ origins: [server.allowed] });
  await rig.fetch(server.origin);
  for (let tries = 0; left === 0 && tries < 100; tries++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(left, 1);
});
