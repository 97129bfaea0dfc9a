import assert from "node:assert/strict";
import { fault, SomeHost, toolCode } from "./some_host.ts";

Deno.test("a plugin of several files runs as native modules, each once", async () => {
  await using host = new SomeHost();
  await host.start("some", {
    "plugin.ts": `import type { Plugin } from "pyra/sdk";
      import base, { Base, type Shape, names as given } from "./lib/base.ts";
      import * as all from "./lib/other.js";
      export * from "./lib/base.ts";
      const late = await Promise.resolve("late");
      enum Colour { Red = 1 }
      class Own extends Base implements Shape { constructor(readonly size: number) { super(); } }
      export default { tools: [{ name: "try", description: "x", parameters: { type: "object" },
        run: async () => [base, given, all.same === Base, new Own(Colour.Red).size, late,
          (await import("./lib/other.js")).default, new Own(2) instanceof Base] }] } satisfies Plugin;`,
    "lib/base.ts": `import { join } from "path"; globalThis.runs = (globalThis.runs ?? 0) + 1;
      export interface Shape { size: number }
      export class Base {} export const names = join("a", "b"); export default globalThis.runs;`,
    "lib/other.js":
      `import { Base } from "../lib/base.ts"; export { Base as same }; export default "lazy";`,
  });
  const { text } = Object(await host.call("some", "run", { tool: "try", input: {} }));
  assert.equal(text, JSON.stringify([1, "a/b", true, 1, "late", "lazy", true]));
});

Deno.test("a tool gets its input, says how far it is, and what is no text goes as JSON", async () => {
  await using host = new SomeHost();
  const body = `context.progress("half\\nway"); await new Promise((d) => setTimeout(d, 20));
    return { twice: input.n * 2 };`;
  await host.start("some", toolCode(body));
  const items = await host.items("some", "run", { tool: "try", input: { n: 21 } });
  assert.deepEqual(items, [{ progress: "half way" }, { result: { text: '{"twice":42}' } }]);
});

Deno.test("what a program writes comes in order, and of too much of it the end", async () => {
  await using host = new SomeHost();
  const body =
    `context.output("one\\ntwo\\n"); context.progress("half"); context.output("three\\n");
    await new Promise((d) => setTimeout(d, 20)); context.output("x".repeat(100000) + "end\\n");`;
  await host.start("some", toolCode(body));
  const items = await host.items("some", "run", { tool: "try", input: {} });
  const written = items.map((item) => "output" in item ? item.output : "").join("");
  assert.match(written, /^one\ntwo\nthree\nx+end\n$/);
  assert.ok(written.length < 16_500);
  const flood = `for (let i = 0; i < 300; i++) {
    context.output("line " + i + "\\n"); await new Promise((d) => setTimeout(d, 1)); }`;
  await host.start("some", toolCode(flood));
  const parts = await host.items("some", "run", { tool: "try", input: {} });
  const shown = parts.filter((item) => "output" in item);
  assert.ok(shown.length >= 20 && shown.length < 100, `${shown.length} parts`);
});

Deno.test("the context holds what was granted and nothing can be hung onto it", async () => {
  await using host = new SomeHost();
  host.answer = ({ method, params }) => method === "secret" ? `secret ${Object(params).key}` : null;
  const text = await host.run(
    `return [context.name, context.dataFolder.endsWith("/some"), context.workspace,
      await context.secrets.get("token"), Object.isFrozen(context), Object.keys(context.settings)];`,
    { boot: { workspace: "/work", secretKeys: ["token"] } },
  );
  assert.equal(text, '["some",true,"/work","secret token",true,[]]');
});

Deno.test("settings are those that were kept, else their defaults, and no secrets", async () => {
  await using host = new SomeHost();
  host.answer = ({ method }) => method === "settings" ? { region: "eu", toString: "x" } : null;
  const fields = `configFields: () => [
    { key: "region", kind: "text", label: "Region", default: "us" },
    { key: "count", kind: "number", label: "Count", default: 3 },
    { key: "none", kind: "text", label: "None" },
    { key: "token", kind: "secret", label: "Token", default: "x" }],`;
  const code = toolCode("return context.settings;").replace(
    "export default {",
    `export default { ${fields}`,
  );
  await host.start("some", code);
  const answer = await host.call("some", "run", { tool: "try", input: {} });
  assert.deepEqual(answer, { text: '{"region":"eu","count":3}' });
});

