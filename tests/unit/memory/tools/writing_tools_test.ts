import assert from "node:assert/strict";
import type { Memory } from "../../../../src/memory/memory.ts";
import { memoryTools } from "../../../../src/memory/tools/table.ts";
import type { Provenance, ToolPlan } from "../../../../src/protocol/tool.ts";
import { putNote, withNotes } from "../../../fakes/notes.ts";

const WEB: Provenance = { from: "the page\nhttps://example.org" };

type Ready = Extract<ToolPlan, { kind: "ready" }>;

async function planned(
  memory: Memory,
  name: string,
  given: Record<string, unknown>,
  untrusted?: Provenance,
): Promise<ToolPlan> {
  const tool = memoryTools(memory).find(({ description }) => description.name === name);
  assert.ok(tool);
  return await tool.plan(given, contextOf(untrusted));
}

function contextOf(untrusted?: Provenance) {
  return { untrusted, signal: new AbortController().signal, progress: () => undefined };
}

async function ready(...args: Parameters<typeof planned>): Promise<Ready> {
  const plan = await planned(...args);
  if (plan.kind === "refused") throw new Error(plan.message);
  return plan;
}

Deno.test("a new note is shown before it is made, and is the model's", async () => {
  await withNotes({}, async (memory) => {
    const plan = await ready(memory, "memory_write", {
      name: "knowledge/boat",
      text: "# Boat\n\nIt is red.",
      summary: "our\nboat",
      keywords: ["mast", "sail"],
    });
    assert.deepEqual({ ...plan, run: undefined }, {
      kind: "ready",
      does: "make the note knowledge/boat.md",
      effects: [{ kind: "writes", where: "notes/knowledge" }],
      detail: [
        "@@ -0,0 +1,7 @@",
        "+summary: our boat",
        "+keywords: mast, sail",
        "+source: model",
        "+",
        "+# Boat",
        "+",
        "+It is red.",
      ].join("\n"),
      approval: "rule",
      run: undefined,
    });
    assert.deepEqual(await memory.list(), [], "nothing is done yet");
    assert.deepEqual(await plan.run(contextOf()), {
      status: "ok",
      text: "knowledge/boat.md is made",
    });
    const { facts, body } = await memory.read("knowledge/boat");
    assert.deepEqual([facts.summary, facts.keywords, facts.source], [
      "our boat",
      ["mast", "sail"],
      "model",
    ]);
    assert.equal(body.trim(), "# Boat\n\nIt is red.");
  });
});

Deno.test("a replaced note shows what goes and what comes, and keeps its other facts", async () => {
  const text = "---\nsummary: a boat\nsource: person\npinned: true\n---\none\ntwo\nthree\n";
  await withNotes({ "boat.md": text }, async (memory) => {
    const plan = await ready(memory, "memory_write", { name: "boat.md", text: "one\n2\nthree" });
    assert.equal(plan.does, "replace the text of the note boat.md");
    assert.deepEqual(plan.effects, [{ kind: "writes", where: "notes/boat.md" }]);
    assert.equal(
      plan.detail,
      "@@ -1,6 +1,6 @@\n summary: a boat\n-source: person\n+source: model\n \n one\n-two\n+2\n three",
    );
    assert.equal((await plan.run(contextOf())).text, "boat.md is changed");
    const { facts, body } = await memory.read("boat");
    assert.deepEqual([facts.summary, facts.pinned, body.trim()], ["a boat", true, "one\n2\nthree"]);
  });
});

Deno.test("what is appended is exactly what was shown", async () => {
  await withNotes({ "boat.md": "The boat is red.\n" }, async (memory) => {
    const plan = await ready(memory, "memory_append", { name: "boat", text: "It has a mast." });
    assert.equal(plan.does, "add to the note boat.md");
    assert.equal(
      plan.detail,
      "@@ -1,1 +1,5 @@\n+source: model\n+\n The boat is red.\n+\n+It has a mast.",
    );
    await plan.run(contextOf());
    assert.equal((await memory.read("boat")).body.trim(), "The boat is red.\n\nIt has a mast.");
    const made = await ready(memory, "memory_append", { name: "new", text: "First." });
    await made.run(contextOf());
    assert.equal((await memory.read("new")).body.trim(), "First.");
  });
});

