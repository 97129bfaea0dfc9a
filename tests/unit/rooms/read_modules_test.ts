import assert from "node:assert/strict";
import fc from "fast-check";
import { readModules } from "../../../src/rooms/plugin_reader/read_modules.ts";

const read = (files: Readonly<Record<string, string>>, main = Object.keys(files)[0] ?? "") =>
  readModules({
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    main,
    tcp: false,
  });

Deno.test("modules come in the order in which they can run, each once, and only those needed", async () => {
  const modules = await read({
    "a.js": `import "./b.js"; import "./lib/c.js";`,
    "b.js": `import "./lib/d.js";`,
    "lib/c.js": `export { x } from "./d.js"; import("../b.js");`,
    "lib/d.js": `export const x = 1;`,
    "unused.js": `import "node:fs";`,
  });
  assert.deepEqual(modules.map(({ path }) => path), ["lib/d.js", "b.js", "lib/c.js", "a.js"]);
});

Deno.test("an import is found at its place in the text that will run", async () => {
  const code =
    `import a from 'path';\nexport * from "node:url";\nconst b = () => import("pyra/sdk");`;
  const [module] = await read({ "a.js": code });
  const found = module?.imports.map(({ start, end, to }) => [code.slice(start, end), to]);
  assert.deepEqual(found, [
    ["'path'", { kind: "built_in", name: "path" }],
    ['"node:url"', { kind: "built_in", name: "url" }],
    ['"pyra/sdk"', { kind: "sdk" }],
  ]);
});

Deno.test("types go and lines stay, imports of types with them", async () => {
  const code = `import type { Plugin } from "pyra/sdk";
import { type A, type B } from "node:fs";
interface C { d: string }
export const e = (f: number): number => f as number;
throw new Error("line 5");`;
  const [module] = await read({ "a.ts": code });
  assert.deepEqual(module?.imports.map(({ to }) => to.kind), []);
  assert.equal(module?.code.split("\n").findIndex((line) => line.includes("line 5")), 4);
});

Deno.test("a module may hold a large table", async () => {
  const [module] = await read({ "a.js": `export default [${"1,".repeat(300_000)}];` });
  assert.deepEqual(module?.imports, []);
});

Deno.test("refusals name the file, the line and what can be done", async () => {
  for (
    const [code, message] of [
      [`\nimport(x);`, /^a\.js, line 2: what is imported must be a plain string$/],
      [`import "left-pad";`, /^a\.js imports "left-pad": .* bundle what else it needs$/],
      [`import "./b.js";`, /^a\.js imports "\.\/b\.js", which is no file of the plugin$/],
      [`import "./b.json";`, /^a\.js imports/],
      [`import "./lib/b";`, /^a\.js imports "\.\/lib\/b": write its ending too, such as \.ts$/],
      [`let x = ;`, /^a\.js is no module that can be read: .*\(1:8\)$/],
      [`import.meta.url`, /context\.dataFolder/],
    ] as const
  ) {
    await assert.rejects(read({ "a.js": code }), { code: "plugin_failed", message });
  }
  await assert.rejects(read({}, "none.js"), { message: "none.js is no file of the plugin" });
});

Deno.test("an export that changes later is refused where another module would not see it", async () => {
  for (
    const code of [
      "export let count = 0; export const add = () => { count++; };",
      "let count = 0; export { count as total }; export function set(n) { [count] = [n]; }",
      "export var { count } = { count: 1 }; export class A { b() { ({ count } = this); } }",
    ]
  ) {
    const message = /^b\.js exports count, which its functions change/;
    await assert.rejects(read({ "a.js": `import "./b.js";`, "b.js": code }), { message });
    assert.equal((await read({ "b.js": code })).length, 1, "nobody imports the main module");
  }
  const fixed =
    "export let count = 0; count = 1; let other; export const f = () => { other = 2; };";
  assert.equal((await read({ "a.js": `import "./b.js";`, "b.js": fixed })).length, 2);
});

Deno.test("whatever the text, it is read or refused with a code", async () => {
  const pieces = fc.constantFrom(
    "import(",
    '"node:fs"',
    ")",
    "`",
    "${",
    "}",
    "/",
    "//",
    "/*",
    "*/",
    "<!--",
  );
  const more = fc.constantFrom(
    "import ",
    "export * from ",
    "\n",
    "x",
    "=",
    "'",
    "await ",
    "\\u0069mport",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(pieces, more), { maxLength: 12 }), async (parts) => {
      for (const path of ["a.js", "a.ts"]) {
        const modules = await read({ [path]: parts.join("") }).catch((error) => {
          assert.equal(error.code, "plugin_failed");
          return [];
        });
        // What was read names no module but those that may be named.
        assert.ok(!modules.some(({ imports }) => imports.length > 0), parts.join(""));
      }
    }),
    { numRuns: 500 },
  );
});
