import assert from "node:assert/strict";
import { interruption } from "../../../../src/commands/context.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

const JSON_OUT = { options: { json: true } };

async function withNotes(): Promise<TestProfile> {
  const profile = await TestProfile.create();
  await profile.run(["memory", "write", "travel/train", "The night train to Vienna.", "--pin"]);
  await profile.run(["memory", "write", "travel/vienna/food", "Cake."]);
  await profile.run(["memory", "write", "top", "At the top."]);
  return profile;
}

Deno.test("stats counts notes, folders and problems, and names where they lie", async () => {
  await using profile = await withNotes();
  await Deno.writeFile(`${profile.home}/memory/bin.md`, new Uint8Array([0, 1, 2]));
  const { code, out, err } = await profile.run(["memory", "stats"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.ok(out.includes(`folder      ${profile.home}/memory\n`), out);
  assert.match(out, /^notes +4 \(\d+ B\)$/m);
  assert.match(out, /^categories +\(no folder\) 2, travel 2$/m);
  assert.match(out, /^pinned +1$/m);
  assert.match(out, /^embeddings +off; /m);
  assert.match(out, /^problems +1\n +bin\.md: \S.*\n$/m);
  // A second look reads nothing anew and knows of it all the same.
  const { categories, problems, notes } = JSON.parse(
    (await profile.run(["memory", "stats"], JSON_OUT)).out,
  );
  assert.deepEqual(categories, { "": 2, travel: 2 });
  assert.equal(problems[0].name, "bin.md");
  assert.equal(notes, 4);
});

Deno.test("each problem is a line of its own, whatever the names are, and all are counted", async () => {
  await using profile = await withNotes();
  const long = "n".repeat(230);
  await Deno.writeFile(`${profile.home}/memory/bin.md`, new Uint8Array([0, 1, 2]));
  await Deno.writeTextFile(`${profile.home}/memory/${long}.md`, "too long");
  const { out, err } = await profile.run(["memory", "stats"]);
  assert.equal(err, "");
  assert.match(out, /^problems +2\n/m);
  assert.match(out, /^ {2}bin\.md: the file is no text/m);
  assert.match(
    out,
    /^ {2}n+\.md: left out, since its name has a part that is longer than 200 bytes/m,
  );
  assert.ok(
    out.split("\n").every((line) => !line.endsWith(" ") && line.split(long).length <= 2),
    out,
  );
});

Deno.test("stats of nothing is a table of nothing", async () => {
  await using profile = await TestProfile.create();
  const { code, out } = await profile.run(["memory", "stats"]);
  assert.equal(code, 0);
  assert.match(out, /^notes +0 \(0 B\)\ncategories +none$/m);
});

Deno.test("reindex reads every note, and names what is wrong with some", async () => {
  await using profile = await withNotes();
  await Deno.writeFile(`${profile.home}/memory/bin.md`, new Uint8Array([0, 1, 2]));
  const { code, out, err } = await profile.run(["memory", "reindex"]);
  assert.deepEqual([code, out], [0, "4 notes are indexed\n"]);
  assert.match(err, /^pyra: bin\.md: [^\n]+\n$/);
  const report = JSON.parse((await profile.run(["memory", "reindex"], JSON_OUT)).out);
  assert.equal(report.notes, 4);
  assert.equal(report.vectors, undefined);
});

Deno.test("with a model of meaning, reindex gives vectors and says how many", async () => {
  await using profile = await withNotes();
  let asked = 0;
  const { code, out } = await profile.run(["memory", "reindex"], {
    config: "memory:\n  embeddings: ollama/nomic-embed-text\n",
    memory: (real) =>
      Object.assign(real, {
        embed: () => Promise.resolve({ embedded: ++asked, total: 3 }),
      }),
  });
  assert.deepEqual([code, asked], [0, 1]);
  assert.equal(out, "3 notes are indexed, 3 of them by meaning\n");
});

Deno.test("where the model of meaning fails, reindex says that the words are found", async () => {
  await using profile = await withNotes();
  const { code, out, err } = await profile.run(["memory", "reindex"], {
    config: "memory:\n  embeddings: ollama/nomic-embed-text\n",
    memory: (real) =>
      Object.assign(real, {
        embed: () => Promise.reject(new PyraError("api", "unreachable", "nothing listens there")),
      }),
  });
  assert.deepEqual([code, out], [1, "3 notes are indexed by their words, not by meaning\n"]);
  assert.match(err, /^pyra: nothing listens there\n$/);
});

Deno.test("Ctrl-C ends reindex, and the notes are found all the same", async () => {
  await using profile = await withNotes();
  const { code, err } = await profile.run(["memory", "reindex"], {
    signal: AbortSignal.abort(interruption("interrupt")),
  });
  assert.deepEqual([code, err], [130, ""]);
  assert.match((await profile.run(["memory", "search", "night"])).out, /^travel\/train\.md/);
});
