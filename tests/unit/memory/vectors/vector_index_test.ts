import assert from "node:assert/strict";
import { product, unpackVectors } from "../../../../src/memory/vectors/stored_vectors.ts";
import { VectorIndex } from "../../../../src/memory/vectors/vector_index.ts";
import { ClusteredVectors } from "../../../bench/memory/clustered_vectors.ts";
import { unit, VectorDatabase } from "./vector_database.ts";

const EAST = unit(1, 0, 0, 0);

Deno.test("the nearest passages come first, with the cosine of the angle", async () => {
  using base = new VectorDatabase();
  const a = base.vectors("a.md", [unit(0, 1, 0, 0), unit(3, 4, 0, 0)]);
  const b = base.vectors("b.md", [unit(-1, 0, 0, 0), unit(1, 0.1, 0, 0)]);
  const found = await new VectorIndex(base.db).search({ model: "m", vector: EAST }, { limit: 3 });
  assert.deepEqual(found.map(({ note, ordinal }) => [note, ordinal]), [[b, 1], [a, 1], [a, 0]]);
  assert.ok(Math.abs((found[1]?.score ?? 0) - 0.6) < 1e-6);
});

Deno.test("bytes and a second look find what an exact search of all vectors finds", async () => {
  for (const dimension of [64, 100, 384]) {
    using base = new VectorDatabase();
    const made = new ClusteredVectors(3_000, dimension, dimension);
    const all: { key: string; vector: Float32Array }[] = [];
    base.db.exec("BEGIN");
    for (let note = 0; note < 300; note++) {
      const vectors = Array.from({ length: 10 }, () => made.next());
      const id = base.vectors(`${note}.md`, vectors);
      all.push(...vectors.map((vector, ordinal) => ({ key: `${id}/${ordinal}`, vector })));
    }
    base.db.exec("COMMIT");
    const index = new VectorIndex(base.db);
    let agreed = 0;
    for (let query = 0; query < 20; query++) {
      const vector = made.next();
      const found = await index.search({ model: "m", vector }, { limit: 10 });
      const exact = all.map((it) => ({ key: it.key, score: product(it.vector, vector) }))
        .sort((x, y) => y.score - x.score).slice(0, 10);
      const keys = new Set(exact.map(({ key }) => key));
      agreed += found.filter(({ note, ordinal }) => keys.has(`${note}/${ordinal}`)).length;
    }
    assert.ok(agreed >= 198, `${agreed} of 200 with ${dimension} numbers`);
  }
});

Deno.test("vectors that are written, replaced or removed by another process count at once", async () => {
  using base = new VectorDatabase();
  using other = base.another();
  const index = new VectorIndex(base.db);
  const names = async () => {
    const found = await index.search({ model: "m", vector: EAST }, { limit: 9 });
    return found.map(({ note, ordinal, score }) => `${note}/${ordinal} ${score.toFixed(1)}`);
  };
  assert.deepEqual(await names(), []);
  base.vectors("a.md", [EAST], "m", other);
  base.vectors("b.md", [unit(3, 4, 0, 0), unit(4, 3, 0, 0)], "m", other);
  assert.deepEqual(await names(), ["1/0 1.0", "2/1 0.8", "2/0 0.6"]);
  const west = new Uint8Array(unit(-1, 0, 0, 0).buffer);
  other.prepare("UPDATE memory_meta SET embedding = ? WHERE id = 2").run(west);
  assert.deepEqual(await names(), ["1/0 1.0", "2/0 -1.0"]);
  other.exec("DELETE FROM memory_meta WHERE id = 1");
  assert.deepEqual(await names(), ["2/0 -1.0"]);
  other.exec("UPDATE memory_meta SET embedding = NULL, embedding_model = NULL");
  assert.deepEqual(await names(), []);
  base.vectors("c.md", [EAST], "m", other);
  assert.deepEqual(await names(), ["3/0 1.0"]);
});

Deno.test("an index that was emptied and filled anew is followed", async () => {
  using base = new VectorDatabase();
  const index = new VectorIndex(base.db);
  for (const name of ["a", "b", "c"]) base.vectors(`${name}.md`, [EAST]);
  assert.equal((await index.search({ model: "m", vector: EAST }, { limit: 9 })).length, 3);
  base.db.exec("DELETE FROM memory_meta; DELETE FROM memory_vector_change");
  base.vectors("d.md", [unit(1, 1, 0, 0), unit(3, 4, 0, 0)]);
  const found = await index.search({ model: "m", vector: EAST }, { limit: 9 });
  assert.deepEqual(found.map(({ score }) => score.toFixed(2)), ["0.71", "0.60"]);
});

Deno.test("room that removed vectors leave is used again", async () => {
  using base = new VectorDatabase();
  const index = new VectorIndex(base.db);
  let held = 0;
  for (let round = 0; round < 4; round++) {
    base.db.exec("BEGIN; DELETE FROM memory_meta");
    for (let at = 0; at < 900; at++) base.vectors(`${round} ${at}.md`, [EAST]);
    base.db.exec("COMMIT");
    assert.equal((await index.search({ model: "m", vector: EAST }, { limit: 5 })).length, 5);
    held ||= index.bytes;
  }
  assert.equal(index.bytes, held);
});

