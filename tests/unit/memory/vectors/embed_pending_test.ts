import assert from "node:assert/strict";
import type { Progress } from "../../../../src/memory/index/note_index.ts";
import { embedPending } from "../../../../src/memory/vectors/embed_pending.ts";
import type { Embedder } from "../../../../src/protocol/embedding.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import { scriptedEmbedder } from "./scripted_embedder.ts";
import { VectorDatabase } from "./vector_database.ts";

const { signal: NEVER } = new AbortController();

function embed(base: VectorDatabase, embedder: Embedder, signal = NEVER) {
  return embedPending(base.db, embedder, { signal });
}

async function withNotes(count: number): Promise<VectorDatabase> {
  const base = new VectorDatabase();
  for (let at = 0; at < count; at++) await base.note(`note ${at}.md`, `Text number ${at}.`);
  return base;
}

Deno.test("every passage gets a vector, the newest note first, several notes in a call", async () => {
  using base = await withNotes(5);
  const long = ["# One", "x ".repeat(400), "# Two", "y ".repeat(400)].join("\n\n");
  await base.note("long.md", long);
  const embedder = scriptedEmbedder({ batch: 4 });
  const seen: Progress[] = [];
  const report = await embedPending(base.db, embedder, {
    signal: NEVER,
    progress: (it) => seen.push(it),
  });
  assert.deepEqual(report, { embedded: 6, total: 6 });
  assert.equal(base.embedded()["long.md"], 2);
  assert.ok(embedder.calls.length <= 3);
  assert.match(embedder.calls[0]?.[0] ?? "", /^long/);
  assert.match(embedder.calls[0]?.[2] ?? "", /^note 4/);
  assert.deepEqual(seen.at(-1), { done: 6, total: 6 });
});

Deno.test("a passage is given with its note's title, summary and heading", async () => {
  using base = new VectorDatabase();
  const text = "---\nsummary: Where the spare keys are\n---\n# Garden\n\nUnder the third pot.\n";
  await base.note("house/spare-keys.md", text);
  const embedder = scriptedEmbedder();
  await embed(base, embedder);
  assert.match(
    embedder.calls[0]?.[0] ?? "",
    /^spare keys\nWhere the spare keys are\nGarden\n\n[^]*Under the third pot/,
  );
});

Deno.test("what has its vectors is not given again; what changed is", async () => {
  using base = await withNotes(3);
  await embed(base, scriptedEmbedder());
  const again = scriptedEmbedder();
  assert.deepEqual(await embed(base, again), { embedded: 0, total: 3 });
  assert.deepEqual(again.calls, []);
  await base.note("note 1.md", "Another text.");
  assert.deepEqual(await embed(base, again), { embedded: 1, total: 3 });
  assert.deepEqual(again.calls.length, 1);
});

Deno.test("another model's vectors are replaced, and so are those of another size", async () => {
  using base = await withNotes(3);
  await embed(base, scriptedEmbedder());
  assert.deepEqual(await embed(base, scriptedEmbedder({ model: "n" })), { embedded: 3, total: 3 });
  assert.deepEqual(base.embedded("m"), {});
  // The server has another model under the same name: that shows with the first new note.
  await base.note("new.md", "New.");
  const larger = scriptedEmbedder({ model: "n", dimension: 48 });
  assert.deepEqual(await embed(base, larger), { embedded: 4, total: 4 });
  const sizes = base.db.prepare("SELECT DISTINCT embedding_dim AS size FROM memory_meta").all();
  assert.deepEqual(sizes.map(({ size }) => size), [48]);
});

Deno.test("a BLOB that cannot be right is made anew", async () => {
  using base = await withNotes(4);
  await embed(base, scriptedEmbedder());
  const spoil = (change: string, note: number) =>
    base.db.exec(`UPDATE memory_meta SET ${change} WHERE path = 'note ${note}.md'`);
  spoil("embedding = x'00ff'", 0);
  spoil("embedding = NULL", 1);
  spoil("embedding_dim = NULL", 2);
  const embedder = scriptedEmbedder();
  assert.deepEqual(await embed(base, embedder), { embedded: 3, total: 4 });
  assert.equal(embedder.calls.flat().length, 3);
});

