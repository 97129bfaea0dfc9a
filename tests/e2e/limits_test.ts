/**
 * Limits, as a person or a script meets them.
 * @module
 */
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { run, type RunResult, withHome } from "./command.ts";

/** A provider on loopback, with a price, and limits. */
function settings(
  url: string,
  limits: Readonly<Record<string, string | number>> = {},
): Record<string, string> {
  return {
    PYRA_AI_PROVIDER_ID: "custom",
    PYRA_AI_MODEL: "m",
    PYRA_AI_BASE_URL: url,
    PYRA_CUSTOM_API_KEY: "sk-e2e-0123456789abcdef",
    ...Object.fromEntries(
      Object.entries(limits).map(([name, value]) => [
        `PYRA_LIMITS_${name.toUpperCase()}`,
        String(value),
      ]),
    ),
  };
}

async function usage(home: string, ...flags: string[]) {
  const { stdout } = await run(["usage", "--json", ...flags], { home });
  return JSON.parse(stdout);
}

function refused({ code, stdout, stderr }: RunResult, message: RegExp): void {
  assert.equal(code, 4, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, message);
  assert.match(stderr, / — /, "a hint");
}

Deno.test("beyond the requests of a minute nothing is asked, and the end is told", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer();
    const env = settings(server.url, { requests_per_minute: 2 });
    assert.equal((await run(["ask", "one"], { home, env })).code, 0);
    const second = await run(["ask", "two"], { home, env });
    assert.equal(second.code, 0);
    assert.match(second.stderr, /warning: 2 of 2 requests a minute are used \(100 %\)/);
    const third = await run(["ask", "three"], { home, env });
    refused(third, /limit of 2 requests a minute is reached; the next may go in \d+ s — wait/);
    const json = await run(["ask", "--json", "four"], { home, env });
    assert.match(json.stdout, /"code":"limit_reached"/);
    assert.equal(server.requests.length, 2);
    const { total, by_session, limits } = await usage(home);
    assert.equal(total.requests, 2);
    assert.equal(by_session.length, 2);
    assert.deepEqual(limits[0], { limit: "requests_per_minute", used: 2, value: 50 });
  });
});

Deno.test("several processes at once are counted exactly", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer({ text: "ok", delay_ms: 300 });
    const env = settings(server.url, { requests_per_minute: 3 });
    const runs = await Promise.all(
      Array.from({ length: 6 }, (_, index) => run(["ask", `question ${index}`], { home, env })),
    );
    const codes = runs.map(({ code }) => code).sort();
    assert.deepEqual(codes, [0, 0, 0, 4, 4, 4], runs.map(({ stderr }) => stderr).join(""));
    assert.equal(server.requests.length, 3);
  });
});

Deno.test("a model that calls tools without end is ended by the turn's cap", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer({
      tool_calls: [{ name: "memory_write", arguments: "{}" }],
      usage: { input: 4_000, output: 50 },
    });
    const env = settings(server.url, { turn_tokens: 15_000 });
    const { code, stderr } = await run(["ask", "go on"], { home, env });
    assert.equal(code, 4, stderr);
    assert.match(stderr, /this question has used 16,200 tokens, and the limit of 15,000 tokens a/);
    // The fake reports more than anybody could estimate: that is known one request later.
    assert.equal(server.requests.length, 4);
    await run(["ask", "another"], { home, env });
    assert.equal(server.requests.length, 8, "a new question may ask again");
  });
});

Deno.test("a cap in tokens and one in money hold for the day, over all runs", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer({
      text: "ok",
      usage: { input: 9_800, output: 100 },
    });
    const tokens = settings(server.url, { day_tokens: 10_000 });
    assert.equal((await run(["ask", "one"], { home, env: tokens })).code, 0);
    refused(
      await run(["ask", "two"], { home, env: tokens }),
      /10,000 tokens a day.* at midnight, in/,
    );
  });
  await withHome(async (home) => {
    await using server = await startModelServer({
      text: "ok",
      usage: { input: 9_000, output: 100, cached: 1_000 },
    });
    const written = await run(["config", "set", "limits.prices", "custom/m 100 1000 10"], { home });
    assert.equal(written.code, 0, written.stderr);
    const money = settings(server.url, { day_cost: 1 });
    const env = { ...money, PYRA_AI_MAX_OUTPUT_TOKENS: "300" };
    assert.equal((await run(["ask", "one"], { home, env })).code, 0);
    refused(await run(["ask", "two"], { home, env }), /\$1\.00 a day is reached, \$0\.91 are used/);
    const { total, by_model } = await usage(home);
    assert.equal(total.cost, 8_000 * 100e-6 + 1_000 * 10e-6 + 100 * 1_000e-6);
    assert.equal(by_model[0].name, "custom/m");
  });
});

Deno.test("retries and failures are counted as requests", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer([{ status: 500, body: "no" }, { text: "yes" }]);
    assert.equal((await run(["ask", "one"], { home, env: settings(server.url) })).code, 0);
    const { total, unpriced } = await usage(home, "--week");
    assert.equal(total.requests, 2);
    assert.deepEqual(unpriced, ["custom/m"]);
  });
});

Deno.test("the demo costs nothing and counts", async () => {
  await withHome(async (home) => {
    await run(["ask", "--provider", "demo", "hello"], { home });
    const { total, unpriced } = await usage(home);
    assert.deepEqual([total.requests, total.cost, unpriced], [1, 0, []]);
    const { stdout } = await run(["usage"], { home });
    assert.match(stdout, /demo\/demo +█+ +\d+ +\$0\.00/);
  });
});

Deno.test("only the person's own command line changes a limit", async () => {
  await withHome(async (home) => {
    const { code, stderr } = await run(["config", "set", "limits.day_cost", "2.5"], { home });
    assert.equal(code, 0, stderr);
    const { stdout } = await run(["config", "get", "limits.day_cost"], { home });
    assert.equal(stdout.trim(), "2.5");
    const wrong = await run(["config", "set", "limits.day_cost", "-1"], { home });
    assert.notEqual(wrong.code, 0);
  });
});
