import assert from "node:assert/strict";
import fc from "fast-check";
import { failure, Rig, runHere } from "../../tests/fakes/files_rig.ts";
import { globMatcher } from "./glob.ts";
import { searchOwn } from "./own_search.ts";

/** Both ways of searching must find the same. */
const WAYS = ["none", "installed"] as const;
const hasRipgrep = await Array.fromAsync(runHere(["rg", "--version"], ".")).then(
  () => true,
  () => false,
);

const TREE: Readonly<Record<string, string | Uint8Array>> = {
  "a.txt": "needle one\nnothing\nNeedle two\n",
  "src/b.ts": "let needle = 1;\r\nlast\r\n",
  "src/deep/c.ts": "x\ny\nneedle\nz\nw\nneedle\nv\n",
  "src/b-side/d.ts": "needle",
  "wide.txt": new Uint8Array([0xff, 0xfe, ...Buffer.from("a needle in UTF-16\n", "utf16le")]),
  "bin.dat": new Uint8Array([0, 1, ...new TextEncoder().encode("\nneedle\n")]),
  ".hidden": "needle",
  ".git/config": "needle",
  "out/made.ts": "needle",
  "keep.log": "needle",
  "drop.log": "needle",
  "src/.gitignore": "deep/*.tmp\n!deep/kept.tmp\n",
  "src/deep/x.tmp": "needle",
  "src/deep/kept.tmp": "needle",
  ".gitignore": "/out/\n*.log\n!keep.log\n# a remark\n",
  ".ignore": "*.bak\n",
  "old.bak": "needle",
  "node_modules/m/index.js": "needle",
  "sub/.gitignore": "node_modules\n",
  "sub/node_modules/n.js": "needle",
  "sp ace/é ü.txt": "needle",
  "new\nline.txt": "needle",
};

type Way = (typeof WAYS)[number];

/** A test of both ways. */
function both(name: string, fn: (rg: Way) => Promise<void>): void {
  Deno.test(`${name}, by its own search`, () => fn("none"));
  Deno.test({
    name: `${name}, by ripgrep`,
    // ripgrep is not on every machine; the plugin's own search is tested on all.
    ignore: !hasRipgrep,
    fn: () => fn("installed"),
  });
}

both("what is ignored, hidden or binary is not found", async (rg) => {
  await using rig = await Rig.make(TREE, rg);
  const found = await rig.run("search_files", { text: "needle", limit: 100 });
  assert.equal(
    found,
    "11 matches:\na.txt\n  1: needle one\nkeep.log\n  1: needle\nnew�line.txt\n  1: needle\n" +
      "node_modules/m/index.js\n  1: needle\nsp ace/é ü.txt\n  1: needle\nsrc/b-side/d.ts\n" +
      "  1: needle\nsrc/b.ts\n  1: let needle = 1;\nsrc/deep/c.ts\n  3: needle\n  6: needle\n" +
      "src/deep/kept.tmp\n  1: needle\nwide.txt\n  1: a needle in UTF-16\n",
  );
  assert.equal(rig.commands.length, 1);
  assert.equal(rig.log.length, rg === "none" ? 1 : 0);
  assert.equal(rig.progress.length, 1);
});

both("names, expressions, capitals, context and folders narrow a search", async (rg) => {
  await using rig = await Rig.make(TREE, rg);
  const search = (input: Parameters<Rig["run"]>[1]) => rig.run("search_files", input);
  assert.equal(
    await search({ glob: "*.ts" }),
    "3 files:\nsrc/b-side/d.ts\nsrc/b.ts\nsrc/deep/c.ts\n",
  );
  assert.equal(await search({ glob: "src/*.ts" }), "1 file:\nsrc/b.ts\n");
  assert.equal(
    await search({ glob: "src/**/{b,c}.ts" }),
    "2 files:\nsrc/b.ts\nsrc/deep/c.ts\n",
  );
  assert.equal(
    await search({ glob: "*.{ts,bak}", path: "src/deep" }),
    "1 file:\nsrc/deep/c.ts\n",
  );
  assert.equal(
    await search({ regex: "^need.e (one|two)$", any_case: true, path: "a.txt" }),
    "2 matches:\na.txt\n  1: needle one\n  3: Needle two\n",
  );
  assert.equal(
    await search({ text: "needle", context: 1, path: "src/deep/c.ts" }),
    "2 matches:\nsrc/deep/c.ts\n  2- y\n  3: needle\n  4- z\n  5- w\n  6: needle\n  7- v\n",
  );
  assert.match(await search({ text: "needle", path: ".hidden" }), /^1 match:\n\.hidden\n/);
  assert.match(await search({ text: "last$", path: "src" }), /^0?1? ?match|regex|nothing/);
  assert.equal(await search({ regex: "last$" }), "1 match:\nsrc/b.ts\n  2: last\n");
  assert.match(
    await search({ text: "needle", all: true, limit: 100 }),
    /^1[89] matches:\n\.git\/config/,
  );
  assert.match(
    await search({ text: "no such words" }),
    /^nothing is found; hidden and ignored/,
  );
  assert.equal(
    await search({ glob: "{drop,keep}.log", all: true }),
    "2 files:\ndrop.log\nkeep.log\n",
  );
});

