import assert from "node:assert/strict";
import { TestProfile } from "../../../fakes/command_context.ts";

const JSON_OUT = { options: { json: true } };

async function text(profile: TestProfile, name: string): Promise<string> {
  return await Deno.readTextFile(`${profile.home}/memory/${name}`);
}

async function names(profile: TestProfile): Promise<string[]> {
  const { out } = await profile.run(["memory", "list"], JSON_OUT);
  return JSON.parse(out).map(({ name }: { name: string }) => name);
}

Deno.test("write makes a note from words, with its facts, and then changes it", async () => {
  await using profile = await TestProfile.create();
  const facts = ["--summary", "about bread", "--keywords", "baking, food,,", "--pin"];
  const made = await profile.run(["memory", "write", "bread", "Stir", "it.", ...facts]);
  assert.deepEqual([made.code, made.out, made.err], [0, "bread.md is written\n", ""]);
  const [entry] = JSON.parse((await profile.run(["memory", "list"], JSON_OUT)).out);
  assert.equal(entry.summary, "about bread");
  assert.deepEqual(entry.keywords, ["baking", "food"]);
  assert.equal(entry.pinned, true);
  assert.match(await text(profile, "bread.md"), /\n---\n\n?Stir it\.\n$/);
  const changed = await profile.run(["memory", "write", "bread", "Fold it."]);
  assert.equal(changed.out, "bread.md is changed; pyra memory undo takes it back\n");
  assert.match(await text(profile, "bread.md"), /summary: about bread\n[^]*\nFold it\.\n$/);
  const same = await profile.run(["memory", "write", "bread", "Fold it."], JSON_OUT);
  assert.deepEqual(JSON.parse(same.out), { kind: "unchanged", name: "bread.md" });
});

Deno.test("write and append take what is piped in", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "plan"], { input: "# Plan\n\n1. Begin\n" });
  const { out } = await profile.run(["memory", "append", "plan"], { input: "2. End\n" });
  assert.equal(out, "plan.md is longer now\n");
  assert.match(await text(profile, "plan.md"), /# Plan\n\n1\. Begin\n\n?2\. End\n$/);
  const json = await profile.run(["memory", "append", "new", "first"], JSON_OUT);
  assert.deepEqual(JSON.parse(json.out), { kind: "created", name: "new.md" });
});

Deno.test("bytes that are no text are refused, and the note stays as it was", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "plan"], { input: "caf\u00e9" });
  const before = await text(profile, "plan.md");
  for (const bytes of [[0x63, 0x61, 0x66, 0xe9], [0x61, 0x00, 0x62]]) {
    for (const command of ["write", "append"]) {
      const stream = async function* () {
        yield await Promise.resolve(new Uint8Array(bytes));
      };
      const { code, out, err } = await profile.run(["memory", command, "plan"], {
        stream: stream(),
      });
      assert.deepEqual([code, out], [1, ""]);
      assert.match(err, /^pyra: [^\n]+ — [^\n]+\n$/);
    }
  }
  assert.equal(await text(profile, "plan.md"), before);
});

Deno.test("facts change without the text", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/profile", "I live in Ghent."]);
  for (const input of [undefined, ""]) {
    const pin = input === undefined ? "--pin" : "--unpin";
    const { code, out } = await profile.run(["memory", "write", "user/profile", pin], {
      ...(input === undefined ? {} : { input }),
    });
    assert.equal(code, 0);
    assert.match(out, /^user\/profile\.md is changed/);
    const [entry] = JSON.parse((await profile.run(["memory", "list"], JSON_OUT)).out);
    assert.equal(entry.pinned, input === undefined);
    assert.match(await text(profile, "user/profile.md"), /\n---\n\n?I live in Ghent\.\n$/);
  }
  const both = await profile.run(["memory", "write", "user/profile", "--pin", "--unpin"]);
  assert.equal(both.code, 2);
});

Deno.test("nothing to write is a wrong command line, and an empty pipe is nothing", async () => {
  await using profile = await TestProfile.create();
  for (const run of [{}, { input: "" }, { input: " \n" }]) {
    for (const command of ["write", "append"]) {
      const { code, err } = await profile.run(["memory", command, "x"], run);
      assert.equal(code, 2);
      assert.match(err, /^pyra: there is no text to write — write pyra memory /);
    }
  }
  assert.deepEqual(await names(profile), []);
});

Deno.test("mv moves to a folder, and never onto another note", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "bread", "Stir."]);
  await profile.run(["memory", "write", "soup", "Boil."]);
  const moved = await profile.run(["memory", "mv", "bread", "knowledge/bread"]);
  assert.equal(moved.out, "bread.md is knowledge/bread.md now\n");
  assert.deepEqual(await names(profile), ["knowledge/bread.md", "soup.md"]);
  const onto = await profile.run(["memory", "mv", "soup", "knowledge/bread"]);
  assert.equal(onto.code, 1);
  assert.match(await text(profile, "soup.md"), /Boil\./);
});