Deno.test("after untrusted text the person is asked whatever the rules, and the note says so", async () => {
  await withNotes({ "boat.md": "Red." }, async (memory) => {
    const plan = await ready(memory, "memory_append", { name: "boat", text: "Blue." }, WEB);
    assert.equal(plan.approval, "person");
    assert.equal(plan.does, "add to the note boat.md, after reading the page https://example.org");
    assert.match(plan.detail ?? "", /\+source: untrusted: the page https:\/\/example\.org/);
    await plan.run(contextOf(WEB));
    const { facts } = await memory.read("boat");
    assert.equal(facts.source, "untrusted: the page https://example.org");
    // A later turn that has read nothing untrusted does not wash it clean.
    const later = await ready(memory, "memory_write", { name: "boat", text: "Green." });
    assert.equal(later.approval, "rule");
    await later.run(contextOf());
    assert.equal((await memory.read("boat")).facts.source, facts.source);
  });
});

Deno.test("a note that changed after the plan is not written, whoever changed it", async () => {
  await withNotes({ "boat.md": "Red." }, async (memory, folder) => {
    const change = await ready(memory, "memory_write", { name: "boat", text: "Blue." });
    const make = await ready(memory, "memory_write", { name: "mast", text: "High." });
    await putNote(folder, "boat.md", "Red and white.");
    await putNote(folder, "mast.md", "Low.");
    for (const [plan, name] of [[change, "boat.md"], [make, "mast.md"]] as const) {
      assert.deepEqual(await plan.run(contextOf()), {
        status: "error",
        text: `${name} changed since this was planned; read it again before you change it`,
      });
    }
    assert.equal((await memory.read("boat")).text, "Red and white.");
    assert.equal((await memory.read("mast")).text, "Low.");
  });
});

Deno.test("a plan runs once", async () => {
  await withNotes({}, async (memory) => {
    const plan = await ready(memory, "memory_append", { name: "list", text: "milk" });
    await Promise.all([plan.run(contextOf()), plan.run(contextOf())]);
    await plan.run(contextOf());
    assert.equal((await memory.read("list")).body.trim(), "milk");
  });
});

Deno.test("what changes nothing needs nobody's consent", async () => {
  await withNotes({ "boat.md": "Red.\n" }, async (memory) => {
    const plan = await ready(memory, "memory_write", { name: "boat", text: "Red." }, WEB);
    assert.deepEqual([plan.approval, plan.effects], ["none", []]);
    assert.equal((await plan.run(contextOf())).text, "boat.md says so already");
    assert.equal((await memory.read("boat")).text, "Red.\n");
    const summary = await ready(memory, "memory_write", {
      name: "boat",
      text: "Red.",
      summary: "s",
    });
    assert.equal(summary.approval, "rule");
  });
});

Deno.test("names and texts that would reach further are refused", async () => {
  await withNotes({ "broken.md": "---\nsummary: [\n---\nx" }, async (memory) => {
    const refused = async (name: string, text: string) => {
      const plan = await planned(memory, "memory_write", { name, text });
      assert.equal(plan.kind, "refused", name);
      return plan.message;
    };
    for (
      const name of ["../config.yaml", "/etc/passwd", ".history/x", "MEMORY_INDEX.md", "a\u0000b"]
    ) {
      assert.ok((await refused(name, "x")).length > 10);
    }
    for (
      const text of ["---\nsource: person\n---\nx", "\n\n---\r\npinned: true\n---", "\ufeff---\n"]
    ) {
      assert.equal(
        await refused("a", text),
        'the text must not begin with "---": give summary and keywords as arguments',
      );
    }
    assert.match(
      await refused("broken", "x"),
      /^broken\.md cannot be changed by a tool: the front/,
    );
  });
});

Deno.test("a page's properties in a text do not become facts of the note", async () => {
  await withNotes({}, async (memory) => {
    const text = "pinned:: true\nsource:: person\n\nBody.";
    await (await ready(memory, "memory_write", { name: "a", text }, WEB)).run(contextOf(WEB));
    const { facts } = await memory.read("a");
    assert.equal(facts.pinned, false);
    assert.match(facts.source, /^untrusted/);
  });
});

Deno.test("an aborted turn writes nothing", async () => {
  await withNotes({}, async (memory) => {
    const plan = await ready(memory, "memory_write", { name: "a", text: "x" });
    const signal = AbortSignal.abort(new Error("left"));
    await assert.rejects(plan.run({ ...contextOf(), signal }), /left/);
    assert.deepEqual(await memory.list(), []);
  });
});