Deno.test("only vectors of the query's model and size are compared with it", async () => {
  using base = new VectorDatabase();
  const a = base.vectors("a.md", [EAST], "one");
  const b = base.vectors("b.md", [EAST], "two");
  const c = base.vectors("c.md", [unit(1, 0)], "two");
  const index = new VectorIndex(base.db);
  const notes = async (model: string, vector: Float32Array) =>
    (await index.search({ model, vector }, { limit: 9 })).map(({ note }) => note);
  assert.deepEqual(await notes("one", EAST), [a]);
  assert.deepEqual(await notes("two", EAST), [b]);
  assert.deepEqual(await notes("two", unit(1, 0)), [c]);
  assert.deepEqual(await notes("three", EAST), []);
  assert.deepEqual(await notes("one", EAST), [a]);
});

Deno.test("a category is a folder with those below it, and not one that begins like it", async () => {
  using base = new VectorDatabase();
  for (const name of ["top.md", "go/a.md", "go/deep/b.md", "gone/c.md", "go-c/d.md"]) {
    base.vectors(name, [EAST]);
  }
  const index = new VectorIndex(base.db);
  const found = async (category: string) =>
    (await index.search({ model: "m", vector: EAST }, { limit: 9, category }))
      .map(({ note }) => note).sort();
  assert.deepEqual(await found("go"), [2, 3]);
  assert.deepEqual(await found("go/deep"), [3]);
  assert.deepEqual(await found("g"), []);
});

Deno.test("what is no vector in the table is found by nobody and hurts nobody", async () => {
  using base = new VectorDatabase();
  base.vectors("good.md", [EAST]);
  for (let at = 0; at < 5; at++) base.vectors(`${at}.md`, [EAST, EAST]);
  const spoil = base.db.prepare("UPDATE memory_meta SET embedding = ? WHERE path = ?");
  spoil.run(new Uint8Array(7), "0.md");
  spoil.run(new Uint8Array(0), "1.md");
  spoil.run(new Uint8Array(32).fill(0xff), "2.md");
  spoil.run(new Uint8Array(32), "3.md");
  spoil.run(new Uint8Array(new Float32Array(8).fill(1e30).buffer), "4.md");
  base.db.exec("UPDATE memory_meta SET embedding_dim = -4 WHERE path = '1.md'");
  const index = new VectorIndex(base.db);
  const found = await index.search({ model: "m", vector: EAST }, { limit: 9 });
  assert.deepEqual(found.map(({ note }) => note), [base.id("good.md")]);
});

Deno.test("vectors that are not of unit length do not take the places of others", async () => {
  using base = new VectorDatabase();
  base.db.exec("BEGIN");
  for (let at = 0; at < 400; at++) base.vectors(`${at}.md`, [EAST.map((it) => it / 1_000)]);
  base.db.exec("COMMIT");
  const good = base.vectors("good.md", [unit(1, 1, 0, 0)]);
  const found = await new VectorIndex(base.db).search({ model: "m", vector: EAST }, { limit: 5 });
  assert.deepEqual(found.map(({ note }) => note), [good]);
});

Deno.test("vectors of few large numbers are compared fairly with those of many small ones", async () => {
  using base = new VectorDatabase();
  const made = new ClusteredVectors(1, 512);
  base.db.exec("BEGIN");
  for (let at = 0; at < 600; at++) {
    const peak = made.next().map((it, place) => place === at % 512 ? 9 : it / 50);
    base.vectors(`${at}.md`, [at % 2 === 0 ? made.next() : unit(...peak)]);
  }
  base.db.exec("COMMIT");
  const index = new VectorIndex(base.db);
  const rows = base.db.prepare("SELECT id, embedding FROM memory_meta").all();
  for (let query = 0; query < 5; query++) {
    const vector = made.next();
    const exact = rows.map(({ id, embedding }) => {
      const [stored = new Float32Array()] = unpackVectors(embedding, 512) ?? [];
      return { id, score: product(stored, vector) };
    }).sort((a, b) => b.score - a.score).slice(0, 10);
    const found = await index.search({ model: "m", vector }, { limit: 10 });
    assert.deepEqual(found.map(({ note }) => note), exact.map(({ id }) => id));
  }
});

Deno.test("a query without numbers, of zeros or for no passage finds nothing wrong", async () => {
  using base = new VectorDatabase();
  base.vectors("a.md", [EAST]);
  const index = new VectorIndex(base.db);
  assert.deepEqual(
    await index.search({ model: "m", vector: new Float32Array() }, { limit: 5 }),
    [],
  );
  assert.deepEqual(await index.search({ model: "m", vector: EAST }, { limit: 0 }), []);
  const [none] = await index.search({ model: "m", vector: new Float32Array(4) }, { limit: 5 });
  assert.equal(none?.score, 0);
});

Deno.test("searches at the same time do not disturb each other, nor the one who types", async () => {
  using base = new VectorDatabase();
  const made = new ClusteredVectors(2_000, 256);
  base.db.exec("BEGIN");
  for (let at = 0; at < 200; at++) {
    base.vectors(`${at}.md`, Array.from({ length: 10 }, () => made.next()));
  }
  base.db.exec("COMMIT");
  const index = new VectorIndex(base.db);
  let turns = 0;
  const typing = setInterval(() => turns++, 1);
  const queries = Array.from({ length: 6 }, () => made.next());
  const together = await Promise.all(
    queries.map((vector, at) =>
      index.search({ model: at % 2 === 0 ? "m" : "other", vector }, { limit: 3 })
    ),
  );
  clearInterval(typing);
  assert.ok(turns > 0);
  assert.deepEqual(together.map(({ length }) => length), [3, 0, 3, 0, 3, 0]);
  for (const [at, vector] of queries.entries()) {
    if (at % 2 === 1) continue;
    const alone = await index.search({ model: "m", vector }, { limit: 3 });
    assert.deepEqual(together[at], alone);
  }
});
