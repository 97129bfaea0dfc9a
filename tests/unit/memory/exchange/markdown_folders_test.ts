import assert from "node:assert/strict";
import { counts, Workbench } from "./workbench.ts";

Deno.test("an Obsidian vault keeps its folders, links and fields, and gives its tags as keywords", async () => {
  await using bench = await Workbench.make();
  const vault = await bench.folder("Work", {
    ".obsidian/app.json": "{}",
    ".trash/old.md": "thrown away",
    "plan.md":
      "---\naliases: [The plan]\ntags:\n  - work\n---\n# Plan\n\nSee [[roses]] #garden/roses, `a #code` and #2024.\n",
    "Deep/Folder/roses.md": "Red ones.\n",
    "photo.png": "no text",
    "board.canvas": "{}",
  });
  const report = await bench.import(vault);
  assert.equal(report.kind, "obsidian");
  assert.equal(counts(report), "2 created, 0 changed, 0 unchanged, 2 skipped");
  assert.deepEqual(report.skips, { attachments: 2 });
  assert.deepEqual(await bench.names(), [
    "imported/Work/Deep/Folder/roses.md",
    "imported/Work/plan.md",
  ]);
  const plan = await bench.store.read("imported/Work/plan.md");
  assert.deepEqual(plan.facts.keywords, ["garden/roses", "work"]);
  assert.equal(plan.facts.source, "import obsidian Work/plan.md");
  assert.match(plan.text, /^aliases: \[The plan\]$/m);
  assert.equal(plan.body, "# Plan\n\nSee [[roses]] #garden/roses, `a #code` and #2024.\n");
});

Deno.test("a note's own field source is kept under another name", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("clips", {
    "a.md": "---\nsource: https://example.org/a\n---\nText\n",
    "b.md": '---\n"source": quoted\n---\nText\n',
    "d.md": "---\n{flow: mapping}\n---\nText\n",
    "c.md": "---\nbroken: [\n: :\n---\nText\n",
  });
  await bench.import(folder);
  const a = await bench.store.read("imported/clips/a");
  assert.match(a.text, /^original_source: https:\/\/example\.org\/a$/m);
  for (const name of ["a", "b", "c", "d"]) {
    const note = await bench.store.read(`imported/clips/${name}`);
    assert.equal(note.facts.source, `import markdown clips/${name}.md`);
    assert.deepEqual(note.problems, []);
  }
  assert.ok((await bench.store.read("imported/clips/b")).text.includes('"source": quoted'));
  assert.ok((await bench.store.read("imported/clips/c")).body.includes("broken: [\n: :"));
});

Deno.test("a Logseq graph's pages, namespaces, journals and properties become notes", async () => {
  await using bench = await Workbench.make();
  const id = "65f0c1aa-1111-4222-8333-444455556666";
  const graph = await bench.folder("graph", {
    "logseq/config.edn": "{}",
    "logseq/bak/pages/old.md": "old",
    "assets/a.png": "x",
    "journals/2024_01_31.md": "- met [[Ada]] #friends\n",
    "pages/Ada.md":
      `title:: Ada L.\ntags:: people, maths\n\n- born\n  id:: ${id}\n  collapsed:: true\n`,
    "pages/recipes___cake%3A best.md": `- flour\n  id:: ${id}\n- see ((${id})) #[[sweet things]]\n`,
    "pages/old%2Fstyle.md": "- 100% sure",
    "pages/100%.md": "- a sign",
  });
  const report = await bench.import(graph);
  assert.equal(report.kind, "logseq");
  assert.deepEqual(await bench.names(), [
    "imported/graph/100%.md",
    "imported/graph/Ada.md",
    "imported/graph/journals/2024-01-31.md",
    "imported/graph/old/style.md",
    "imported/graph/recipes/cake- best.md",
  ]);
  const ada = await bench.store.read("imported/graph/Ada");
  assert.equal(ada.facts.summary, "Ada L.");
  assert.deepEqual(ada.facts.keywords, ["people", "maths"]);
  assert.ok(!ada.text.includes("id::") && !ada.text.includes("collapsed::"));
  const journal = await bench.store.read("imported/graph/journals/2024-01-31");
  assert.equal(journal.facts.created.slice(0, 10), "2024-01-31");
  const cake = await bench.store.read("imported/graph/recipes/cake- best");
  assert.ok(cake.text.includes(`id:: ${id}`), "a block that is referred to keeps its id");
  assert.deepEqual(cake.facts.keywords, ["sweet things"]);
});

