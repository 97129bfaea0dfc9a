import assert from "node:assert/strict";
import type { Json, PluginContext } from "pyra/sdk";
import { failure, Rig, serve } from "../../tests/unit/egress/rig.ts";
import { getPage, pageAddress, SIZE_LIMIT_BYTES } from "./page_request.ts";
import plugin from "./plugin.ts";

const [tool] = plugin.tools ?? [];

/** What the plugin looks at of a context; its requests go through a real egress. */
function contextOf(rig: Rig, signal = new AbortController().signal): PluginContext {
  const fetchBy: PluginContext["fetch"] = (url, init) => rig.fetch(url, init);
  return { fetch: fetchBy, signal, progress: () => {}, settings: {} } as unknown as PluginContext;
}

/** An egress by which every public host may be reached, and these private ones. */
async function reach(...origins: readonly string[]): Promise<Rig> {
  return await Rig.start({
    origins: [
      { origin: "*", private: false },
      ...origins.map((origin) => ({ origin, private: true })),
    ],
  });
}

async function read(rig: Rig, input: Record<string, Json>): Promise<string> {
  return String(await tool?.run(input, contextOf(rig)));
}

const html = (text: string) => new Response(text, { headers: { "content-type": "text/html" } });

Deno.test("a page is read by its address, in parts that need one request", async () => {
  let requests = 0;
  await using server = serve(() => {
    requests++;
    return html(`<title>Long</title><h1>Long</h1>${"<p>some words of this page</p>".repeat(400)}`);
  });
  using rig = await reach(server.origin);
  const first = await read(rig, { url: `${server.origin}/long#part` });
  assert.match(
    first,
    /^http:\/\/127\.0\.0\.1:\d+\/long \(part 1 of \d\)\nLong\n\n# Long\n\nsome words/,
  );
  assert.match(await read(rig, { url: `${server.origin}/long`, part: 2 }), /\(part 2 of \d\)/);
  assert.equal(requests, 1);
  const none = await failure(read(rig, { url: `${server.origin}/long`, part: 99 }));
  assert.equal(none.code, "bad_input");
});

Deno.test("what is agreed to is the very host, and the plan names it", async () => {
  using rig = await reach();
  const plan = await tool?.plan?.({ url: "example.com/a?b#c" }, contextOf(rig));
  assert.deepEqual(plan, {
    does: "read https://example.com/a?b",
    effects: [{ kind: "network", host: "https://example.com" }],
  });
});

Deno.test("what is no address of a page is refused before anything is sent", async () => {
  using rig = await reach();
  for (
    const url of [
      "file:///etc/passwd",
      "ftp://x.test/",
      "javascript:1",
      "",
      "https://",
      "data:,x",
      "https://user:secret@x.test/",
      "blob:https://x.test/1",
      "about:blank",
    ]
  ) {
    assert.equal((await failure(read(rig, { url }))).code, "bad_input", url);
  }
});

Deno.test("private, loopback and link-local addresses are refused, by number and by name", async () => {
  let connections = 0;
  await using server = serve(() => html(String(++connections)));
  using rig = await reach();
  const hosts = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "localhost",
    "[::1]",
    "0.0.0.0",
    "[::ffff:127.0.0.1]",
    "a.localhost",
  ];
  const urls = [
    ...hosts.map((host) => `http://${host}:${server.port}/`),
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://100.64.0.1/",
  ];
  for (const url of urls) {
    const { code, message } = await failure(read(rig, { url }));
    assert.equal(code, "refused", url);
    assert.match(message, /private network/, url);
  }
  assert.equal(connections, 0);
});

Deno.test("a redirect to a private address is refused, on the same host and by another", async () => {
  let inside = 0;
  await using secret = serve(() => html(String(++inside)));
  await using server = serve((request) =>
    new Response(null, {
      status: 302,
      headers: { location: new URL(request.url).searchParams.get("to") ?? "/" },
    })
  );
  using rig = await reach(server.origin);
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    const target = `http://${host}:${secret.port}/`;
    const told = await read(rig, { url: `${server.origin}/?to=${encodeURIComponent(target)}` });
    assert.match(told, /leads to another host/);
    // The model may ask for it; egress says no.
    assert.equal((await failure(read(rig, { url: target }))).code, "refused", host);
  }
  assert.equal(inside, 0);
  const odd = `${server.origin}/?to=${encodeURIComponent("file:///etc/passwd")}`;
  assert.equal((await failure(read(rig, { url: odd }))).code, "unreachable");
});

Deno.test("redirects on one host are followed, those without end are not", async () => {
  await using server = serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/end") return html("<p>the end");
    const location = pathname === "/round" ? "/round" : "/end";
    return new Response(null, { status: 301, headers: { location } });
  });
  using rig = await reach(server.origin);
  assert.match(await read(rig, { url: `${server.origin}/start` }), /\/end\n\nthe end$/);
  const endless = await failure(read(rig, { url: `${server.origin}/round` }));
  assert.match(endless.message, /without end/);
});

