import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { found, type MemoryPlace, memoryPlace, NEVER, refresh } from "./memory_place.ts";

const ANEW = /is being made anew/;

/** A folder with notes whose index was made once, and what a search of it finds. */
async function indexed(): Promise<{ place: MemoryPlace; hits: unknown }> {
  const place = await memoryPlace();
  for (let at = 0; at < 25; at++) {
    const more = `\n\n## Part ${at}\n\nIt eats ${"seaweed ".repeat(at)}and rests.`;
    await place.put(`k${at % 4}/n${at}.md`, `Turtle ${at} swims ${at % 5} miles.${more}`);
  }
  using index = await place.open();
  await refresh(index);
  return { place, hits: await index.search("turtle swims seaweed") };
}

Deno.test("a deleted database is made anew, with a word, and finds the same", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  for await (const { name } of Deno.readDir(place.databases)) {
    await Deno.remove(`${place.databases}/${name}`);
  }
  using index = await place.open();
  assert.equal(index.isComplete, false);
  assert.equal((await refresh(index)).added, 25);
  assert.deepEqual(await index.search("turtle swims seaweed"), hits);
  assert.deepEqual(index.notices, ["the memory index was missing and is being made anew"]);
});

Deno.test("a database that is made for the first time, or because it was asked for, is no news", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "A giraffe.");
  using index = await place.open();
  await refresh(index);
  await index.rebuild({ signal: NEVER });
  assert.deepEqual(await found(index, "giraffe"), ["a.md"]);
  assert.deepEqual(index.notices, []);
});

async function alter(path: string, sql: string): Promise<void> {
  const db = new DatabaseSync(path);
  db.exec(sql);
  await Promise.resolve(db.close());
}

const DAMAGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "is text": (path) => Deno.writeTextFile(path, "This is no database. ".repeat(999)),
  "is empty": (path) => Deno.writeTextFile(path, ""),
  "was cut in the middle": async (path) => {
    await Deno.truncate(path, Math.floor((await Deno.stat(path)).size / 8192) * 4096);
  },
  "was cut within a page": async (path) => {
    await Deno.truncate(path, (await Deno.stat(path)).size - 1_000);
  },
  "has half a page of other bytes": async (path) => {
    using file = await Deno.open(path, { write: true });
    for (let at = 1; at < (await file.stat()).size / 4096; at++) {
      await file.seek(at * 4096, Deno.SeekMode.Start);
      await file.write(new Uint8Array(2_048).fill(0xa5));
    }
  },
  "is an empty folder": async (path) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
  },
  "is a folder with something in it": async (path) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
    await Deno.writeTextFile(`${path}/kept.txt`, "mine");
  },
  "has tables of others": async (path) => {
    await Deno.remove(path);
    const db = new DatabaseSync(path);
    db.exec("CREATE TABLE t (a); PRAGMA user_version = 1");
    db.close();
  },
  "has a trigger of others, which empties it": (path) =>
    alter(
      path,
      "CREATE TRIGGER t AFTER INSERT ON memory_state BEGIN DELETE FROM memory_meta; END;" +
        "DELETE FROM memory_meta; INSERT OR REPLACE INTO memory_state VALUES ('complete', '1')",
    ),
  "has a view for a table, which never ends": (path) =>
    alter(
      path,
      "PRAGMA legacy_alter_table = ON; ALTER TABLE memory_language RENAME TO t;" +
        "CREATE VIEW memory_language AS WITH RECURSIVE c (language) AS (SELECT 1 UNION ALL " +
        "SELECT language + 1 FROM c) SELECT max(language) AS language FROM c",
    ),
  "is from a newer version": (path) => alter(path, "PRAGMA user_version = 4711"),
};

for (const [damage, inflict] of Object.entries(DAMAGES)) {
  Deno.test(`a database that ${damage} is made anew, with a word, and finds the same`, async () => {
    const { place, hits } = await indexed();
    await using _place = place;
    await inflict(place.database);
    using index = await place.open();
    await refresh(index);
    assert.equal(index.isComplete, true);
    assert.deepEqual(await index.search("turtle swims seaweed"), hits);
    assert.equal(index.notices.length, 1);
    assert.match(index.notices[0] ?? "", ANEW);
    const left = [];
    for await (const { name } of Deno.readDir(place.databases)) left.push(name);
    assert.equal(
      left.some((name) => name.includes("set-aside")),
      damage.includes("something in it"),
    );
  });
}