Deno.test({
  name: "names that differ in case only, or after cleaning, get a number",
  // Other systems cannot hold the source: it has names that differ in case, colons and question marks.
  ignore: Deno.build.os !== "linux",
  fn: testOddNames,
});

async function testOddNames(): Promise<void> {
  await using bench = await Workbench.make();
  const folder = await bench.folder("names", {
    "Tea.md": "one",
    "tea.md": "two",
    "a:b.md": "three",
    "a|b.md": "four",
    "con.md": "five",
    "what?.md": "six",
    "x.markdown": "seven",
  });
  assert.equal(counts(await bench.import(folder)), "7 created, 0 changed, 0 unchanged, 0 skipped");
  assert.deepEqual(await bench.names(), [
    "imported/names/Tea.md",
    "imported/names/_con.md",
    "imported/names/a-b (2).md",
    "imported/names/a-b.md",
    "imported/names/tea (2).md",
    "imported/names/what.md",
    "imported/names/x.md",
  ]);
  assert.equal(counts(await bench.import(folder)), "0 created, 0 changed, 7 unchanged, 0 skipped");
}

Deno.test("what cannot be a note is named, and the rest comes in", async () => {
  await using bench = await Workbench.make();
  const wide = new Uint8Array([0xff, 0xfe, ...[..."wide ä"].flatMap((c) => [c.charCodeAt(0), 0])]);
  const folder = await bench.folder("mixed", {
    "binary.md": new Uint8Array([1, 0, 2]),
    "empty.md": "",
    "good.md": "good",
    "large.md": "x".repeat(4 * 1024 * 1024 + 1),
    "latin.md": new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
    "wide.md": wide,
  });
  await Deno.symlink(`${folder}/good.md`, `${folder}/link.md`);
  await Deno.symlink("/etc", `${folder}/etc`);
  const report = await bench.import(folder);
  assert.deepEqual(report.skips, { links: 2, unreadable: 1, empty: 1, too_large: 1 });
  assert.deepEqual(report.problems.map(({ name }) => name), ["binary.md", "large.md", "latin.md"]);
  assert.deepEqual(await bench.names(), [
    "imported/mixed/good.md",
    "imported/mixed/latin.md",
    "imported/mixed/wide.md",
  ]);
  assert.equal((await bench.store.read("imported/mixed/wide")).body, "wide ä");
});

Deno.test("one file, a folder of one's choice, and a dry run that writes nothing", async () => {
  await using bench = await Workbench.make();
  const folder = await bench.folder("one", { "tea.md": "green" });
  const seen: string[] = [];
  const dry = await bench.import(`${folder}/tea.md`, {
    dryRun: true,
    each: ({ kind, name }) => void seen.push(`${kind} ${name}`),
  });
  assert.equal(counts(dry), "1 created, 0 changed, 0 unchanged, 0 skipped");
  assert.deepEqual(seen, ["created imported/tea.md"]);
  assert.deepEqual(await bench.names(), []);
  await bench.import(folder, { category: "/drinks/hot/" });
  assert.deepEqual(await bench.names(), ["drinks/hot/tea.md"]);
  await assert.rejects(bench.import(folder, { category: "../out" }), { code: "bad_note_name" });
});

Deno.test("what is no source is refused with one sentence", async () => {
  await using bench = await Workbench.make();
  await assert.rejects(bench.import(bench.path("nothing")), { code: "no_import_source" });
  const pdf = await bench.file("a.pdf", "%PDF");
  await assert.rejects(bench.import(pdf), { code: "unknown_import_source" });
  const empty = await bench.folder("pictures", { "a.png": "x" });
  await assert.rejects(bench.import(empty), { code: "empty_import_source" });
});
