import assert from "node:assert/strict";
import { type AskServices, PluginAsks } from "../../../../src/kernel/plugins/asks.ts";
import { NO_WISHES } from "../../../../src/kernel/plugins/manifest.ts";
import { ReleasedSecrets } from "../../../../src/kernel/plugins/released.ts";
import type { PluginGrants } from "../../../../src/protocol/plugin_calls.ts";
import { Channel } from "../../../../src/rpc/channel.ts";
import { portTransport } from "../../../../src/rpc/transport.ts";
import { channelFetch } from "../../../../src/rooms/fetch.ts";
import { Rig, serve } from "../../egress/rig.ts";
import { refusal, SomeRun } from "./some_run.ts";

const SECRETS = {
  own: { label: "Own", origins: [], placement: "" },
  key: { label: "Key", origins: ["https://a.example"], placement: "authorization: Bearer {}" },
};

/** A plugin's way to the kernel, and what the app and the person were asked. */
function asksOf(some: SomeRun, wishes: Partial<PluginGrants>, name = "some") {
  const asked: unknown[] = [];
  let released = 0;
  const services: AskServices = {
    run: some.run,
    vault: some.vault,
    storeSecret: (...given) => Promise.resolve(asked.push(["person", ...given]) > 0),
    app: (ask) => Promise.resolve(asked.push(ask) > 0),
    released: () => void released++,
  };
  const asks = new PluginAsks(
    name,
    { ...NO_WISHES, ...wishes },
    services,
    new ReleasedSecrets(),
  );
  const { signal } = new AbortController();
  const none = async function* () {};
  const serve = (method: string, params: unknown = null) =>
    asks.serve(method, params, { signal, input: none() });
  return { asks, asked, serve, released: () => released };
}

Deno.test("a plugin reads its own secrets, and each reading is a line", async () => {
  await using some = await SomeRun.make();
  some.secrets.set("plugin:some:own", { value: "v", origins: [] });
  some.secrets.set("plugin:other:own", { value: "not yours", origins: [] });
  const { serve, released } = asksOf(some, { secrets: SECRETS });
  assert.equal(released(), 0);
  assert.equal(await serve("secret", { key: "own" }), "v");
  assert.equal(released(), 1, "whoever locks the vault must know that it has it");
  assert.deepEqual(some.log, [
    { event: "plugin.secret_read", plugin: "some", secret: "plugin:some:own" },
  ]);
  assert.equal(await serve("secret.has", { key: "own" }), true);
  assert.equal(await serve("secret.has", { key: "key" }), false);
});

Deno.test("a secret that was not set is null, and no line", async () => {
  await using some = await SomeRun.make();
  const { serve } = asksOf(some, { secrets: SECRETS });
  assert.equal(await serve("secret", { key: "own" }), null);
  assert.deepEqual(some.log, []);
});

Deno.test("no other secret is read: of nobody, of others, or one for requests", async () => {
  await using some = await SomeRun.make();
  for (const name of ["plugin:other:own", "plugin:some:key", "provider:openai"]) {
    some.secrets.set(name, { value: "v", origins: [] });
  }
  const { serve } = asksOf(some, { secrets: SECRETS });
  const keys = ["key", "none", "../other:own", "__proto__", "toString", "", "own\0"];
  for (const key of keys) await assert.rejects(serve("secret", { key }), refusal("denied"), key);
  for (const params of [null, {}, { key: 1 }, { key: ["own"] }, "own"]) {
    await assert.rejects(serve("secret", params), refusal("bad_call"));
  }
  assert.deepEqual(some.log, []);
});

Deno.test("a locked vault gives nothing and says what to do", async () => {
  await using some = await SomeRun.make();
  some.secrets.set("plugin:some:own", { value: "v", origins: [] });
  some.vaultState = "locked";
  const { serve } = asksOf(some, { secrets: SECRETS });
  await assert.rejects(serve("secret", { key: "own" }), refusal("vault_locked"));
});

