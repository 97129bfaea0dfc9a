import assert from "node:assert/strict";
import { failure, Rig, type RigSecret, serve, type Served } from "./rig.ts";

const KEY = "sk-proj-Zk3+x/9dQ7TfLm0aVbN8cR2e";
const PASSWORD = "pä ss&=wörd";

/** A server that tells what it was asked, without the key being recognised on the way back. */
function tell() {
  return serve(async (request) => {
    const url = new URL(request.url);
    const seen = {
      path: url.pathname + url.search,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    };
    return Response.json([...JSON.stringify(seen)].map((character) => character.codePointAt(0)));
  });
}

async function told(
  response: Response,
): Promise<{ path: string; headers: Record<string, string>; body: string }> {
  return JSON.parse(String.fromCodePoint(...await response.json()));
}

async function started(server: Pick<Served, "origin">, secret: Partial<RigSecret> = {}) {
  const rig = await Rig.start({
    origins: [{ origin: server.origin, private: true }],
    secrets: {
      "provider:x": {
        value: KEY,
        origins: [server.origin],
        placement: "authorization: Bearer {}",
        ...secret,
      },
    },
  });
  return { rig, sentinel: await rig.issue("provider:x") };
}

Deno.test("a sentinel in its header is replaced by the secret, and the use is reported", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const headers = { Authorization: `Bearer ${sentinel}`, "x-other": "1" };
  const seen = await told(await rig.fetch(server.origin, { headers }));
  assert.equal(seen.headers["authorization"], `Bearer ${KEY}`);
  assert.equal(seen.headers["x-other"], "1");
  assert.deepEqual(rig.reports, [{
    event: "secret_used",
    caller: "app",
    origin: server.origin,
    secret: "provider:x",
    detail: "put into a request",
  }]);
});

Deno.test("a bare header placement replaces the whole value", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server, { placement: "x-api-key: {}" });
  using _ = rig;
  const seen = await told(await rig.fetch(server.origin, { headers: { "x-api-key": sentinel } }));
  assert.equal(seen.headers["x-api-key"], KEY);
});

Deno.test("a path placement replaces the sentinel at the start of the path", async () => {
  await using server = tell();
  const value = "123:AB/c?d#e f$&";
  const { rig, sentinel } = await started(server, { placement: "path: /bot{}/", value });
  using _ = rig;
  const seen = await told(await rig.fetch(`${server.origin}/bot${sentinel}/send?a=1`));
  assert.equal(seen.path, "/bot123:AB%2Fc%3Fd%23e%20f$&/send?a=1");
  for (const path of [`/x/bot${sentinel}/`, `/bot${sentinel}x/`, `/bot/?k=${sentinel}`]) {
    const refused = await failure(rig.fetch(server.origin + path));
    assert.equal(refused.code, "sentinel_misplaced", path);
  }
});

Deno.test("no value in a path leads to another host", async () => {
  await using server = tell();
  for (const value of ["", "..", "/evil.test", "//evil.test", "@evil.test", "\\evil.test"]) {
    const { rig, sentinel } = await started(server, { placement: "path: /{}/", value });
    using _ = rig;
    const response = await rig.fetch(`${server.origin}/${sentinel}/evil.test/x`);
    assert.match((await told(response)).path, /x$/, value);
  }
});

Deno.test("a form placement replaces the field of a urlencoded form", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server, {
    placement: "form: pass word",
    value: PASSWORD,
  });
  using _ = rig;
  const body = new URLSearchParams([["user", "me"], ["pass word", sentinel], ["x", "1"]]);
  const seen = await told(await rig.fetch(server.origin, { method: "POST", body }));
  assert.deepEqual([...new URLSearchParams(seen.body)], [
    ["user", "me"],
    ["pass word", PASSWORD],
    ["x", "1"],
  ]);
  assert.equal(Number(seen.headers["content-length"]), seen.body.length);
  body.set("user", sentinel);
  const refused = await failure(rig.fetch(server.origin, { method: "POST", body }));
  assert.equal(refused.code, "sentinel_misplaced");
});

Deno.test("a credential of the caller's own is refused where the vault has one", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const authorization = `Bearer ${sentinel}`;
  for (const headers of [{ authorization: "Bearer sk-mine" }, { authorization, cookie: "a=b" }]) {
    const refused = await failure(rig.fetch(server.origin, { headers }));
    assert.equal(refused.code, "sentinel_misplaced");
  }
  assert.ok((await rig.fetch(server.origin, { headers: { authorization } })).ok);
});