Deno.test("values that others wrote into the database end no search, and the index files are written", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  await alter(
    place.database,
    "UPDATE memory_meta SET keywords = '{'; " +
      "INSERT OR REPLACE INTO memory_state VALUES ('written', '{\"changes\":')",
  );
  await Deno.remove(`${place.folder}/MEMORY_INDEX.md`);
  using index = await place.open();
  assert.deepEqual(await index.search("turtle swims seaweed"), hits);
  await refresh(index);
  assert.match(await Deno.readTextFile(`${place.folder}/MEMORY_INDEX.md`), /25 notes/);
  assert.deepEqual(index.notices, []);
});

Deno.test("a log that a deleted database left behind does no harm", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  await Deno.remove(place.database);
  await Deno.writeTextFile(`${place.database}-wal`, "left behind ".repeat(5_000));
  await Deno.writeTextFile(`${place.database}-shm`, "left behind ".repeat(5_000));
  using index = await place.open();
  await refresh(index);
  assert.deepEqual(await index.search("turtle swims seaweed"), hits);
});

Deno.test("random damage crashes nothing and loses no note", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  const whole = await Deno.readFile(place.database);
  const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 60 });
  const cut = fc.option(fc.nat(whole.length));
  await fc.assert(
    fc.asyncProperty(flips, cut, async (flips, cut) => {
      const bytes = whole.slice(0, cut ?? whole.length);
      for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
      await Deno.writeFile(place.database, bytes);
      using index = await place.open();
      await index.search("turtle swims seaweed");
      index.list("k1");
      index.figures("some/model");
      await index.update("k1/n1.md");
      assert.equal((await refresh(index)).notes, 25);
      await index.rebuild({ signal: NEVER });
      assert.deepEqual(await index.search("turtle swims seaweed"), hits);
      assert.equal(index.list().length, 25);
    }),
    { numRuns: 60 },
  );
});

Deno.test("damage that shows in a search leads to a new database; until then the list of notes is searched", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  using index = await place.open();
  const before = await found(index, "seaweed");
  const db = new DatabaseSync(place.database);
  db.exec("DROP TABLE memory_passage");
  db.close();
  assert.deepEqual((await index.search("turtle 17"))[0]?.file, "k1/n17.md");
  assert.equal(index.isComplete, false);
  assert.match(index.notices[0] ?? "", ANEW);
  assert.equal(index.list().length, 25);
  assert((await found(index, "turtle")).length > 0);
  await refresh(index);
  assert.deepEqual(await index.search("turtle swims seaweed"), hits);
  assert.deepEqual(await found(index, "seaweed"), before);
  assert.equal(index.notices.length, 1);
});

Deno.test("a database that is deleted while it is open is made anew at the next look", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  using index = await place.open();
  for await (const { name } of Deno.readDir(place.databases)) {
    await Deno.remove(`${place.databases}/${name}`);
  }
  assert((await found(index, "turtle")).length > 0);
  assert.equal(index.list().length, 25);
  await refresh(index);
  assert.deepEqual(await index.search("turtle swims seaweed"), hits);
});

Deno.test("a database that another process made anew is used from then on", async () => {
  const { place, hits } = await indexed();
  await using _place = place;
  using index = await place.open();
  {
    using other = await place.open();
    await other.rebuild({ signal: NEVER });
    assert.deepEqual(await index.search("turtle swims seaweed"), hits);
    await place.put("new.md", "A giraffe.");
    await other.update("new.md");
  }
  assert.deepEqual(await found(index, "giraffe"), ["new.md"]);
});

Deno.test("a folder that cannot be written leaves search to the list of notes, and says why", async () => {
  const { place } = await indexed();
  await using _place = place;
  await Deno.remove(place.databases, { recursive: true });
  // A test that runs as root is refused nothing: a file in the folder's place is refused to all.
  await Deno.writeTextFile(place.databases, "no folder");
  using index = await place.open();
  assert.equal(index.isComplete, false);
  assert.match(index.notices[0] ?? "", /memory index cannot be kept/);
  assert((await found(index, "turtle")).length > 0);
  assert.equal(index.list().length, 25);
  assert.equal(index.entry("k1/n1.md")?.category, "k1");
  assert.equal(index.figures().notes, 25);
  await index.update("k1/n1.md");
  await assert.rejects(refresh(index), { name: "PyraError", category: "file" });
  await assert.rejects(index.rebuild({ signal: NEVER }), { name: "PyraError", category: "file" });
});
