import assert from "node:assert/strict";
import type { Embedder } from "../../../../src/protocol/embedding.ts";
import { embedPending } from "../../../../src/memory/vectors/embed_pending.ts";
import { searchHybrid } from "../../../../src/memory/vectors/hybrid.ts";
import { searchRows } from "../../../../src/memory/search/search.ts";
import { VectorIndex } from "../../../../src/memory/vectors/vector_index.ts";
import { unit, VectorDatabase } from "./vector_database.ts";

const { signal } = new AbortController();

/** What each word means: vehicles, animals, food. */
const MEANINGS: readonly (readonly [word: RegExp, place: number])[] = [
  [/car|automobile|engine/i, 0],
  [/dog|hound|puppy/i, 1],
  [/soup|broth/i, 2],
];

function meaning(text: string): Float32Array {
  const vector = [0.01, 0.01, 0.01];
  for (const [word, place] of MEANINGS) if (word.test(text)) vector[place] = 1;
  return unit(...vector);
}

const EMBEDDER: Embedder = {
  model: "m",
  batch: 8,
  embed: (texts) => Promise.resolve(texts.map(meaning)),
};

async function withNotes(): Promise<VectorDatabase> {
  const base = new VectorDatabase();
  await base.note("things/garage.md", "The automobile stands behind the house.");
  await base.note("things/pets.md", "The hound sleeps in the kitchen.");
  await base.note("food/monday.md", "A broth of carrots, and bread.\n\n# Drinks\n\nWater.");
  await base.note("food/dog.md", "What the dog eats: rice.");
  return base;
}

async function files(base: VectorDatabase, query: string, more = {}): Promise<string[]> {
  const vectors = new VectorIndex(base.db);
  const options = { meaning: { model: "m", vector: meaning(query) }, ...more };
  return (await searchHybrid(base.db, vectors, query, options)).map(({ file }) => file);
}

Deno.test("a note is found by its meaning, without a word in common", async () => {
  using base = await withNotes();
  assert.deepEqual((await searchRows(base.db, "car")).map(({ file }) => file), []);
  await embedPending(base.db, EMBEDDER, { signal });
  assert.equal((await files(base, "car"))[0], "things/garage.md");
  const [first, second] = await files(base, "dog");
  assert.deepEqual([first, second], ["food/dog.md", "things/pets.md"]);
});

Deno.test("without vectors, or without a meaning, it is the search by words", async () => {
  using base = await withNotes();
  const words = await searchRows(base.db, "dog kitchen");
  assert.deepEqual(await files(base, "dog kitchen"), words.map(({ file }) => file));
  const plain = await searchHybrid(base.db, new VectorIndex(base.db), "dog kitchen");
  assert.deepEqual(plain, words);
});

Deno.test("a note that has no vectors yet is still found by its words", async () => {
  using base = await withNotes();
  await embedPending(base.db, EMBEDDER, { signal });
  await base.note("new.md", "A new dog came.");
  assert.ok((await files(base, "dog")).includes("new.md"));
});

Deno.test("what must not be in a note, or must, holds for what is near too", async () => {
  using base = await withNotes();
  await base.note("cat.md", "The puppy and the cat.");
  await embedPending(base.db, EMBEDDER, { signal });
  assert.ok((await files(base, "dog")).includes("cat.md"));
  assert.ok(!(await files(base, "dog -cat")).includes("cat.md"));
  assert.deepEqual(await files(base, '"dog eats"'), ["food/dog.md"]);
  assert.ok((await files(base, '"dog flies"')).length > 1, "no note has it");
});

Deno.test("vectors of another model are as good as none", async () => {
  using base = await withNotes();
  await embedPending(base.db, { ...EMBEDDER, model: "other" }, { signal });
  assert.deepEqual(await files(base, "car"), []);
});

Deno.test("each note comes once, in the limit and the category", async () => {
  using base = await withNotes();
  await embedPending(base.db, EMBEDDER, { signal });
  const all = await files(base, "dog soup car");
  assert.deepEqual(all.toSorted(), all.toSorted().filter((it, at, list) => it !== list[at - 1]));
  assert.equal(all.length, 4);
  assert.equal((await files(base, "dog", { limit: 1 })).length, 1);
  assert.deepEqual((await files(base, "dog", { category: "things" }))[0], "things/pets.md");
  assert.ok((await files(base, "dog", { category: "food" })).every((it) => it.startsWith("food/")));
});
