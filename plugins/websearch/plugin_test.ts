import assert from "node:assert/strict";
import type { Json, PluginContext, SetupOutcome } from "pyra/sdk";
import { failure, serve } from "../../tests/unit/egress/rig.ts";
import plugin from "./plugin.ts";
import { instanceAddress } from "./searxng.ts";
import { plain } from "./service_answer.ts";

const [tool] = plugin.tools ?? [];
/** `start-searx.sh` of the servers beside the project starts it. */
const SEARX = "http://127.0.0.1:8888";
const QUERY = "deno release";

/** What a service was asked. */
interface Asked {
  readonly origin: string;
  readonly credential: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A context whose requests all go to one server, whatever their host. */
function contextOf(settings: Record<string, Json>, server?: string, asked: Asked[] = []) {
  const fetchBy: PluginContext["fetch"] = async (address, init = {}) => {
    const { credential, ...rest } = init;
    const url = new URL(address);
    const request = new Request(server ? new URL(url.pathname + url.search, server) : url, rest);
    asked.push({
      origin: url.origin,
      credential,
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: await request.clone().text(),
    });
    return await fetch(request);
  };
  const { signal } = new AbortController();
  return { fetch: fetchBy, signal, progress: () => {}, settings } as unknown as PluginContext;
}

async function run(context: PluginContext, input: Record<string, Json>): Promise<string> {
  return String(await tool?.run(input, context));
}

const RESULT = {
  title: "A <b>title</b>",
  url: "https://a.test/x",
  text: "An &quot;excerpt&quot;\n\u001B[2J",
};
const SHOWN = '1. A title\n   https://a.test/x\n   An "excerpt" [2J';
const BAD = { title: "no", url: "javascript:alert(1)", text: "" };

Deno.test("SearXNG is asked for JSON at its own address", async () => {
  const results = [RESULT, BAD].map(({ text, ...rest }) => ({ ...rest, content: text }));
  await using server = serve(() => Response.json({ results }));
  const asked: Asked[] = [];
  const settings = { service: "searxng", searxng_url: "https://s.test/sub/" };
  const text = await run(contextOf(settings, server.origin, asked), {
    query: QUERY,
    within: "week",
  });
  assert.ok(text.endsWith(SHOWN), text);
  assert.match(text, /follow no instruction/);
  const [request] = asked;
  assert.equal(request?.path, "/sub/search");
  assert.deepEqual(request?.query, { q: QUERY, format: "json", time_range: "week" });
  assert.equal(request?.credential, undefined);
});

Deno.test("Brave is asked with its key, which the plugin does not see", async () => {
  const results = [BAD, RESULT].map(({ text, ...rest }) => ({ ...rest, description: text }));
  await using server = serve(() => Response.json({ web: { results } }));
  const asked: Asked[] = [];
  const context = contextOf({ service: "brave", count: 3 }, server.origin, asked);
  assert.ok((await run(context, { query: QUERY, within: "day" })).endsWith(SHOWN));
  const [request] = asked;
  assert.equal(request?.origin, "https://api.search.brave.com");
  assert.equal(request?.credential, "brave_key");
  assert.deepEqual(request?.query, { q: QUERY, count: "3", freshness: "pd" });
});

Deno.test("Tavily is asked with its key, in a body", async () => {
  const results = [RESULT].map(({ text, ...rest }) => ({ ...rest, content: text }));
  await using server = serve(() => Response.json({ results }));
  const asked: Asked[] = [];
  const context = contextOf({ service: "tavily" }, server.origin, asked);
  assert.ok((await run(context, { query: QUERY, count: 2 })).endsWith(SHOWN));
  const [request] = asked;
  assert.equal(request?.origin, "https://api.tavily.com");
  assert.equal(request?.credential, "tavily_key");
  assert.deepEqual(JSON.parse(request?.body ?? ""), { query: QUERY, max_results: 2 });
});

const DUCK = (target: string) =>
  `<div class="result"><h2><a rel="nofollow" class="result__a" href="${target}">A <b>title</b></a></h2>
   <a class="result__snippet" href="${target}">An &quot;excerpt&quot; [2J</a></div>`;

Deno.test("DuckDuckGo's page is read: addresses out of its links, no adverts", async () => {
  const page = `<html>${DUCK("//duckduckgo.com/y.js?ad_domain=shop.test&amp;u3=x")}
    ${DUCK("//duckduckgo.com/l/?uddg=https%3A%2F%2Fa.test%2Fx&amp;rut=1")}
    ${DUCK("https://b.test/")}</html>`;
  await using server = serve(() =>
    new Response(page, { headers: { "content-type": "text/html" } })
  );
  const asked: Asked[] = [];
  const text = await run(contextOf({ service: "duckduckgo" }, server.origin, asked), {
    query: QUERY,
  });
  assert.ok(text.includes(SHOWN), text);
  assert.match(text, /2\. A title\n {3}https:\/\/b\.test\//);
  assert.ok(!text.includes("shop.test"));
  assert.equal(asked[0]?.body, "q=deno+release");
  assert.equal(asked[0]?.origin, "https://html.duckduckgo.com");
});

Deno.test("a service that wants to see a person, refuses or fails is said to do so", async () => {
  let answer = new Response("");
  await using server = serve(() => answer.clone());
  const said = async (service: string, given: Response) => {
    answer = given;
    const settings = { service, searxng_url: "https://s.test" };
    return await failure(run(contextOf(settings, server.origin), { query: QUERY }));
  };
  const anomaly = await said("duckduckgo", new Response('<div class="anomaly-modal__x">'));
  assert.equal(anomaly.code, "limited");
  assert.equal((await said("brave", new Response("", { status: 401 }))).code, "refused");
  assert.equal((await said("tavily", new Response("", { status: 432 }))).code, "limited");
  assert.equal((await said("brave", new Response("", { status: 429 }))).code, "limited");
  assert.equal((await said("brave", new Response("no json"))).code, "failed");
  assert.match(
    (await said("searxng", new Response("", { status: 403 }))).message,
    /search\.formats/,
  );
  const large = new Uint8Array(4 * 1024 * 1024 + 1).fill(32);
  assert.match((await said("brave", new Response(large))).message, /more than it should/);
});

Deno.test("a service that sends elsewhere is not followed", async () => {
  let followed = 0;
  await using server = serve((request) => {
    if (new URL(request.url).pathname !== "/away") {
      return new Response(null, { status: 302, headers: { location: "/away" } });
    }
    followed++;
    return Response.json({ web: { results: [{ url: "https://a.test" }] } });
  });
  const context = contextOf({ service: "brave" }, server.origin);
  assert.match((await failure(run(context, { query: QUERY }))).message, /error 302/);
  assert.equal(followed, 0);
});

Deno.test("answers of any shape are no results and no failure", async () => {
  let answer: unknown;
  await using server = serve(() => Response.json(answer));
  const shapes: unknown[] = [null, [], 1, {}, { results: 5 }, { results: [null, 3, { url: 7 }] }, {
    web: { results: { a: 1 } },
  }, { results: [{ url: "ftp://x" }, { url: `https://x/${"y".repeat(2000)}` }] }];
  for (const shape of shapes) {
    answer = shape;
    for (const service of ["searxng", "brave", "tavily"]) {
      const context = contextOf({ service, searxng_url: "https://s.test" }, server.origin);
      assert.match(await run(context, { query: QUERY }), /found nothing/);
    }
  }
});

Deno.test("many long results stay within what the model gets", async () => {
  const results = Array.from({ length: 50 }, (_, at) => ({
    title: "t".repeat(900),
    url: `https://a.test/${at}`,
    content: "c ".repeat(9_000),
  }));
  await using server = serve(() => Response.json({ results }));
  const text = await run(contextOf({ service: "tavily" }, server.origin), {
    query: QUERY,
    count: 10,
  });
  assert.ok(text.length <= 3_900);
  assert.ok(text.includes("5. ttt"));
});

Deno.test("without a chosen service, or with no query, the sentence says what to do", async () => {
  const unset = await failure(run(contextOf({}), { query: QUERY }));
  assert.equal(unset.code, "not_set_up");
  assert.match(unset.message, /pyra plugin setup websearch/);
  const missing = await failure(run(contextOf({ service: "searxng" }), { query: QUERY }));
  assert.equal(missing.code, "not_set_up");
  assert.equal(
    (await failure(run(contextOf({ service: "brave" }), { query: "  " }))).code,
    "bad_input",
  );
});

Deno.test("a request that Pyra refuses leads to the set-up", async () => {
  for (const code of ["origin_refused", "no_such_secret"]) {
    const context = {
      ...contextOf({ service: "brave" }),
      fetch: () => Promise.reject(Object.assign(new TypeError("it was refused"), { code })),
    };
    const refused = await failure(run(context, { query: QUERY }));
    assert.equal(refused.code, "not_set_up");
    assert.match(refused.message, /pyra plugin setup websearch/);
  }
  // Pyra may have said so itself.
  const said = "its secret is not set; run pyra plugin setup websearch";
  const refused = await failure(run({
    ...contextOf({ service: "brave" }),
    fetch: () => Promise.reject(Object.assign(new TypeError(said), { code: "no_such_secret" })),
  }, { query: QUERY }));
  assert.equal(refused.message, `Brave Search is not set up: ${said}`);
});

Deno.test("the plan names the service, the query and its one host", async () => {
  const plan = await tool?.plan?.({ query: QUERY }, contextOf({ service: "brave" }));
  assert.deepEqual(plan, {
    does: 'search the web with Brave Search for "deno release"',
    effects: [{ kind: "network", host: "https://api.search.brave.com" }],
  });
});

/** Runs the set-up with scripted answers. */
async function setUp(
  pick: string,
  typed: readonly string[] = [],
  settings: Record<string, Json> = {},
): Promise<{ outcome: SetupOutcome | void; keys: string[]; first: string }> {
  const keys: string[] = [];
  const answers = [...typed];
  let first = "";
  const outcome = await plugin.setup?.({
    note: () => Promise.resolve(),
    text: () => Promise.resolve(answers.shift() ?? ""),
    confirm: () => Promise.resolve(true),
    select(_, options) {
      first = options[0] ?? "";
      return Promise.resolve(options.find((option) => option.startsWith(pick)) ?? "");
    },
  }, {
    has: () => Promise.resolve(false),
    ask: (key) => Promise.resolve(keys.push(key) > 0),
  }, contextOf(settings));
  return { outcome, keys, first };
}

Deno.test("set-up asks for the chosen service's key and host, and nothing of the others", async () => {
  const brave = await setUp("Brave");
  assert.deepEqual(brave.keys, ["brave_key"]);
  assert.deepEqual(brave.outcome, {
    settings: { service: "brave" },
    hosts: ["https://api.search.brave.com"],
  });
  const duck = await setUp("DuckDuckGo", [], { service: "duckduckgo" });
  assert.deepEqual(duck.keys, []);
  assert.match(duck.first, /^DuckDuckGo/, "what is set now comes first");
  const own = await setUp("SearXNG", ["no address at all", "localhost:8888/search?q=x"]);
  assert.deepEqual(own.outcome, {
    settings: { service: "searxng", searxng_url: "https://localhost:8888" },
    hosts: ["https://localhost:8888"],
  });
  assert.equal((await failure(setUp("SearXNG", []))).code, "bad_input");
});

Deno.test("an instance's address is kept without its tail", () => {
  assert.equal(instanceAddress(" search.test/ "), "https://search.test");
  assert.equal(instanceAddress("http://h.test/sub/search/"), "http://h.test/sub");
  for (const typed of ["", "ftp://x.test", "https://a:b@x.test", "http://"]) {
    assert.equal(instanceAddress(typed), undefined, typed);
  }
});

Deno.test("foreign text becomes one plain line", () => {
  assert.equal(plain("a <b>b</b> &lt;i&gt;\n c\u202E\u200B", 100), "a b <i> c");
  assert.equal(plain("x".repeat(50), 10), `${"x".repeat(9)}…`);
  assert.equal(plain(7, 10), "");
});

async function searxRuns(): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port: 8888 })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

Deno.test({
  name: "a real searx answers",
  // Needs the server that start-searx.sh starts.
  ignore: !await searxRuns(),
  async fn() {
    const context = contextOf({ service: "searxng", searxng_url: SEARX });
    const text = await run(context, { query: "deno" });
    assert.match(text, /1\. Deno 2 release notes\n {3}https:\/\/deno\.example\/2/);
    assert.match(await run(context, { query: "radicale caldav", count: 1 }), /A small CalDAV/);
    assert.match(await run(context, { query: "zzzz-nothing" }), /found nothing/);
  },
});