Deno.test("a room that runs sees changed settings at its next call, and old ones where there are none", async () => {
  await using host = new SomeHost();
  const settings: (() => unknown)[] = [() => ({ region: "eu" }), () => ({ region: "us" }), () => {
    throw new Error("the settings are half edited");
  }];
  host.answer = ({ method }) => method === "settings" ? settings[0]?.() : null;
  const fields = `configFields: () => [{ key: "region", kind: "text", label: "Region" }],`;
  const code = toolCode("return context.settings.region;")
    .replace("export default {", `export default { ${fields}`);
  await host.start("some", code);
  const region = async () =>
    Object(await host.call("some", "run", { tool: "try", input: {} })).text;
  assert.equal(await region(), "eu");
  settings.shift();
  await new Promise((resolve) => setTimeout(resolve, 550));
  assert.equal(await region(), "us");
  settings.shift();
  await new Promise((resolve) => setTimeout(resolve, 550));
  assert.equal(await region(), "us");
});

Deno.test("what the kernel advises is in the error that the plugin gets", async () => {
  await using host = new SomeHost();
  host.answer = () => {
    throw Object.assign(new Error("its secret key is not set"), {
      code: "no_such_secret",
      data: { hint: "run pyra plugin setup some" },
    });
  };
  const text = await host.run(
    `return await context.secrets.get("key").catch((error) => [error.code, error.message]);`,
    { boot: { secretKeys: ["key"] } },
  );
  assert.equal(text, '["no_such_secret","its secret key is not set; run pyra plugin setup some"]');
});

Deno.test("storage keeps values between runs and answers SQL of the plugin's own", async () => {
  await using host = new SomeHost();
  await host.run(
    `await context.storage.set("a%", { x: [1, null] }); await context.storage.set("ab", 2);
    await context.storage.query("create table t (n integer, s text)");
    await context.storage.query("insert into t values (?, ?)", [1, "it's"]);`,
  );
  const text = await host.run(`const { storage } = context; await storage.delete("ab");
    return [await storage.get("a%"), await storage.get("none"), await storage.keys("a%"),
      await storage.keys(), await storage.query("select * from t where n = ?", [1])];`);
  assert.equal(text, '[{"x":[1,null]},null,["a%"],["a%"],[{"n":1,"s":"it\'s"}]]');
  await assert.rejects(
    host.run(`await context.storage.set("f", () => 1);`),
    fault("plugin_failed", /JSON/),
  );
});

Deno.test("what a plugin logs and what it throws when nobody waits goes to its log", async () => {
  await using host = new SomeHost();
  await host.run(`console.log("a", { b: 1 }); console.error("bad"); context.log("two\\nlines");
    setTimeout(() => { throw new Error("late"); }); await new Promise((done) => setTimeout(done, 30));`);
  await host.stop("some");
  assert.deepEqual(host.log.slice(0, 4), [
    "some: a { b: 1 }",
    "some: error: bad",
    "some: two",
    "some: lines",
  ]);
  assert.match(host.log[4] ?? "", /error: Error: late/);
  assert.ok(!host.log.join().includes("data:text"), "addresses of modules are left out");
});

Deno.test("a failure is told with its place in the plugin's own files, and no other", async () => {
  await using host = new SomeHost();
  await host.start("some", {
    "plugin.ts": `import { fail } from "./lib/it's here.ts";
      export default { tools: [{ name: "try", description: "x", parameters: { type: "object" },
        run: () => fail() }] };`,
    "lib/it's here.ts":
      `const a = ':1:2';\nexport const fail = () => { throw new Error("why" + a); };`,
  });
  const call = host.call("some", "run", { tool: "try", input: {} });
  await assert.rejects(call, fault("plugin_failed", /^why:1:2$/));
  await host.stop("some");
  assert.deepEqual(host.log.map((line) => line.replace(/\d+:\d+\)?$/, "L:C")), [
    "some: error: Error: why:L:C",
    "some: at fail (lib/it's here.ts:L:C",
    "some: at Object.run (plugin.ts:L:C",
  ]);
  const missing = host.start("other", {
    "plugin.ts": `import { b } from "./other.ts"; export default { tools: [b] };`,
    "other.ts": "export const a = 1;",
  });
  await assert.rejects(
    missing,
    fault("plugin_failed", /module 'other\.ts' does not provide an export named 'b' at plugin\.ts/),
  );
});

Deno.test("a plugin that fails while it starts is told with the line", async () => {
  await using host = new SomeHost();
  await assert.rejects(
    host.start("some", { "plugin.ts": `const a = 1;\nthrow new Error("not today");` }),
    fault("plugin_failed", /^not today \(plugin\.ts:2:7\)$/),
  );
});

Deno.test("a right that the manifest does not ask for is missing in words for authors", async () => {
  await using host = new SomeHost();
  await assert.rejects(
    host.run(`Deno.writeTextFileSync("/nowhere/x", "x");`),
    fault(
      "plugin_failed",
      /^it has no write access to "\/nowhere\/x": its manifest does not ask for that$/,
    ),
  );
});

