import assert from "node:assert/strict";
import { NoteDatabase } from "./note_database.ts";

const NOTES = {
  "knowledge/deno.md":
    "---\nsummary: A runtime\nkeywords: [javascript]\n---\n# Deno\n\nDeno runs TypeScript.\n\n" +
    "## Permissions\n\nA program has no rights unless you give them.",
  "context/trip.md": "The night train to Vienna leaves at nine. We train for the run at night.",
  "context/plans/summer.md": "By train to Rome. Café opposite the station.",
  "user/katze.md": "Meine Katze liebt die Häuser und den Garten der Nachbarn.",
  "user/日記.md": "東京都でラーメンを食べました。Denoを習う。",
  "user/thai.md": "ฉันชอบกินข้าวผัดกับเพื่อน",
};

Deno.test("a hit points to the line and the heading of the best passage", async () => {
  using base = await NoteDatabase.of(NOTES);
  const [hit] = await base.search("which rights does a program have");
  assert.equal(hit?.file, "knowledge/deno.md");
  assert.equal(hit.line, 11);
  assert.equal(hit.heading, "Deno › Permissions");
  assert.equal(hit.summary, "A runtime");
  assert.deepEqual(hit.keywords, ["javascript"]);
  assert.ok(hit.passage.startsWith("## Permissions"));
});

Deno.test("forms of a word, case and accents find the same", async () => {
  using base = await NoteDatabase.of(NOTES);
  for (const query of ["trains vienna", "TRAINING VIENNA", "viénna"]) {
    assert.equal((await base.files(query))[0], "context/trip.md", query);
  }
  for (const query of ["cafe", "CAFÉ", "cafés"]) {
    assert.deepEqual(await base.files(query), ["context/plans/summer.md"], query);
  }
  for (const query of ["haus", "Hauser", "häuser", "Katzen", "nachbar"]) {
    assert.deepEqual(await base.files(query), ["user/katze.md"], query);
  }
});

Deno.test("one sign or several of a script without spaces are found", async () => {
  using base = await NoteDatabase.of(NOTES);
  for (const query of ["東", "東京", "京都", "ラーメン", "日記", "東京 deno", "東京都でラ"]) {
    assert.equal((await base.files(query))[0], "user/日記.md", query);
  }
  for (const query of ["ข้าว", "ข้าวผัด", "น"]) {
    assert.deepEqual(await base.files(query), ["user/thai.md"], query);
  }
  assert.deepEqual(await base.files("大阪"), []);
});

Deno.test("a mistyped word finds what was meant, and a right one only itself", async () => {
  using base = await NoteDatabase.of(NOTES);
  for (const query of ["permisions", "typscript", "Vienan", "javscript"]) {
    assert.equal((await base.files(query)).length, 1, query);
  }
  assert.deepEqual(await base.files("xylophone"), []);
  await base.write("knowledge/rum.md", "Rum is made of sugar cane.");
  assert.deepEqual(await base.files("rum"), ["knowledge/rum.md"]);
});

Deno.test("a word with * finds what begins with it", async () => {
  using base = await NoteDatabase.of(NOTES);
  assert.deepEqual(await base.files("permiss*"), ["knowledge/deno.md"]);
  assert.deepEqual(await base.files("station*"), ["context/plans/summer.md"]);
  assert.deepEqual(await base.files("permissx*"), []);
});

Deno.test("a phrase must stand side by side, unless nothing has it", async () => {
  using base = await NoteDatabase.of(NOTES);
  assert.deepEqual(await base.files('"night train"'), ["context/trip.md"]);
  assert.deepEqual(await base.files('"train to rome"'), ["context/plans/summer.md"]);
  assert.deepEqual((await base.files('"rome train"')).sort(), [
    "context/plans/summer.md",
    "context/trip.md",
  ]);
});

Deno.test("a word or phrase with - must not be in the note", async () => {
  using base = await NoteDatabase.of(NOTES);
  assert.deepEqual(await base.files("train -vienna"), ["context/plans/summer.md"]);
  assert.deepEqual(await base.files('train -"to rome"'), ["context/trip.md"]);
  assert.deepEqual(await base.files("train -train"), []);
  assert.deepEqual(await base.files("-train"), []);
});

Deno.test("small words are left out of a question, and looked for if there are no others", async () => {
  using base = await NoteDatabase.of(NOTES);
  assert.deepEqual(await base.files("what is the rome"), ["context/plans/summer.md"]);
  assert.equal((await base.files("the"))[0], "context/trip.md");
});

