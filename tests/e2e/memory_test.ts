/**
 * `pyra memory …` as a script uses it: files in, files out, no terminal.
 * @module
 */
import assert from "node:assert/strict";
import { run, type RunResult, withHome } from "./command.ts";

interface Notes {
  readonly home: string;
  /** The memory folder. */
  readonly folder: string;
  /** Runs `pyra memory …`. */
  readonly memory: (line: string, input?: string) => Promise<RunResult>;
}

function memoryTest(name: string, act: (notes: Notes) => Promise<void>): void {
  Deno.test(name, () =>
    withHome((home) =>
      act({
        home,
        folder: `${home}/.pyra/memory`,
        memory: (line, input) => {
          const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b ?? "");
          return run(["memory", ...words], { home, ...(input === undefined ? {} : { input }) });
        },
      })
    ));
}

/** Asserts that it succeeded, and returns what it printed. */
function out({ code, stdout, stderr }: RunResult): string {
  assert.equal(code, 0, stderr);
  return stdout;
}

memoryTest("a note is written, added to, found, moved, removed and brought back", async (notes) => {
  const { memory, folder } = notes;
  out(await memory('write travel/train "The night train leaves at nine." --summary trains'));
  out(await memory("append travel/train", "It goes to Vienna.\n"));
  assert.match(out(await memory("show travel/train")), /nine\.\n\n?It goes to Vienna\.\n$/);
  assert.match(out(await memory("search viena trian")), /^travel\/train\.md:\d+ {2}trains\n/);
  out(await memory("mv travel/train trip"));
  assert.match(out(await memory("list")), /^trip\.md .*trains$/m);
  out(await memory("rm trip"));
  assert.equal(out(await memory("list --json")), "[]\n");
  assert.match(out(await memory("history")), /removed[^]*moved[^]*changed/);
  assert.match(out(await memory("undo")), /^trip\.md is back/);
  assert.match(await Deno.readTextFile(`${folder}/trip.md`), /Vienna/);
  assert.match(out(await memory("undo")), /travel\/train\.md again/);
});

memoryTest("the index files beside the notes say what is there", async ({ memory, folder }) => {
  out(await memory('write user/profile "I live in Ghent." --summary "who I am"'));
  assert.match(await Deno.readTextFile(`${folder}/MEMORY_INDEX.md`), /user\/profile\.md/);
  const index = await Deno.readTextFile(`${folder}/memory_index.json`);
  assert.match(index, /who I am/);
  out(await memory("rm user/profile"));
  assert.doesNotMatch(await Deno.readTextFile(`${folder}/MEMORY_INDEX.md`), /user\/profile\.md/);
});

memoryTest("many questions are answered in one run", async ({ memory }) => {
  for (const [name, text] of [["a", "apples and pears"], ["b", "plums"], ["c", "pears"]]) {
    out(await memory(`write fruit/${name} "${text}"`));
  }
  const lines = [
    '{"id":"1","query":"plums"}',
    "{broken",
    '{"id":"2","query":"pears"}',
    `{"id":"3","query":"${"x".repeat(1024 * 1024)}"}`,
    '{"id":"4","query":"\\"pears\\" OR ((*"}',
  ];
  const input = lines.map((line) => `${line}\n`).join("");
  const answers = out(await memory("search --jsonl --limit 5", input)).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(answers.map(({ id }) => id), ["1", null, "2", null, "4"]);
  assert.deepEqual(answers[0].results.map(({ file }: { file: string }) => file), ["fruit/b.md"]);
  assert.equal(answers[2].results.length, 2);
  const many = Array.from({ length: 2_000 }, (_, id) => `{"id":${id},"query":"pears ${id}"}\n`);
  const all = out(await memory("search --jsonl", many.join(""))).trimEnd().split("\n");
  assert.equal(all.length, 2_000);
  assert.equal(JSON.parse(all[1_999] ?? "").id, 1_999);
});