Deno.test("a sentinel anywhere but at its placement is refused and reported", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const bearer = { authorization: `Bearer ${sentinel}` };
  const tries: [string, RequestInit][] = [
    ["/", { headers: { "x-api-key": sentinel } }],
    ["/", { headers: { authorization: sentinel } }],
    ["/", { headers: { authorization: `Bearer ${sentinel} ` + "x" } }],
    ["/", { headers: { authorization: `Basic ${sentinel}` } }],
    ["/", { headers: { cookie: `a=${sentinel}` } }],
    ["/", { headers: { ...bearer, "x-more": sentinel } }],
    ["/", { headers: { [sentinel]: "1" } }],
    [`/?key=${sentinel}`, {}],
    [`/?key=${sentinel}`, { headers: bearer }],
    [`/${sentinel}/`, { headers: bearer }],
    ["/", { method: "POST", body: new URLSearchParams({ key: sentinel }) }],
  ];
  for (const [path, init] of tries) {
    const refused = await failure(rig.fetch(server.origin + path, init));
    assert.equal(refused.code, "sentinel_misplaced", JSON.stringify([path, init]));
  }
  assert.equal(rig.reports.length, tries.length);
  assert.ok(rig.reports.every(({ event }) => event === "sentinel_misplaced"));
  assert.equal(rig.reports[0]?.secret, "provider:x");
});

Deno.test("a sentinel in a JSON body stays what it is", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const seen = await told(
    await rig.fetch(server.origin, {
      method: "POST",
      headers: { authorization: `Bearer ${sentinel}`, "content-type": "application/json" },
      body: JSON.stringify({ sentinel }),
    }),
  );
  assert.equal(seen.headers["authorization"], `Bearer ${KEY}`);
  assert.equal(seen.body, JSON.stringify({ sentinel }));
});

Deno.test("a secret goes to no origin that it is not bound to", async () => {
  await using server = tell();
  await using other = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  await rig.allow([server.allowed, other.allowed]);
  const headers = { authorization: `Bearer ${sentinel}` };
  const refused = await failure(rig.fetch(other.origin, { headers }));
  assert.equal(refused.code, "origin_unbound");
  assert.match(refused.message, /provider:x is not bound to http:/);
  assert.equal(rig.reports[0]?.event, "origin_unbound");
  assert.equal(rig.reports[0]?.origin, other.origin);
  assert.equal(rig.reports[0]?.secret, "provider:x");
});

Deno.test("a sentinel sent to an origin off the list is reported with its secret's name", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const refused = await failure(rig.fetch(`https://evil.test/?k=${sentinel}`));
  assert.equal(refused.code, "origin_refused");
  assert.equal(rig.reports[0]?.secret, "provider:x");
});

Deno.test("a sentinel works on no port but the one it was issued to", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server);
  using _ = rig;
  const plugin = await rig.open("plugin:x", [server.allowed]);
  const stream = plugin.stream("fetch", {
    url: server.origin,
    method: "GET",
    headers: [["authorization", `Bearer ${sentinel}`]],
  });
  await assert.rejects(stream.next(), { remoteCode: "sentinel_misplaced" });
  assert.equal(rig.reports[0]?.caller, "plugin:x");
  assert.equal(rig.reports[0]?.secret, "provider:x");
});

Deno.test("a secret goes over plain http to this machine only", async () => {
  const origin = "http://pyra.invalid";
  const { rig, sentinel } = await started({ origin });
  using _ = rig;
  const headers = { authorization: `Bearer ${sentinel}` };
  assert.equal((await failure(rig.fetch(origin, { headers }))).code, "insecure_credential");
  assert.equal(rig.reports[0]?.event, "insecure_credential");
});

Deno.test("what the vault will not release is refused with the vault's code", async () => {
  await using server = tell();
  using rig = await Rig.start({ origins: [server.allowed] });
  const headers = { authorization: `Bearer ${await rig.issue("provider:none")}` };
  const refused = await failure(rig.fetch(server.origin, { headers }));
  assert.equal(refused.code, "secret_unavailable");
  assert.deepEqual(refused.data, { reason: "no_secret" });
});

Deno.test("a request may carry two secrets, each at its place", async () => {
  await using server = tell();
  using rig = await Rig.start({
    origins: [server.allowed],
    secrets: {
      a: { value: "first-value", origins: [server.origin], placement: "x-api-key: {}" },
      b: { value: "second-value", origins: [server.origin], placement: "x-app-key: {}" },
    },
  });
  const headers = { "x-api-key": await rig.issue("a"), "x-app-key": await rig.issue("b") };
  const seen = await told(await rig.fetch(server.origin, { headers }));
  assert.equal(seen.headers["x-api-key"], "first-value");
  assert.equal(seen.headers["x-app-key"], "second-value");
  assert.deepEqual(rig.reports.map(({ secret }) => secret), ["a", "b"]);
});

Deno.test("a value that cannot stand in a header is told from a network failure", async () => {
  await using server = tell();
  const { rig, sentinel } = await started(server, { value: "line\nfeed" });
  using _ = rig;
  const headers = { authorization: `Bearer ${sentinel}` };
  const refused = await failure(rig.fetch(server.origin, { headers }));
  assert.equal(refused.code, "secret_unavailable");
  assert.doesNotMatch(refused.message, /feed/);
});