Deno.test("a category is a folder and those below it, and nothing that is only named alike", async () => {
  using base = await NoteDatabase.of({ ...NOTES, "context2/x.md": "train", "con*/x.md": "train" });
  const within = async (category: string) => (await base.files("train", { category })).sort();
  assert.deepEqual(await within("context"), ["context/plans/summer.md", "context/trip.md"]);
  assert.deepEqual(await within("context/plans"), ["context/plans/summer.md"]);
  assert.deepEqual(await within("con*"), ["con*/x.md"]);
  assert.deepEqual(await within("nowhere"), []);
});

Deno.test("no more notes than asked for, each once, the best first", async () => {
  using base = new NoteDatabase();
  for (let at = 0; at < 30; at++) {
    await base.write(`x/${at}-note.md`, `${"train ".repeat(30 - at)}${"other ".repeat(at)}`);
  }
  const hits = await base.search("train", { limit: 5 });
  assert.equal(hits.length, 5);
  assert.equal(new Set(hits.map(({ file }) => file)).size, 5);
  assert.deepEqual(
    hits.map(({ score }) => score),
    hits.map(({ score }) => score).sort((a, b) => b - a),
  );
  assert.equal((await base.search("train")).length, 10);
});

Deno.test("a day is found however it is written, in the text, the name or the front matter", async () => {
  using base = await NoteDatabase.of({
    "a.md": "We met on January 19th, 2023 in town.",
    "log/2023-01-20.md": "Nothing happened.",
    "b.md": "---\ncreated: 4:04 pm on 21 January, 2023\n---\nMore.",
    "c.md": "We met on 19 March 2023 at 20:23.",
  });
  assert.equal((await base.files("2023-01-19"))[0], "a.md");
  assert.equal((await base.files("20 January 2023"))[0], "log/2023-01-20.md");
  assert.equal((await base.files("January 21, 2023"))[0], "b.md");
  assert.equal((await base.files("21.1.2023"))[0], "b.md");
  assert.equal((await base.files("March 2023"))[0], "c.md");
});

Deno.test("of notes numbered one after the other, the one beside the other words is better", async () => {
  const notes = {
    "chat/a-1.md": "Jon: Which studio will you open?",
    "chat/a-2.md": "Gina: One for dancing, in the old bakery at the corner of the market place.",
    "chat/b-1.md": "Gina: Dancing!",
  };
  using base = await NoteDatabase.of(notes);
  assert.deepEqual(await base.files("dancing"), ["chat/b-1.md", "chat/a-2.md"]);
  assert.deepEqual(await base.files("dancing studio"), [
    "chat/a-1.md",
    "chat/a-2.md",
    "chat/b-1.md",
  ]);
  using apart = await NoteDatabase.of({
    ...notes,
    "chat/a-2.md": "",
    "x/a-2.md": notes["chat/a-2.md"],
  });
  assert.deepEqual((await apart.files("dancing studio")).at(-1), "x/a-2.md");
});

Deno.test("of notes that answer alike the pinned one is first, then the youngest", async () => {
  using base = new NoteDatabase();
  const year = 365 * 86_400_000;
  await base.write("a.md", "night train", 50 * year);
  await base.write("b.md", "night train", 53 * year);
  await base.write("c.md", "---\npinned: true\n---\nnight train", 50 * year);
  assert.deepEqual(await base.files("train"), ["c.md", "b.md", "a.md"]);
  await base.write("d.md", "train train train", 50 * year);
  assert.equal((await base.files("train"))[0], "d.md", "a better answer goes before both");
});

Deno.test("a long note is found by the one passage that answers, before short ones that touch it", async () => {
  const filler = "## Diary\n\nNothing of interest happened today, and it rained again.\n\n";
  using base = await NoteDatabase.of({
    "diary.md": `${filler.repeat(60)}## Trip\n\nThe night train to Vienna.\n\n${filler.repeat(60)}`,
    "a.md": "A night train of the eighties, on rails and in books.",
    "b.md": "Vienna by train, or by bus, or on foot, as we all know.",
    "c.md": "Vienna at night, in winter, with snow and lights and all.",
    ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`x${at}/y.md`, "Nothing here."])),
  });
  const [hit] = await base.search("night train vienna");
  assert.equal(hit?.file, "diary.md");
  assert.equal(hit.heading, "Trip");
});

Deno.test("words that stand in most notes find those that have all of them, then the others", async () => {
  using base = new NoteDatabase();
  for (let at = 0; at < 1_200; at++) {
    const words = at === 700 ? "project meeting" : at % 2 === 0 ? "project plan" : "meeting plan";
    await base.write(`x/${at.toString(36)}q.md`, words);
  }
  const hits = await base.search("project meeting");
  assert.equal(hits.length, 10);
  assert.equal(hits[0]?.passage, "project meeting");
});