Deno.test("answers that are no page say what they are", async () => {
  const answers: Readonly<Record<string, Response>> = {
    "/pdf": new Response("x", { headers: { "content-type": "application/pdf" } }),
    "/hidden-pdf": html("%PDF-1.7\n"),
    "/png": new Response("x", { headers: { "content-type": "image/png" } }),
    "/nul": html("a\0b"),
    "/zip": new Response("PK\x03\x04", { headers: { "content-type": "application/octet-stream" } }),
    "/404": new Response("no", { status: 404 }),
    "/401": new Response("no", { status: 401 }),
    "/500": new Response("no", { status: 500 }),
  };
  await using server = serve((request) =>
    (answers[new URL(request.url).pathname] ?? html("")).clone()
  );
  using rig = await reach(server.origin);
  const said = async (path: string) =>
    (await failure(read(rig, { url: server.origin + path }))).message;
  assert.match(await said("/pdf"), /holds a PDF, and only pages of text can be read/);
  assert.match(await said("/hidden-pdf"), /a PDF/);
  assert.match(await said("/png"), /image\/png/);
  assert.match(await said("/nul"), /binary/);
  assert.match(await said("/zip"), /archive/);
  assert.match(await said("/404"), /has no such page/);
  assert.match(await said("/401"), /password/);
  assert.match(await said("/500"), /error 500/);
});

Deno.test("a page that is too large is refused, by its length and without one", async () => {
  let ended = false;
  await using server = serve((request) => {
    const headers = { "content-type": "text/html" };
    if (new URL(request.url).pathname === "/told") {
      return new Response(new Uint8Array(SIZE_LIMIT_BYTES + 1).fill(65), { headers });
    }
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(65)),
      cancel: () => void (ended = true),
    });
    return new Response(body, { headers });
  });
  using rig = await reach(server.origin);
  for (const path of ["/told", "/endless"]) {
    assert.equal((await failure(read(rig, { url: server.origin + path }))).code, "too_large");
  }
  while (!ended) await new Promise((done) => setTimeout(done, 5));
});

Deno.test("a server that is slow is given up, and so is a call that was cancelled", async () => {
  const late = Promise.withResolvers<Response>();
  await using server = serve(() => late.promise);
  using rig = await reach(server.origin);
  const address = pageAddress(server.origin);
  const slow = await failure(getPage(address, contextOf(rig), 50));
  assert.equal(slow.code, "too_slow");
  const stop = new AbortController();
  const reading = getPage(address, contextOf(rig, stop.signal));
  stop.abort();
  assert.equal((await failure(reading)).name, "AbortError");
  late.resolve(html("late"));
});

Deno.test("a page is decoded as its mark, its header or it itself says", async () => {
  const latin = Uint8Array.of(...[..."<p>caf\xE9"].map((sign) => sign.charCodeAt(0)));
  const cases: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
    ["text/html; charset=iso-8859-1", latin, "café"],
    ['text/html; charset="windows-1252"', latin, "café"],
    ["text/html; charset=no-such", new TextEncoder().encode("<p>café"), "café"],
    ["text/html", new TextEncoder().encode("<p>café"), "café"],
    ["text/html", bytes("<meta charset=shift_jis><p>\x93\xFA\x96\x7B"), "日本"],
    [
      "text/html",
      bytes("<meta http-equiv=content-type content='text/html; charset=koi8-r'><p>\xC4\xC1"),
      "да",
    ],
    ["text/html", bytes("\xFF\xFE<\0p\0>\0h\0i\0"), "hi"],
    [
      "application/xhtml+xml",
      bytes("<?xml version='1.0' encoding='latin1'?><p>caf\xE9</p>"),
      "café",
    ],
    ["text/html", bytes("<meta charset=utf-16><p>hi"), "hi"],
    ["", bytes("<!doctype html><p>hi"), "hi"],
    ["text/plain", bytes("<p>as it is"), "<p>as it is"],
    ["application/ld+json", bytes('{"a":1}'), '{"a":1}'],
  ];
  let at = 0;
  await using server = serve(() => {
    const [type = "", body] = cases[at] ?? [];
    return new Response(body ?? null, { headers: type === "" ? {} : { "content-type": type } });
  });
  using rig = await reach(server.origin);
  for (; at < cases.length; at++) {
    const [type = "", , text = ""] = cases[at] ?? [];
    const said = await read(rig, { url: `${server.origin}/${at}` });
    assert.equal(said.split("\n\n").at(-1), text, `${at} ${type}`);
  }
});

function bytes(latin: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(latin, (sign) => sign.charCodeAt(0));
}