Deno.test("the person is asked in the plugin's own set-up only", async () => {
  for (const line of ["chat", "plugin setup other", "plugin info some"]) {
    await using some = await SomeRun.make(...line.split(" "));
    const { asked, serve } = asksOf(some, { secrets: SECRETS });
    for (const method of ["ui.note", "ui.text", "ui.confirm", "ui.select"]) {
      await assert.rejects(serve(method, { text: "x" }), refusal("denied"), method);
    }
    await assert.rejects(serve("secret.ask", { key: "own" }), refusal("denied"));
    assert.deepEqual(asked, []);
  }
  await using some = await SomeRun.make("plugin", "setup", "some");
  const { asked, serve } = asksOf(some, { secrets: SECRETS });
  await serve("ui.text", { question: "?" });
  await serve("secret.ask", { key: "own" });
  await assert.rejects(serve("secret.ask", { key: "others" }), refusal("denied"));
  assert.deepEqual(asked, [
    { name: "some", method: "ui.text", params: { question: "?" } },
    ["person", "some", "own"],
  ]);
});

Deno.test("notes are for plugins that asked for them, and all requests have a size", async () => {
  await using some = await SomeRun.make();
  const without = asksOf(some, {});
  await assert.rejects(without.serve("memory.search", { query: "x" }), refusal("denied"));
  const { asked, serve } = asksOf(some, { memory: true });
  await serve("memory.search", { query: "x", name: "other" });
  assert.deepEqual(asked, [
    { name: "some", method: "memory.search", params: { query: "x", name: "other" } },
  ]);
  const query = "x".repeat(1024 * 1024);
  await assert.rejects(serve("memory.search", { query }), refusal("plugin_too_large"));
  for (const method of ["", "exit", "writeConfig", "constructor", "ui", "ui.", "settings2"]) {
    await assert.rejects(serve(method), refusal("bad_call"), method);
  }
});

Deno.test("a flood of requests does not reach the app", async () => {
  await using some = await SomeRun.make();
  const { asked, serve } = asksOf(some, { memory: true });
  const calls = Array.from({ length: 1_000 }, () => serve("memory.search", { query: "x" }));
  const refused = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
  assert.ok(asked.length >= 100 && asked.length <= 200, String(asked.length));
  assert.equal(refused.length, 1_000 - asked.length);
});

Deno.test("lines go to the plugin's own log, bounded, one JSON each", async () => {
  await using some = await SomeRun.make();
  const { serve } = asksOf(some, {});
  await serve("log", { lines: ['a\n{"forged":1}', "\x1b[31mred", 5, "x".repeat(9_000)] });
  const text = await Deno.readTextFile(`${some.profile.logs}/plugins/some.log`);
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.slice(0, 3).map(({ line }) => line), [
    'a\n{"forged":1}',
    "\x1b[31mred",
    "5",
  ]);
  assert.equal(lines[3].line.length, 2_000);
  await serve("log", { lines: Array.from({ length: 1_000 }, () => "x") });
  const after = await Deno.readTextFile(`${some.profile.logs}/plugins/some.log`);
  assert.equal(after.trimEnd().split("\n").length, 204);
  await assert.rejects(serve("log", { lines: "x" }), refusal("bad_call"));
});

Deno.test("a flood of readings fills neither the vault's time nor the log", async () => {
  await using some = await SomeRun.make();
  some.secrets.set("plugin:some:own", { value: "v", origins: [] });
  const { serve } = asksOf(some, { secrets: SECRETS });
  await Promise.allSettled(Array.from({ length: 1_000 }, () => serve("secret", { key: "own" })));
  assert.ok(some.log.length >= 100 && some.log.length <= 200, String(some.log.length));
});

/** `fetch` as the plugin's room has it. */
function fetchOf(asks: PluginAsks) {
  const { port1, port2 } = new MessageChannel();
  const kernel = new Channel(portTransport(port2), {
    fetch: (params, context) => asks.serve("fetch", params, context),
  });
  const room = new Channel(portTransport(port1));
  const close = async () => {
    room.close();
    kernel.close();
    await asks.close();
  };
  return { fetch: channelFetch(room), room, close };
}

