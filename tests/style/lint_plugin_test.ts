import assert from "node:assert/strict";
import plugin from "./lint_plugin.ts";

/** For each rule: files that break it, and files beside the border that do not. */
const PLANTED: Readonly<
  Record<string, { bad: [file: string, code: string][]; good: [file: string, code: string][] }>
> = {
  "coded-errors": {
    bad: [["src/chat/x.ts", 'throw new Error("x");'], [
      "plugins/x/plugin.ts",
      'const e = new Error("x");',
    ]],
    good: [["src/chat/x.ts", 'throw new PyraError("file", "x", "x");'], [
      "tests/x_test.ts",
      'throw new Error("x");',
    ]],
  },
  "documented-exports": {
    bad: [
      ["src/chat/x.ts", "export const a = 1;"],
      ["src/chat/x.ts", "// no docstring\nexport function a() {}"],
      ["src/chat/x.ts", "/** A. */\nexport type A = 1;\nexport interface B {}"],
    ],
    good: [["src/chat/x.ts", '/** A. */\nexport const a = 1;\nexport { b } from "./b.ts";'], [
      "tests/x.ts",
      "export const a = 1;",
    ]],
  },
  "file-length": {
    bad: [["src/chat/x.ts", "\n".repeat(300) + "x;"], ["tests/x_test.ts", "\n".repeat(300) + "x;"]],
    good: [["src/chat/x.ts", "\n".repeat(299) + "x;\n\n"], [
      "src/providers/table.ts",
      "\n".repeat(400) + "x;",
    ]],
  },
  "file-names": {
    bad: [
      ["src/chat/utils.ts", ""],
      ["src/helpers/x.ts", ""],
      ["src/chat/path_util.ts", ""],
      ["src/common/x.ts", ""],
      ["src/chat/session_manager.ts", ""],
      ["src/chat/camelCase.ts", ""],
      ["src/chat/kebab-case.ts", ""],
    ],
    good: [["src/chat/snake_case_2.ts", ""], ["tests/x_test.ts", ""], [".build/compile.ts", ""]],
  },
  "kernel-powers": {
    bad: [
      ["src/chat/x.ts", "new Worker(url);"],
      ["src/chat/x.ts", "new globalThis.Worker(url);"],
      ["src/chat/x.ts", 'new Deno.Command("git");'],
      ["src/chat/x.ts", 'const C = Deno["Command"];'],
      ["src/chat/x.ts", 'import { spawn } from "node:child_process";'],
      ["src/kernel/x.ts", 'new BroadcastChannel("x");'],
    ],
    good: [["src/kernel/x.ts", 'new Worker(url); new Deno.Command("git");'], [
      "tests/x_test.ts",
      "new Worker(url);",
    ]],
  },
  "no-boolean-arguments": {
    bad: [["src/chat/x.ts", "open(path, true);"]],
    good: [["src/chat/x.ts", "open(path, { create: true }); map.set(key, true); resolve(true);"], [
      "tests/x.ts",
      "equal(a, true);",
    ]],
  },
  "no-console": {
    bad: [["src/chat/x.ts", 'console.log("x");'], ["tests/unit/x_test.ts", 'console.error("x");']],
    good: [["src/repl/x.ts", 'console.log("x");'], ["tests/bench/x.ts", 'console.log("x");']],
  },
  "no-default-export": {
    bad: [["src/chat/x.ts", "export default 1;"]],
    good: [["plugins/x/plugin.ts", "export default 1;"]],
  },
  "no-empty-catch": {
    bad: [
      ["src/chat/x.ts", "try { a(); } catch { /* so what */ }"],
      ["tests/x_test.ts", "try { a(); } catch (e) {}"],
      ["src/chat/x.ts", "a().catch(() => {});"],
    ],
    good: [["src/chat/x.ts", "try { a(); } catch { b(); }\na().catch(() => undefined);"]],
  },
  "no-export-all": {
    bad: [["src/chat/x.ts", 'export * from "./a.ts";'], [
      "tests/x.ts",
      'export * as a from "./a.ts";',
    ]],
    good: [["src/chat/x.ts", 'export { a } from "./a.ts";']],
  },
  "pure-folders": {
    bad: [
      ["src/agent/x.ts", 'Deno.readTextFileSync("x");'],
      ["src/agent/x.ts", "fetch(url);"],
      ["src/agent/x.ts", "const get = { fetch };"],
      ["src/agent/x.ts", "Date.now();"],
      ["src/agent/x.ts", "new Date();"],
      ["src/guard/x.ts", "Math.random();"],
      ["src/guard/x.ts", 'Math["random"]();'],
      ["src/guard/x.ts", "performance.now();"],
      ["src/guard/x.ts", "setTimeout(f, 1);"],
      ["src/guard/x.ts", "AbortSignal.timeout(1);"],
      ["src/guard/x.ts", "globalThis.fetch(url);"],
      ["src/providers/table.ts", "crypto.randomUUID();"],
    ],
    good: [
      [
        "src/agent/x.ts",
        "new Date(0); ports.fetch(url); ({ fetch: 1 });\ninterface P { fetch(u: string): void }\ntype F = typeof fetch;",
      ],
      ["src/chat/x.ts", "Date.now();"],
    ],
  },
  "test-reasons": {
    bad: [
      ["tests/x_test.ts", 'Deno.test({ name: "x", ignore: true, fn() {} });'],
      ["tests/x_test.ts", 'Deno.test("x", { ignore: true }, () => {});'],
      ["tests/x_test.ts", 'Deno.test.ignore("x", () => {});'],
      ["tests/x_test.ts", '// because\nDeno.test.only("x", () => {});'],
      ["tests/x_test.ts", '// because\nDeno.test("x", { only: true }, () => {});'],
    ],
    good: [
      ["tests/x_test.ts", '// No tmux on Windows.\nDeno.test.ignore("x", () => {});'],
      [
        "tests/x_test.ts",
        'Deno.test("x", {\n  // No tmux on Windows.\n  ignore: Deno.build.os === "windows",\n}, () => {});',
      ],
    ],
  },
  "trusted-imports": {
    bad: [
      ["src/kernel/x.ts", 'import { z } from "zod/mini";'],
      ["src/kernel/x.ts", 'import type { z } from "zod/mini";'],
      ["src/egress/x.ts", 'await import("openai");'],
      ["src/rpc/x.ts", "await import(name);"],
      ["src/durable/x.ts", 'export { a } from "npm:a@1";'],
      ["src/vault/x.ts", 'import { parse } from "yaml";'],
      ["src/kernel/x.ts", 'import { Decrypter } from "age-encryption";'],
      ["service/x.ts", 'import { z } from "zod/mini";'],
      ["src/rooms/x.ts", 'import OpenAI from "https://example.org/openai.ts";'],
    ],
    good: [
      [
        "src/vault/x.ts",
        'import { Decrypter } from "age-encryption";\nimport { scryptSync } from "node:crypto";\nimport { a } from "./a.ts";',
      ],
      ["src/chat/x.ts", 'import { z } from "zod/mini";'],
    ],
  },
  "vault-names": {
    bad: [
      ["src/chat/x.ts", 'const f = "identity.age";'],
      ["src/kernel/x.ts", "const f = `${home}/.vault_lock`;"],
      ["src/kernel/x.ts", "const f = `${home}/secrets/x`;"],
      ["main.ts", 'const f = "vault/recipients.txt";'],
    ],
    good: [["src/vault/x.ts", 'const f = "identity.age";'], [
      "src/chat/x.ts",
      'const f = "the vault keeps secrets";',
    ]],
  },
};

Deno.test("every lint rule has planted violations", () => {
  assert.deepEqual(Object.keys(PLANTED).sort(), Object.keys(plugin.rules).sort());
});

for (const [rule, { bad, good }] of Object.entries(PLANTED)) {
  const found = (file: string, code: string) =>
    Deno.lint.runPlugin(plugin, file, code).filter(({ id }) => id === `pyra/${rule}`);
  Deno.test(`the lint rule ${rule} reports each planted violation and nothing beside`, () => {
    for (const [file, code] of bad) {
      assert.equal(found(file, code).length, 1, `${file}: ${code.trim()}`);
    }
    for (const [file, code] of good) {
      assert.deepEqual(found(file, code), [], `${file}: ${code.trim()}`);
    }
  });
}