Deno.test("a tool or a command that cannot be run is no good from the beginning", async () => {
  await using host = new SomeHost();
  const described = async (plugin: string) => {
    await host.start("some", { "plugin.ts": `export default ${plugin};` });
    return await host.call("some", "describe");
  };
  await assert.rejects(
    described(`{ tools: [{ name: "try", description: "x", parameters: { type: "object" } }] }`),
    fault("plugin_failed", /^the tool try has no function run$/),
  );
  await assert.rejects(
    described(`{ commands: [{ name: "try", usage: "", description: "x", run: "x" }] }`),
    fault("plugin_failed", /^the command try has no function run$/),
  );
  await assert.rejects(
    described(`{ tools: [{ name: "Try it", description: "x", parameters: {}, run() {} }] }`),
    fault("plugin_failed", /cannot be called "Try it"; take small letters, digits and _/),
  );
});

Deno.test("a log's rate is bounded, and what was dropped is told", async () => {
  await using host = new SomeHost();
  await host.run(`for (let i = 0; i < 5_000; i++) console.log(i);
    await new Promise((done) => setTimeout(done, 1_100)); console.log("after");`);
  await host.stop("some");
  assert.ok(host.log.length <= 60, `${host.log.length} lines`);
  assert.match(host.log.join("\n"), /more lines were dropped/);
  assert.equal(host.log.at(-1), "some: after");
});

Deno.test("a call that is cancelled or too long aborts its signal, and the room goes on", async () => {
  await using host = new SomeHost();
  await host.start(
    "some",
    toolCode(`if (input.quick) return globalThis.seen;
    await new Promise((_, fail) => context.signal.addEventListener("abort", () => {
      globalThis.seen = context.signal.reason.message; fail(new Error("stopped")); }));`),
  );
  const slow = { tool: "try", input: {} };
  const quick = { tool: "try", input: { quick: true } };
  await assert.rejects(
    host.call("some", "run", slow, { limitMs: 100 }),
    fault("plugin_hung", /0.1 s/),
  );
  assert.deepEqual(await host.call("some", "run", quick), { text: "it took too long" });
  const signal = AbortSignal.timeout(50);
  await assert.rejects(host.call("some", "run", slow, { signal }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(await host.call("some", "run", quick), { text: "the call was cancelled" });
  assert.equal(host.ended, undefined);
});

Deno.test("a call that goes on after its end ends the room alone, if its event loop still turns", async () => {
  await using host = new SomeHost();
  await host.start("other", toolCode(`return "other";`));
  await host.start("some", toolCode("await new Promise(() => {});"));
  const run = { tool: "try", input: {} };
  await assert.rejects(host.call("some", "run", run, { limitMs: 100 }), fault("plugin_hung"));
  await assert.rejects(host.call("some", "run", run), fault("plugin_ended"));
  assert.deepEqual(await host.call("other", "run", run), { text: "other" });
  assert.equal(host.ended, undefined);
});

Deno.test("a room that stands still ends the process, whether it is called or not", async () => {
  for (const body of ["while (true);", "setTimeout(() => { while (true); }, 20);"]) {
    await using host = new SomeHost();
    await host.start("some", toolCode(body));
    await host.call("some", "run", { tool: "try", input: {} }, { limitMs: 100 }).catch(() => null);
    for (let tries = 0; host.ended === undefined && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.match(host.ended ?? "", /did not end: some/);
  }
});

Deno.test("onLoad comes before the first call and onUnload at the end, its data folder open", async () => {
  await using host = new SomeHost();
  const cycle = `onLoad: async (context) => { await context.storage.set("loaded", 1); },
    onUnload: () => Deno.writeTextFile(folder + "/unloaded", "yes"),`;
  const code = toolCode("return await context.storage.get('loaded');", `let folder = "";`)
    .replace("export default {", `export default { ${cycle}`)
    .replace("async (context) => {", "async (context) => { folder = context.dataFolder;");
  await host.start("some", code);
  assert.deepEqual(await host.call("some", "run", { tool: "try", input: {} }), { text: "1" });
  await host.stop("some");
  assert.equal(await Deno.readTextFile(`${host.folder}/some/unloaded`), "yes");
  await assert.rejects(host.call("some", "run", { tool: "try", input: {} }), fault("plugin_ended"));
});

Deno.test("more calls at a time than allowed are refused, and the others answered", async () => {
  await using host = new SomeHost();
  await host.start("some", toolCode("await new Promise((d) => setTimeout(d, 100)); return 1;"));
  const calls = Array.from(
    { length: 12 },
    () => host.call("some", "run", { tool: "try", input: {} }),
  );
  const outcomes = await Promise.allSettled(calls);
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 8);
});

Deno.test("a plugin can be replaced by another of its name", async () => {
  await using host = new SomeHost();
  assert.equal(await host.run("return 1;"), "1");
  assert.equal(await host.run("return 2;"), "2");
});