Deno.test("requests go out to granted hosts only, as the plugin's own", async () => {
  await using some = await SomeRun.make();
  await using server = serve(async (request) => new Response(`got ${await request.text()}`));
  await using other = serve(() => new Response("no"));
  using rig = await Rig.start();
  some.egress = rig.kernel;
  const { asks } = asksOf(some, { hosts: [server.origin] });
  const { fetch, close } = fetchOf(asks);
  const answer = await fetch(server.origin, { method: "POST", body: "bytes" });
  assert.equal(await answer.text(), "got bytes");
  await assert.rejects(fetch(other.origin), { code: "origin_refused" });
  assert.equal(rig.reports[0]?.caller, "plugin:some");
  await close();
});

Deno.test("every public host is no loopback one; an added host may lie anywhere", async () => {
  await using some = await SomeRun.make();
  await using server = serve(() => new Response("ok"));
  using rig = await Rig.start();
  some.egress = rig.kernel;
  const every = fetchOf(asksOf(some, { hosts: ["*"] }).asks);
  await assert.rejects(every.fetch(server.origin), { code: "address_refused" });
  await every.close();
  const added = fetchOf(asksOf(some, { hosts: ["*"], addedHosts: [server.origin] }).asks);
  assert.equal(await (await added.fetch(server.origin)).text(), "ok");
  await added.close();
});

Deno.test("a credential reaches its own origin and nobody else; the plugin has a sentinel", async () => {
  await using some = await SomeRun.make();
  await using server = serve((request) => new Response(request.headers.get("authorization")));
  const key = { ...SECRETS.key, origins: [server.origin] };
  const secret = { value: "s3cret", origins: [server.origin], placement: key.placement };
  using rig = await Rig.start({ secrets: { "plugin:some:key": secret } });
  some.egress = rig.kernel;
  const { asks } = asksOf(some, { hosts: [server.origin], secrets: { key, own: SECRETS.own } });
  const { fetch, room, close } = fetchOf(asks);
  const { sentinel } = asks.credentials["key"] ?? { sentinel: "" };
  assert.deepEqual(Object.keys(asks.credentials), ["key"]);
  const headers = { authorization: `Bearer ${sentinel}` };
  const first = async (credential: string) => {
    const params = {
      url: server.origin,
      method: "GET",
      headers: Object.entries(headers),
      credential,
    };
    for await (const value of room.stream("fetch", params)) return value;
    return undefined;
  };
  await assert.rejects(first("key"), { remoteCode: "no_such_secret" });
  some.secrets.set("plugin:some:key", { value: "s3cret", origins: [server.origin] });
  assert.equal(Object(await first("key")).status, 200);
  for (const credential of ["own", "none", "__proto__"]) {
    await assert.rejects(first(credential), { remoteCode: "denied" }, credential);
  }
  // Echoed by the server, it is blotted out.
  assert.doesNotMatch(await (await fetch(server.origin, { headers })).text(), /s3cret/);
  assert.ok(
    rig.reports.some(({ event, caller }) => event === "secret_used" && caller === "plugin:some"),
  );
  // Another plugin's sentinel is worth nothing.
  const thief = fetchOf(asksOf(some, { hosts: [server.origin] }, "thief").asks);
  await assert.rejects(thief.fetch(server.origin, { headers }), { code: "sentinel_misplaced" });
  await thief.close();
  await close();
});

Deno.test("a plugin that was ended reaches nothing", async () => {
  await using some = await SomeRun.make();
  await using server = serve(() => new Response("ok"));
  using rig = await Rig.start();
  some.egress = rig.kernel;
  const { asks } = asksOf(some, { hosts: [server.origin] });
  const { fetch, close } = fetchOf(asks);
  await (await fetch(server.origin)).text();
  await asks.close();
  await assert.rejects(fetch(server.origin));
  await close();
});

Deno.test("an egress that cannot be reached fails the request and no more", async () => {
  await using some = await SomeRun.make();
  const { asks } = asksOf(some, { hosts: ["https://a.example"] });
  const { fetch, close } = fetchOf(asks);
  await assert.rejects(fetch("https://a.example"));
  await close();
});
