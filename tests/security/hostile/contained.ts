/**
 * Plugins that do harm when they are loaded, called or ended: each fails alone, within its limits, and the
 * other plugin goes on.
 * @module
 */

/** One of them, and what its call must come to. */
export interface Contained {
  readonly name: string;
  readonly code: string;
  /** What the call of its tool `attack` must answer, or be refused with. */
  readonly expected: RegExp;
  /** What its log must hold, or must not. */
  readonly limitMs?: number;
}

const tool = (body: string, more = "") =>
  `${more}\nexport default { tools: [{ name: "attack", description: "x", parameters: { type: "object" },
    async run(input, context) { ${body} } }] };`;

/** Each by its name. */
export const CONTAINED: readonly Contained[] = [
  { name: "throw", code: tool(`throw new Error("boom");`), expected: /^plugin_failed: boom$/ },
  { name: "throw nothing", code: tool("throw null;"), expected: /^plugin_failed: / },
  {
    name: "throw with the kernel's code",
    code: tool(
      `throw Object.assign(new Error("x"), { code: "not_enabled", data: { hint: "y" } });`,
    ),
    expected: /^plugin_failed: x$/,
  },
  {
    name: "throw an error whose message throws",
    code: tool(`throw Object.defineProperty(new Error(), "message", { get() { throw 1; } });`),
    expected: /^plugin_failed: /,
  },
  {
    name: "throw a message of a million characters",
    code: tool(`throw new Error("x".repeat(1_000_000));`),
    expected: /^plugin_failed: x{400,520}…?$/,
  },
  {
    name: "throw terminal escapes",
    code: tool(`throw new Error("\\x1b]52;c;aGk=\\x07\\x1b[2J\\x1b]0;title\\x07ok\\u202e");`),
    // deno-lint-ignore no-control-regex
    expected: /^plugin_failed: [^\x00-\x1f\x7f-\x9f\u202e]*ok[^\x00-\x1f\u202e]*$/,
  },
  {
    name: "throw when nobody waits",
    code: tool(`setTimeout(() => { throw new Error("late"); }); Promise.reject(new Error("lost"));
      await new Promise((done) => setTimeout(done, 50)); return "went on";`),
    expected: /^went on$/,
  },
  {
    name: "never answer",
    code: tool("await new Promise(() => {});"),
    limitMs: 500,
    expected: /^plugin_hung: /,
  },
  { name: "spin", code: tool("while (true);"), limitMs: 500, expected: /^plugin_(hung|ended): / },
  {
    name: "spin in a promise",
    code: tool("const spin = () => Promise.resolve().then(spin); await spin();"),
    limitMs: 500,
    expected: /^plugin_(hung|ended): /,
  },
  {
    name: "spin in WebAssembly",
    // (module (func (export "f") (loop br 0)))
    code: tool(
      `const code = Uint8Array.of(0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11);
      (await WebAssembly.instantiate(code)).instance.exports.f();`,
    ),
    limitMs: 500,
    expected: /^plugin_(hung|ended): /,
  },
  {
    name: "wait for ever on shared memory",
    code: tool("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"),
    limitMs: 500,
    expected: /^plugin_(hung|ended|failed): /,
  },
  {
    name: "spin in a regular expression",
    code: tool(`return String(/^(a+)+$/.test("a".repeat(60) + "b"));`),
    limitMs: 500,
    expected: /^plugin_(hung|ended): /,
  },
  {
    name: "recurse without end",
    code: tool("const f = () => f() + 1; return String(f());"),
    expected: /^plugin_failed: Maximum call stack/,
  },
  {
    name: "answer with a circle",
    code: tool("const a = {}; a.a = a; return a;"),
    expected: /^plugin_failed: /,
  },
  { name: "answer with a BigInt", code: tool("return 1n;"), expected: /^plugin_failed: / },
  { name: "answer with a function", code: tool("return () => 1;"), expected: /^$/ },
  {
    name: "answer deeper than the stack",
    code: tool("let a = []; for (let i = 0; i < 200_000; i++) a = [a]; return a;"),
    // As a text it has no depth.
    expected: /^(\[{1000,}\]+|plugin_failed: .*)$/,
  },
  {
    name: "answer with toJSON that throws",
    code: tool("return { toJSON() { throw new Error('json'); } };"),
    expected: /^plugin_failed: json$/,
  },
  {
    name: "answer with a text that is too long",
    code: tool(`return "x".repeat(17 * 2 ** 20);`),
    expected: /^plugin_too_large: /,
  },
  {
    name: "answer with a text of half a gigabyte",
    code: tool(`return "x".repeat(2 ** 29 - 25);`),
    limitMs: 10_000,
    expected: /^plugin_(too_large|failed|ended|hung): /,
  },
  {
    name: "answer with names of the language",
    code: tool(
      `return JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');`,
    ),
    expected: /^\{"__proto__"/,
  },
  {
    name: "take all memory in arrays",
    code: tool("const all = []; while (true) all.push(new Array(1e6).fill(all.length));"),
    limitMs: 20_000,
    expected: /^plugin_(ended|hung|failed): /,
  },
  {
    name: "take all memory in buffers",
    code: tool(`const all = []; while (true) { all.push(new Uint8Array(2 ** 26).fill(1));
      await new Promise((done) => setTimeout(done)); }`),
    limitMs: 20_000,
    expected: /^plugin_(ended|hung|failed): /,
  },
  {
    name: "take all memory in WebAssembly",
    code: tool(`const m = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
      while (true) { m.grow(1024); new Uint8Array(m.buffer).fill(1);
        await new Promise((done) => setTimeout(done)); }`),
    limitMs: 20_000,
    expected: /^plugin_(ended|hung|failed): /,
  },
  {
    name: "flood its log",
    code: tool(`for (let i = 0; i < 100_000; i++) console.log("line " + i); return "flooded";`),
    expected: /^flooded$/,
  },
  {
    name: "flood with progress",
    code: tool(`for (let i = 0; i < 100_000; i++) context.progress("p" + i); return "flooded";`),
    expected: /^flooded$/,
  },
  {
    name: "flood with requests",
    code: tool(
      `const all = []; for (let i = 0; i < 5_000; i++) all.push(context.secrets.get("own").catch((e) => e.code));
      const got = await Promise.all(all); return got.includes("overload") ? "overload" : "all";`,
    ),
    expected: /^overload$/,
  },
  {
    name: "ask with a text of 100 MB",
    code: tool(`try { await context.secrets.get("x".repeat(1e8)); } catch (e) { return e.code; }`),
    limitMs: 10_000,
    expected: /^plugin_(too_large|ended|hung)(: .*)?$/,
  },
  {
    name: "send a body of 100 MB",
    code: tool(
      `try { await context.fetch("http://127.0.0.1:1/", { method: "POST", body: new Uint8Array(1e8) }); }
      catch (e) { return "refused"; }`,
    ),
    limitMs: 15_000,
    expected: /^(refused|plugin_(ended|hung|failed): .*)$/,
  },
  { name: "hang while it is imported", code: "while (true);", expected: /^plugin_(hung|ended): / },
  {
    name: "wait while it is imported",
    code: "await new Promise(() => {});",
    expected: /^plugin_(hung|ended|failed): /,
  },
  {
    name: "hang in onLoad",
    code: "export default { onLoad: () => new Promise(() => {}) };",
    expected: /^plugin_(hung|ended): /,
  },
  {
    name: "spin in onLoad",
    code: "export default { onLoad() { while (true); } };",
    expected: /^plugin_(hung|ended): /,
  },
  {
    name: "throw in onLoad",
    code: `export default { onLoad() { throw new Error("no"); } };`,
    expected: /^plugin_failed: no \(plugin\.[jt]s:1:\d+\)$/,
  },
  {
    name: "spin in getPlugin",
    code: "export function getPlugin() { while (true); }",
    expected: /^plugin_(hung|ended): /,
  },
  {
    name: "spin in a finaliser",
    code: tool(
      `registry.register({}, 1); for (let i = 0; i < 200; i++) { new Array(1e5).fill(i);
        await new Promise((done) => setTimeout(done)); } return "no collection";`,
      "const registry = new FinalizationRegistry(() => { while (true); });",
    ),
    limitMs: 4_000,
    expected: /^(no collection|plugin_(hung|ended): .*)$/,
  },
  {
    name: "spin after its answer",
    code: tool(`setTimeout(() => { while (true); }, 10); return "answered";`),
    expected: /^answered$/,
  },
  {
    name: "spin in unload",
    code: tool(`return "answered";`).replace(
      "export default {",
      "export default { onUnload() { while (true); },",
    ),
    expected: /^answered$/,
  },
  {
    name: "hang in unload",
    code: tool(`return "answered";`).replace(
      "export default {",
      "export default { onUnload: () => new Promise(() => {}),",
    ),
    expected: /^answered$/,
  },
  {
    name: "fill its database",
    code: tool(`await context.storage.set("k", "x".repeat(1e6)); return "kept";`),
    expected: /^kept$/,
  },
];