both("a long result comes in parts that together are all of it, in order", async (rg) => {
  const files = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [
    `f/${String(at).padStart(3, "0")}.txt`,
    `${"some words ".repeat(20)}needle\nneedle again`,
  ]));
  await using rig = await Rig.make(files, rg);
  let all = "";
  let skip = 0;
  for (let part = 0; part < 30; part++) {
    const text = await rig.run("search_files", { text: "needle", limit: 100, skip });
    assert.ok(text.length < 4_000);
    all += text;
    const [, next] = /\[more: skip (\d+)/.exec(text) ?? [];
    if (next === undefined) break;
    skip = Number(next);
  }
  const lines = [...all.matchAll(/^ {2}2: needle again$/gm)];
  const paths = [...all.matchAll(/^f\/\d+\.txt$/gm)].map(([path]) => path);
  assert.equal(lines.length, 150);
  assert.deepEqual([...new Set(paths)], Object.keys(files));
  assert.deepEqual(paths, [...paths].sort());
});

both("the largest files come first, hidden ones too if asked for", async (rg) => {
  await using rig = await Rig.make({
    "small.txt": "1",
    "big.txt": "1".repeat(5_000),
    ".cache/huge": "1".repeat(50_000),
    "middle/a b.txt": "1".repeat(2_000),
  }, rg);
  const usual = await rig.run("search_files", { sort: "size", limit: 2 });
  assert.match(
    usual,
    /^3 files, the largest first:\n +4\.9 KB .* big\.txt\n +2\.0 KB .*\/a b\.txt\n/,
  );
  assert.match(usual, /\[more: skip 2/);
  const all = await rig.run("search_files", { sort: "size", all: true, limit: 1 });
  assert.match(all, /^4 files.*\n +49 KB .* \.cache\/huge\n/);
});

both("what the model writes is a pattern and never an option", async (rg) => {
  await using rig = await Rig.make({ "-f": "--files and --pre=sh\n", "a.txt": "x" }, rg);
  assert.match(await rig.run("search_files", { text: "--pre=sh" }), /^1 match:\n-f\n/);
  assert.match(await rig.run("search_files", { glob: "--pre=x" }), /^nothing/);
  assert.match(await rig.run("search_files", { text: "--pre", path: "-f" }), /^1 match/);
  const broken = await failure(rig.run("search_files", { regex: "(" }));
  assert.match(broken.message, /cannot be read/);
  assert.equal((await failure(rig.run("search_files", { text: "a\nb" }))).code, "bad_input");
});

Deno.test("a search is stopped when its call is", async () => {
  const files = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`${at}.txt`, "x"]));
  await using rig = await Rig.make(files);
  const wish = {
    workspace: rig.workspace,
    from: "",
    what: "usual",
    glob: undefined,
    pattern: { kind: "regex", source: "y", letters: "exact" },
    context: 0,
    limit: 1,
  } as const;
  const run = { signal: AbortSignal.abort(), first: () => {}, until: Infinity };
  await assert.rejects(searchOwn(wish, run), { name: "AbortError" });
  const late = { ...run, signal: new AbortController().signal, until: 0 };
  assert.equal((await searchOwn(wish, late)).end, "time");
});

Deno.test("patterns of names say what gitignore's say", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["*.ts", "a/b/c.ts", true],
    ["*.ts", "a/b/c.tsx", false],
    ["src/*.ts", "src/a.ts", true],
    ["src/*.ts", "src/b/a.ts", false],
    ["src/**/*.ts", "src/a.ts", true],
    ["src/**/*.ts", "src/b/c/a.ts", true],
    ["**/a.ts", "a.ts", true],
    ["src/**", "src/b/c", true],
    ["/a.ts", "b/a.ts", false],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[!a-c]x", "dx", true],
    ["[z-a]x", "bx", false],
    ["[x", "[x", true],
    ["\\*x", "*x", true],
    ["\\*x", "yx", false],
    ["*.{js,ts}", "a.ts", true],
    ["*.{js,ts}", "a.rs", false],
    ["a+b(c)$", "a+b(c)$", true],
  ];
  for (const [glob, path, matches] of cases) {
    assert.equal(globMatcher(glob)(path), matches, `${glob} ${path}`);
  }
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (glob, path) => {
      try {
        globMatcher(glob)(path);
      } catch (error) {
        assert.equal(Reflect.get(error as object, "code"), "bad_input", glob);
      }
    }),
  );
});