Deno.test("rm removes all that it names or nothing, and undo brings them back", async () => {
  await using profile = await TestProfile.create();
  for (const name of ["one", "two", "three"]) {
    await profile.run(["memory", "write", name, `about ${name}`]);
  }
  assert.equal((await profile.run(["memory", "rm", "one", "twoo"])).code, 1);
  assert.equal((await names(profile)).length, 3);
  const { out } = await profile.run(["memory", "rm", "one", "one.md", "two"]);
  assert.equal(out, "removed one.md\nremoved two.md\npyra memory undo NAME brings one back\n");
  assert.deepEqual(await names(profile), ["three.md"]);
  const undone = await profile.run(["memory", "undo"]);
  assert.match(undone.out, /^two\.md is back \(\d+ B\)\n$/);
  const named = await profile.run(["memory", "undo", "one"], JSON_OUT);
  assert.deepEqual(JSON.parse(named.out), { kind: "created", name: "one.md" });
  assert.deepEqual(await names(profile), ["one.md", "three.md", "two.md"]);
  const gone = await profile.run(["memory", "rm", "one"], JSON_OUT);
  assert.deepEqual(JSON.parse(gone.out), { removed: ["one.md"] });
});

Deno.test("undo says what it took back, step by step", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "a", "first"]);
  await profile.run(["memory", "append", "a", "second"]);
  await profile.run(["memory", "mv", "a", "b/c"]);
  const said: string[] = [];
  for (let time = 0; time < 3; time++) said.push((await profile.run(["memory", "undo"])).out);
  assert.equal(said[0], "b/c.md is a.md again\n");
  assert.match(
    said[1] ?? "",
    /^a\.md is as it was before its last change \(\d+ lines → \d+ lines\)/,
  );
  assert.match(said[2] ?? "", /^a\.md is gone again/);
  assert.deepEqual(await names(profile), []);
  const nothing = await (await TestProfile.create()).run(["memory", "undo"]);
  assert.equal(nothing.code, 1);
  assert.match(nothing.err, /^pyra: [^\n]+\n$/);
});

Deno.test("history lists the versions, the latest first, and show prints one", async () => {
  await using profile = await TestProfile.create();
  const empty = await profile.run(["memory", "history"]);
  assert.deepEqual([empty.code, empty.out], [0, ""]);
  assert.match(empty.err, /no version is kept/);
  await profile.run(["memory", "write", "a", "first"]);
  await profile.run(["memory", "write", "a", "second"]);
  await profile.run(["memory", "write", "b", "other"]);
  await profile.run(["memory", "rm", "a"]);
  const { out } = await profile.run(["memory", "history", "a"]);
  const lines = out.trimEnd().split("\n");
  assert.match(lines[0] ?? "", /^id +what +name +when +size before$/);
  assert.match(lines[1] ?? "", / removed +a\.md +\S+ \S+ +\d+ B$/);
  assert.match(lines[2] ?? "", / changed +a\.md +\S+ \S+ +\d+ B$/);
  const all = JSON.parse((await profile.run(["memory", "history"], JSON_OUT)).out);
  assert.ok(all.some(({ name }: { name: string }) => name === "b.md"));
  const few = await profile.run(["memory", "history", "--limit", "1"]);
  assert.match(few.err, /older ones are not shown/);
  const [, changed] = JSON.parse((await profile.run(["memory", "history", "a"], JSON_OUT)).out);
  const old = await profile.run(["memory", "show", "a", "--at", changed.id]);
  assert.match(old.out, /\n---\n\n?first\n$/);
  const unknown = await profile.run(["memory", "show", "a", "--at", "zzz"]);
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /no version zzz of a — pyra memory history a lists them/);
});

Deno.test("quiet prints nothing that is no result", async () => {
  await using profile = await TestProfile.create();
  const quiet = { options: { quiet: true } };
  for (
    const words of ["write a x", "append a y", "mv a b", "undo", "rm a", "undo", "search nothing"]
  ) {
    const { code, out, err } = await profile.run(["memory", ...words.split(" ")], quiet);
    assert.deepEqual([code, out, err], [0, "", ""], words);
  }
});

Deno.test("no command of the memory asks the kernel for a room or a right", async () => {
  await using profile = await TestProfile.create();
  for (
    const words of [
      ..."write a x|append a y|show a|list|search x|stats|reindex|history|mv a b".split("|"),
      ..."rm b|undo|export|show missing".split("|"),
    ]
  ) {
    const { kernel } = await profile.run(["memory", ...words.split(" ")]);
    assert.deepEqual(kernel.calls, [], words);
  }
});