memoryTest("what is broken in the folder is named, and the rest is found", async (notes) => {
  const { memory, folder } = notes;
  out(await memory('write good "a zeppelin flies"'));
  await Deno.writeFile(`${folder}/binary.md`, new Uint8Array([0, 159, 146, 150, 0]));
  await Deno.writeFile(`${folder}/latin.md`, new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x0a]));
  await Deno.writeTextFile(`${folder}/matter.md`, "---\nkeywords: [a, b\n---\n\nzeppelin two\n");
  await Deno.writeTextFile(`${folder}/large.md`, "zeppelin three\n".repeat(400_000));
  await Deno.mkdir(`${folder}/folder.md`);
  const found = JSON.parse(out(await memory("search zeppelin --json")));
  assert.ok(found.length >= 2, JSON.stringify(found));
  const stats = out(await memory("stats"));
  for (const name of ["binary.md", "latin.md", "matter.md", "large.md"]) {
    assert.match(stats, new RegExp(`^ +${name}:? +\\S`, "m"));
  }
  for (const name of ["folder", "nothing/here"]) {
    const { code, stdout, stderr } = await memory(`show ${name}`);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^pyra: [^\n]+\n$/);
  }
});

memoryTest("a deleted or broken database is made anew", async ({ memory, home }) => {
  out(await memory('write good "a zeppelin flies"'));
  const databases = `${home}/.pyra/db`;
  await Deno.remove(databases, { recursive: true });
  await Deno.mkdir(databases);
  assert.match(out(await memory("search zeppelin")), /^good\.md/);
  for await (const { name } of Deno.readDir(databases)) {
    await Deno.writeTextFile(`${databases}/${name}`, "no database".repeat(1_000));
  }
  const { code, stdout, stderr } = await memory("search zeppelin");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^good\.md/);
  assert.match(stderr, /^pyra: [^\n]+\n$/);
});

memoryTest("names that lead elsewhere are refused, in every command", async ({ memory, home }) => {
  out(await memory('write good "text"'));
  await Deno.writeTextFile(`${home}/secret.md`, "secret words");
  const hostile = ["../../secret", "/etc/hosts", "a/../../../secret", ".history/x", "CON", "a:b"];
  for (const name of [...hostile, "x".repeat(400)]) {
    for (const line of [`show ${name}`, `write ${name} x`, `append ${name} x`, `mv good ${name}`]) {
      const { code, stdout, stderr } = await memory(line);
      assert.deepEqual([code, stdout], [1, ""], `${line}: ${stderr}`);
      assert.match(stderr, /^pyra: [^\n]+\n$/);
      assert.doesNotMatch(stderr, /secret words/);
    }
  }
  assert.match(out(await memory("show good")), /text/);
  assert.equal(await Deno.readTextFile(`${home}/secret.md`), "secret words");
});

memoryTest("names and texts in any script are written and found", async ({ memory, folder }) => {
  for (
    const [name, text, query] of [
      ["日記/今日", "猫は静かに窓辺で眠っている", "窓辺"],
      ["дом/кухня", "Пироги с капустой", "пирог"],
      ["été/crème brûlée", "Sucre et œufs", "creme brulee"],
      ["🐈", "a cat called Miso", "miso"],
    ]
  ) {
    out(await memory(`write "${name}" "${text}"`));
    assert.ok((await Deno.stat(`${folder}/${name}.md`)).isFile);
    assert.ok(out(await memory(`search ${query}`)).startsWith(`${name}.md:`), query);
  }
});

memoryTest("neither the vault's room nor egress has anything to do", async ({ memory, home }) => {
  // A vault that cannot be opened, and a proxy that is none, would be told by who touches them.
  out(await memory('write good "text"'));
  const vault = `${home}/.pyra/vault`;
  await Deno.mkdir(vault, { recursive: true });
  await Deno.writeTextFile(`${vault}/identity.age`, "no identity");
  for (const line of ["list", "search text", "stats", "reindex", "append good more", "undo"]) {
    const { code, stderr } = await memory(line);
    assert.deepEqual([code, stderr], [0, ""], line);
  }
  const log = await Deno.readTextFile(`${home}/.pyra/security.log`).catch(() => "");
  assert.doesNotMatch(log, /vault|egress|connect/);
});
