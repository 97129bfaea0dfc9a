import assert from "node:assert/strict";
import { exportNotes, noteLines } from "../../../../src/memory/exchange/export_notes.ts";
import type { ExportOptions, ExportReport } from "../../../../src/memory/exchange/exchange.ts";
import { counts, Workbench } from "./workbench.ts";

const NOTES: Readonly<Record<string, string | Uint8Array>> = {
  "user/profile.md": '---\r\nsummary: "me" # remark\r\nx: [1]\r\n---\r\nBody\r\n',
  "knowledge/日本/茶.md": "\ufeff---\ntags: a\n---\n緑茶 🍵\n",
  "empty.md": "",
  "plain.md": "no front matter, no line end",
  "broken.md": "---\nbroken: [\n---\nx",
  "latin.md": new Uint8Array([0x63, 0xe9, 0x0a]),
};
const TEXTS = Object.keys(NOTES).filter((name) => name !== "latin.md");

async function bench(): Promise<Workbench> {
  const made = await Workbench.make();
  await made.folder("memory", { ...NOTES, "MEMORY_INDEX.md": "index", ".history/x.md": "old" });
  return made;
}

function exported(
  made: Workbench,
  name: string,
  options: Partial<ExportOptions> = {},
): Promise<ExportReport> {
  const { signal } = new AbortController();
  return exportNotes({ folder: made.memory }, { path: made.path(name) }, { signal, ...options });
}

async function bytesOf(folder: string, names: readonly string[]): Promise<Uint8Array[]> {
  return await Promise.all(names.map((name) => Deno.readFile(`${folder}/${name}`)));
}

Deno.test("a folder gets all notes byte for byte, and imported elsewhere they are the same", async () => {
  await using made = await bench();
  const report = await exported(made, "out");
  assert.equal(report.format, "folder");
  assert.equal(report.notes, 6);
  const names = Object.keys(NOTES);
  assert.deepEqual(await bytesOf(made.path("out"), names), await bytesOf(made.memory, names));
  const { mode } = await Deno.stat(made.path("out/plain.md"));
  if (mode !== null && Deno.build.os !== "windows") assert.equal(mode & 0o777, 0o600);
  await using other = await Workbench.make();
  const back = await other.import(made.path("out"));
  assert.equal(counts(back), "6 created, 0 changed, 0 unchanged, 0 skipped");
  assert.match(back.problems[0]?.message ?? "", /not UTF-8/);
  assert.deepEqual(await bytesOf(other.memory, TEXTS), await bytesOf(made.memory, TEXTS));
});

for (const name of ["out.zip", "out.json", "out.jsonl"]) {
  Deno.test(`${name} takes all notes, and imported elsewhere they are the same`, async () => {
    await using made = await bench();
    const report = await exported(made, name);
    assert.equal(report.notes, 6);
    await using other = await Workbench.make();
    await other.import(made.path(name));
    assert.deepEqual(await other.names(), Object.keys(NOTES).sort());
    assert.deepEqual(await bytesOf(other.memory, TEXTS), await bytesOf(made.memory, TEXTS));
    assert.equal(
      counts(await other.import(made.path(name))),
      "0 created, 0 changed, 6 unchanged, 0 skipped",
    );
  });
}

Deno.test("lines of JSON have the name, the facts and the body", async () => {
  await using made = await bench();
  const lines: string[] = [];
  for await (const line of noteLines({ folder: made.memory }, new AbortController().signal)) {
    lines.push(line);
  }
  const profile = lines.map((line) => JSON.parse(line)).find(({ name }) =>
    name === "user/profile.md"
  );
  assert.equal(profile.summary, "me");
  assert.equal(profile.body, "Body\r\n");
  assert.equal(lines.length, 6);
  assert.ok(lines.every((line) => line.endsWith("}\n") && !line.slice(0, -1).includes("\n")));
});

Deno.test("an export never overwrites anything, and fills a folder that is empty", async () => {
  await using made = await bench();
  await made.folder("full", { "mine.txt": "mine" });
  await made.file("file.zip", "mine");
  for (const name of ["full", "file.zip"]) {
    await assert.rejects(exported(made, name), { code: "export_exists" });
  }
  assert.deepEqual(await made.entries("full"), ["mine.txt"]);
  assert.equal(await Deno.readTextFile(made.path("file.zip")), "mine");
  await assert.rejects(exported(made, "no/such/out"), { code: "export_unwritable" });
  await Deno.mkdir(made.path("empty"));
  assert.equal((await exported(made, "empty")).notes, 6);
});

Deno.test("an export that was stopped leaves nothing half done", async () => {
  await using made = await bench();
  await Deno.mkdir(made.path("empty"));
  for (const name of ["out", "empty", "out.zip", "out.json"]) {
    const stop = new AbortController();
    const reason = new Error("enough");
    const progress = () => stop.abort(reason);
    await assert.rejects(exported(made, name, { signal: stop.signal, progress }), reason);
  }
  const left = await made.entries(".");
  assert.deepEqual(left, ["empty", "memory"]);
  assert.deepEqual(await made.entries("empty"), []);
});

Deno.test("a profile without notes exports nothing, and that is no error", async () => {
  await using made = await Workbench.make();
  for (const name of ["out", "out.zip", "out.json"]) {
    assert.equal((await exported(made, name)).notes, 0);
  }
  assert.deepEqual(JSON.parse(await Deno.readTextFile(made.path("out.json"))), []);
});

Deno.test("what is no text goes into a folder and an archive, and is named for JSON", async () => {
  await using made = await Workbench.make();
  await made.folder("memory", { "a.md": "a", "b.md": new Uint8Array([0, 1, 2]) });
  assert.equal((await exported(made, "out")).notes, 2);
  const report = await exported(made, "out.json");
  assert.equal(report.notes, 1);
  assert.deepEqual(report.problems.map(({ name }) => name), ["b.md"]);
});

Deno.test("a restored note does not replace one that says something else", async () => {
  await using made = await bench();
  await exported(made, "out.zip");
  await made.store.replace("plain", "changed since");
  assert.equal(
    counts(await made.import(made.path("out.zip"))),
    "1 created, 0 changed, 5 unchanged, 0 skipped",
  );
  assert.equal((await made.store.read("plain")).text, "changed since");
  assert.equal((await made.store.read("plain (imported)")).text, NOTES["plain.md"]);
  assert.equal(
    counts(await made.import(made.path("out.zip"))),
    "0 created, 0 changed, 6 unchanged, 0 skipped",
  );
});
