import assert from "node:assert/strict";
import { chatGpt, talk } from "./conversations.ts";
import { counts, Workbench } from "./workbench.ts";

Deno.test("an edited source file updates its note, also where the note was moved to", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("v", { "a.md": "one\n", "b.md": "two\n" });
  await bench.import(folder);
  await bench.store.move("imported/v/a", "knowledge/alpha");
  await bench.folder("v", { "a.md": "one, edited\n" });
  assert.equal(counts(await bench.import(folder)), "0 created, 1 changed, 1 unchanged, 0 skipped");
  assert.equal((await bench.store.read("knowledge/alpha")).body, "one, edited\n");
  assert.deepEqual(await bench.names(), ["imported/v/b.md", "knowledge/alpha.md"]);
  assert.equal((await bench.store.history("knowledge/alpha")).length > 0, true);
});

Deno.test("a note that the person changed is left alone as long as its source is", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("v", { "a.md": "one\n" });
  await bench.import(folder);
  await bench.store.append("imported/v/a", "mine");
  assert.equal(counts(await bench.import(folder)), "0 created, 0 changed, 1 unchanged, 0 skipped");
  assert.match((await bench.store.read("imported/v/a")).body, /mine/);
});

Deno.test("where both changed, the person's note stays and the source's stands beside it, once", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("v", { "a.md": "one\n" });
  await bench.import(folder);
  await bench.store.append("imported/v/a", "mine");
  await bench.folder("v", { "a.md": "one, edited\n" });
  const report = await bench.import(folder);
  assert.equal(counts(report), "1 created, 0 changed, 0 unchanged, 0 skipped");
  assert.match(report.problems[0]?.message ?? "", /you changed imported\/v\/a\.md since/);
  assert.match((await bench.store.read("imported/v/a")).body, /mine/);
  assert.equal((await bench.store.read("imported/v/a (imported)")).body, "one, edited\n");
  assert.equal(counts(await bench.import(folder)), "0 created, 0 changed, 1 unchanged, 0 skipped");
  await bench.folder("v", { "a.md": "third\n" });
  assert.equal(counts(await bench.import(folder)), "0 created, 1 changed, 0 unchanged, 0 skipped");
  assert.equal((await bench.store.read("imported/v/a (imported)")).body, "third\n");
});

Deno.test("saving a note unchanged, or a new time on the source, is no change", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("v", { "a.md": "one\n" });
  await bench.import(folder);
  const note = await bench.store.read("imported/v/a");
  await bench.store.replace(
    "imported/v/a",
    note.text.replace(/^updated: .*$/m, "updated: 2030-01-01"),
  );
  await Deno.utime(`${folder}/a.md`, 1e9, 1e9);
  assert.equal(counts(await bench.import(folder)), "0 created, 0 changed, 1 unchanged, 0 skipped");
  await bench.folder("v", { "a.md": "two\n" });
  assert.equal(counts(await bench.import(folder)), "0 created, 1 changed, 0 unchanged, 0 skipped");
});

Deno.test("two folders of one name do not overwrite each other's notes", async () => {
  await using bench = await Workbench.make();
  const first = await bench.folder("x/notes", { "README.md": "first" });
  const second = await bench.folder("y/notes", { "README.md": "second" });
  await bench.import(first);
  assert.equal(counts(await bench.import(second)), "1 created, 0 changed, 0 unchanged, 0 skipped");
  assert.equal((await bench.store.read("imported/notes/README")).body, "first");
  assert.equal((await bench.store.read("imported/notes/README (2)")).body, "second");
  for (const folder of [first, second]) {
    assert.equal(
      counts(await bench.import(folder)),
      "0 created, 0 changed, 1 unchanged, 0 skipped",
    );
  }
});

Deno.test("a note of the person's own is never taken for an imported one", async () => {
  await using bench = await Workbench.make();
  await bench.store.write("imported/v/a", { body: "my own" });
  await bench.store.write("imported/v/b", { body: "lies", source: "import markdown v/b.md" });
  const folder = await bench.folder("v", { "a.md": "one", "b.md": "two" });
  await bench.import(folder);
  assert.match((await bench.store.read("imported/v/a")).body, /my own/);
  assert.match((await bench.store.read("imported/v/b")).body, /lies/);
  assert.equal((await bench.store.read("imported/v/a (2)")).body, "one");
  assert.equal((await bench.store.read("imported/v/b (2)")).body, "two");
});

Deno.test("a conversation that went on, under another title, updates its note", async () => {
  await using bench = await Workbench.make();
  const id = { conversation_id: "c-1" };
  const short = await bench.file(
    "conversations.json",
    JSON.stringify([chatGpt("Tea", talk("a", "b"), id)]),
  );
  await bench.import(short);
  const longer = [...talk("a", "b"), ...talk("c", "d")];
  await bench.file("conversations.json", JSON.stringify([chatGpt("Green tea", longer, id)]));
  assert.equal(counts(await bench.import(short)), "0 created, 1 changed, 0 unchanged, 0 skipped");
  assert.deepEqual(await bench.names(), ["imported/chatgpt/2024/2024-01-31 Tea.md"]);
  assert.match(
    (await bench.store.read("imported/chatgpt/2024/2024-01-31 Tea")).body,
    /# Green tea/,
  );
});

Deno.test("an import that was stopped goes on where it was, without duplicates", async () => {
  await using bench = await Workbench.make();
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}.md`, `text ${n}`]));
  const folder = await bench.folder("many", files);
  const stop = new AbortController();
  let seen = 0;
  const reason = new Error("enough");
  await assert.rejects(
    bench.import(folder, {
      signal: stop.signal,
      each: () => void (++seen === 15 && stop.abort(reason)),
    }),
    reason,
  );
  assert.equal((await bench.names()).length, 15);
  assert.equal(
    counts(await bench.import(folder)),
    "25 created, 0 changed, 15 unchanged, 0 skipped",
  );
  assert.equal((await bench.names()).length, 40);
});

Deno.test("reading conversations is stopped between two of them", async () => {
  await using bench = await Workbench.make();
  const many = Array.from({ length: 30 }, (_none, n) => chatGpt(`Talk ${n}`, talk("a", `${n}`)));
  const file = await bench.file("conversations.json", JSON.stringify(many));
  const stop = new AbortController();
  const each = () => stop.abort(new Error("enough"));
  await assert.rejects(bench.import(file, { signal: stop.signal, each }), { message: "enough" });
  assert.equal((await bench.names()).length, 1);
  assert.equal(counts(await bench.import(file)), "29 created, 0 changed, 1 unchanged, 0 skipped");
});

Deno.test("a dry run tells exactly what the import then does", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("v", { "x/A.md": "1", "b .md": "2", "b.md": "3" });
  const told: string[] = [];
  const done: string[] = [];
  await bench.import(folder, {
    dryRun: true,
    each: ({ kind, name }) => void told.push(kind + name),
  });
  await bench.import(folder, { each: ({ kind, name }) => void done.push(kind + name) });
  assert.deepEqual(told, done);
  assert.equal(done.length, 3);
});