Deno.test("stopped in its middle, it goes on where it was and gives nothing twice", async () => {
  using base = await withNotes(12);
  const stop = new AbortController();
  const reason = new Error("enough");
  const first = scriptedEmbedder({
    batch: 3,
    before: (_, call) => {
      if (call === 2) stop.abort(reason);
    },
  });
  await assert.rejects(embed(base, first, stop.signal), reason);
  const done = Object.keys(base.embedded()).length;
  assert.ok(done >= 6 && done < 12, `${done}`);
  const second = scriptedEmbedder({ batch: 3 });
  assert.deepEqual(await embed(base, second), { embedded: 12 - done, total: 12 });
  assert.equal(second.calls.flat().length, 12 - done);
});

Deno.test("when the provider fails, what was done stays and the failure is told", async () => {
  using base = await withNotes(9);
  const failure = new PyraError("api", "quota_exhausted", "the credit is used up");
  const embedder = scriptedEmbedder({
    batch: 3,
    before: (_, call) => {
      if (call === 2) throw failure;
    },
  });
  await assert.rejects(embed(base, embedder), failure);
  assert.equal(embedder.calls.length, 3);
  assert.equal(Object.keys(base.embedded()).length, 6);
});

Deno.test("a note that the model refuses is named at the end, and the others have theirs", async () => {
  using base = await withNotes(10);
  await base.note("odd.md", "This is refused.");
  await base.note("last.md", "The newest.");
  const embedder = scriptedEmbedder({
    batch: 4,
    before: (texts) => {
      if (!texts.some((text) => text.includes("refused"))) return;
      throw new PyraError("api", "bad_request", "no such words here", { hint: "look at it" });
    },
  });
  const told = { code: "bad_request", message: "odd.md got no vectors: no such words here" };
  await assert.rejects(embed(base, embedder), told);
  assert.equal(Object.keys(base.embedded()).length, 11);
});

Deno.test("a model that refuses everything is not asked for every note", async () => {
  using base = await withNotes(50);
  const embedder = scriptedEmbedder({
    before: () => {
      throw new PyraError("api", "bad_request", "this model makes no vectors");
    },
  });
  await assert.rejects(embed(base, embedder), { code: "bad_request" });
  assert.ok(embedder.calls.length < 8, `${embedder.calls.length}`);
});

Deno.test("vectors of a text that changed meanwhile are not written", async () => {
  using base = await withNotes(2);
  const embedder = scriptedEmbedder({
    batch: 1,
    before: async (_, call) => {
      if (call === 1) await base.note("note 0.md", "Changed while the model was thinking.");
    },
  });
  assert.deepEqual(await embed(base, embedder), { embedded: 1, total: 1 });
  assert.deepEqual(Object.keys(base.embedded()), ["note 1.md"]);
  assert.deepEqual(await embed(base, embedder), { embedded: 1, total: 2 });
  assert.match(embedder.calls[2]?.[0] ?? "", /Changed/);
});

Deno.test("a note that is gone meanwhile stays gone", async () => {
  using base = await withNotes(3);
  const embedder = scriptedEmbedder({ batch: 1, before: () => base.remove("note 0.md") });
  assert.deepEqual(await embed(base, embedder), { embedded: 2, total: 2 });
});

Deno.test("vectors that do not fit the texts are not written", async () => {
  using base = await withNotes(2);
  const vectors = (count: number, dimension = 8) =>
    Array.from({ length: count }, () => new Float32Array(dimension));
  const answers: readonly ((count: number) => Float32Array[])[] = [
    (count) => vectors(count - 1),
    (count) => vectors(count + 1),
    (count) => vectors(count, 0),
  ];
  for (const answer of answers) {
    const embedder: Embedder = {
      model: "m",
      batch: 2,
      embed: (texts) => Promise.resolve(answer(texts.length)),
    };
    await assert.rejects(embed(base, embedder), { code: "bad_answer" });
  }
  assert.deepEqual(base.embedded(), {});
});

Deno.test("an empty index and an empty note need no model", async () => {
  using base = new VectorDatabase();
  const embedder = scriptedEmbedder();
  assert.deepEqual(await embed(base, embedder), { embedded: 0, total: 0 });
  base.vectors("bare.md", [], "");
  base.db.exec("UPDATE memory_meta SET embedding = NULL, embedding_model = NULL");
  assert.deepEqual(await embed(base, embedder), { embedded: 1, total: 1 });
  assert.deepEqual(await embed(base, embedder), { embedded: 0, total: 1 });
  assert.deepEqual(embedder.calls, []);
});
