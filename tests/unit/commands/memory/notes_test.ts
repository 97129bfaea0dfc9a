import assert from "node:assert/strict";
import { TestProfile } from "../../../fakes/command_context.ts";

const JSON_OUT = { options: { json: true } };

/** A profile with these notes as files, as an editor or git would leave them. */
async function withNotes(notes: Readonly<Record<string, string>>): Promise<TestProfile> {
  const profile = await TestProfile.create();
  for (const [name, text] of Object.entries(notes)) {
    const path = `${profile.home}/memory/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return profile;
}

const NOTES = {
  "user/profile.md": "---\nsummary: who I am\npinned: true\n---\n\nI live in Ghent.\n",
  "knowledge/bread.md": "---\nsummary: how bread is made\nkeywords: [baking, food]\n---\n\nStir.\n",
  "plain.md": "No front matter here.\n",
};

Deno.test("list shows every note by name, with what is known of it", async () => {
  await using profile = await withNotes(NOTES);
  const { code, out, err } = await profile.run(["memory", "list"]);
  assert.deepEqual([code, err], [0, ""]);
  const lines = out.trimEnd().split("\n");
  assert.match(lines[0] ?? "", /^name +changed +size +summary$/);
  assert.match(lines[1] ?? "", /^knowledge\/bread\.md +\S+ \S+ +\d+ B +how bread is made$/);
  assert.match(lines[3] ?? "", /^user\/profile\.md .* pinned +who I am$/);
  const narrow = await profile.run(["memory", "list"], { columns: 40 });
  for (const line of narrow.out.split("\n")) assert.ok(line.length <= 40, line);
});

Deno.test("list takes a folder and a limit, and says what it does not show", async () => {
  await using profile = await withNotes(NOTES);
  const folder = await profile.run(["memory", "list", "user/"], JSON_OUT);
  assert.deepEqual(JSON.parse(folder.out).map(({ name }: { name: string }) => name), [
    "user/profile.md",
  ]);
  const few = await profile.run(["memory", "list", "--limit", "1"]);
  assert.equal(few.out.trimEnd().split("\n").length, 2);
  assert.match(few.err, /^pyra: 2 more are not shown/);
  const nowhere = await profile.run(["memory", "list", "usr"]);
  assert.deepEqual([nowhere.code, nowhere.out], [0, ""]);
  assert.match(nowhere.err, /no notes in usr; the folders are knowledge, user/);
  assert.equal((await profile.run(["memory", "list", "--limit", "none"])).code, 2);
});

Deno.test("a memory without notes says how to make one, on standard error only", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["memory", "list"]);
  assert.deepEqual([code, out], [0, ""]);
  assert.match(err, /^pyra: there are no notes yet; pyra memory write .*\n$/);
  assert.equal((await profile.run(["memory", "list"], JSON_OUT)).out, "[]\n");
});

Deno.test("list as JSON has a fixed set of keys", async () => {
  await using profile = await withNotes(NOTES);
  const { out } = await profile.run(["memory", "list", "knowledge"], JSON_OUT);
  const [entry] = JSON.parse(out);
  assert.deepEqual(
    Object.keys(entry).toSorted(),
    "category created keywords modified name pinned size_bytes source summary updated".split(" "),
  );
  assert.equal(entry.category, "knowledge");
  assert.deepEqual(entry.keywords, ["baking", "food"]);
});

Deno.test("show prints the file as it is, and the same in parts for programs", async () => {
  await using profile = await withNotes({ ...NOTES, "end.md": "no line end" });
  for (const name of ["knowledge/bread", "knowledge/bread.md"]) {
    const { code, out } = await profile.run(["memory", "show", name]);
    assert.deepEqual([code, out], [0, NOTES["knowledge/bread.md"]]);
  }
  assert.equal((await profile.run(["memory", "show", "end"])).out, "no line end\n");
  const json = JSON.parse((await profile.run(["memory", "show", "knowledge/bread"], JSON_OUT)).out);
  assert.equal(json.summary, "how bread is made");
  assert.equal(json.text, NOTES["knowledge/bread.md"]);
  assert.match(json.body, /^\n?Stir\.\n$/);
});

Deno.test("what is in a note cannot control the terminal, and a pipe gets every byte", async () => {
  const text = "a\x1b[2Jb\x07\n";
  await using profile = await withNotes({ "evil.md": text });
  assert.equal((await profile.run(["memory", "show", "evil"], { terminal: true })).out, "a[2Jb\n");
  assert.equal((await profile.run(["memory", "show", "evil"])).out, text);
});

Deno.test("a name that is no note's is told with the one that was meant", async () => {
  await using profile = await withNotes(NOTES);
  for (const command of [["show"], ["rm"], ["mv"], ["undo"], ["history"], ["write"]]) {
    const more = command[0] === "mv" ? ["other"] : command[0] === "write" ? ["--pin"] : [];
    const { code, out, err } = await profile.run(["memory", ...command, "user/profle", ...more]);
    assert.deepEqual([code, out], [1, ""], command[0]);
    assert.match(err, /^pyra: [^\n]*did you mean user\/profile\?\n$/, command[0]);
  }
  const { err } = await profile.run(["memory", "show", "something/else/entirely"]);
  assert.match(err, /pyra memory list shows all/);
});

Deno.test("a name that leaves the folder is refused", async () => {
  await using profile = await withNotes(NOTES);
  await Deno.writeTextFile(`${profile.home}/secret.md`, "outside");
  for (const name of ["../secret", "/etc/passwd", "a/../../secret", "", ".hidden", "a\nb"]) {
    for (const command of [["show", name], ["write", name, "x"], ["rm", name]]) {
      const { code, out, err } = await profile.run(["memory", ...command]);
      assert.deepEqual([code, out], [1, ""], `${command}`);
      assert.match(err, /^pyra: [^\n]+\n$/);
    }
  }
  assert.equal(await Deno.readTextFile(`${profile.home}/secret.md`), "outside");
});

Deno.test("a broken note is shown, with what is wrong with it on standard error", async () => {
  await using profile = await withNotes({ "broken.md": "---\nsummary: [a\n---\n\ntext\n" });
  const { code, out, err } = await profile.run(["memory", "show", "broken"]);
  assert.equal(code, 0);
  assert.match(out, /text\n$/);
  assert.match(err, /^pyra: broken\.md: [^\n]+\n$/);
  const stats = await profile.run(["memory", "stats"]);
  assert.match(stats.out, /problems +1\n +broken\.md: \S/);
});

Deno.test("of a note as it was before it was made there is nothing to show, which is said", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "a", "one"]);
  const { out: list } = await profile.run(["memory", "history", "a"], { options: { json: true } });
  const { code, out, err } = await profile.run([
    "memory",
    "show",
    "a",
    "--at",
    JSON.parse(list)[0].id,
  ]);
  assert.deepEqual([code, out, err], [0, "", "pyra: a.md was not there before\n"]);
});
