import assert from "node:assert/strict";
import { TestProfile } from "../../fakes/command_context.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";
const JSON_OUT = { options: { json: true } };

/** A profile with a conversation for each question, the first the oldest. */
async function withSessions(...questions: readonly string[]): Promise<TestProfile> {
  const profile = await TestProfile.create();
  for (const question of questions) await profile.run(["ask", question], { config: CONFIG });
  return profile;
}

async function ids(profile: TestProfile): Promise<string[]> {
  const { out } = await profile.run(["sessions", "list"], JSON_OUT);
  return JSON.parse(out).map(({ id }: { id: string }) => id);
}

Deno.test("list shows the latest first, one a line, and no more than the limit", async () => {
  await using profile = await withSessions("about apples", "about pears", "about plums");
  const { code, out } = await profile.run(["sessions", "list", "--limit", "2"]);
  assert.equal(code, 0);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? "", /^id +last used +questions +model +title$/);
  assert.match(lines[1] ?? "", /^\S{6,} +\d{4}-\d\d-\d\d \d\d:\d\d +1 +m1 +about plums$/);
  const narrow = await profile.run(["sessions", "list"], { columns: 50 });
  for (const line of narrow.out.trimEnd().split("\n")) assert.ok(line.length <= 50, line);
  assert.equal((await profile.run(["sessions", "list", "--limit", "none"])).code, 2);
});

Deno.test("no conversations are said so on standard error only", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["sessions", "list"]);
  assert.deepEqual([code, out], [0, ""]);
  assert.match(err, /no conversations yet/);
  assert.equal((await profile.run(["sessions", "list"], JSON_OUT)).out, "[]\n");
});

Deno.test("show prints a conversation, as Markdown or JSON", async () => {
  await using profile = await withSessions("about apples");
  const [id = ""] = await ids(profile);
  const { out } = await profile.run(["sessions", "show", id]);
  assert.match(out, /about apples[^]*you said: about apples/);
  const json = await profile.run(["sessions", "show", id], JSON_OUT);
  assert.equal(JSON.parse(json.out).format, "pyra-session");
});

Deno.test("what is no session is said so", async () => {
  await using profile = await withSessions("about apples");
  for (const command of ["show", "fork", "rm", "export", "resume"]) {
    const { code, out, err } = await profile.run(["sessions", command, "zzzzzz"]);
    assert.equal(code, 1, command);
    assert.equal(out, "");
    assert.match(err, /^pyra: [^\n]*\n$/);
  }
});

Deno.test("fork prints the copy's id", async () => {
  await using profile = await withSessions("about apples");
  const [id = ""] = await ids(profile);
  const { out } = await profile.run(["sessions", "fork", id]);
  const copy = out.trimEnd();
  assert.notEqual(copy, id);
  assert.deepEqual((await ids(profile)).toSorted(), [id, copy].toSorted());
});

Deno.test("export writes to standard output or to the file that was named", async () => {
  await using profile = await withSessions("about apples");
  const [id = ""] = await ids(profile);
  const shown = await profile.run(["sessions", "export", id]);
  assert.match(shown.out, /about apples/);
  const path = `${profile.home}/talk.json`;
  const written = await profile.run(["sessions", "export", id, "--output", "talk.json"], {
    granted: [path],
  });
  assert.equal(written.out, "the conversation is in talk.json\n");
  assert.equal(JSON.parse(await Deno.readTextFile(path)).format, "pyra-session");
  if (Deno.build.os !== "windows") {
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  }
  const nowhere = await profile.run(["sessions", "export", id, "--output", "no/such.md"], {
    granted: [`${profile.home}/no/such.md`],
  });
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /no\/such\.md cannot be written/);
  assert.equal((await profile.run(["sessions", "export", id, "--format", "pdf"])).code, 2);
});

Deno.test("rm deletes what it names, or nothing", async () => {
  await using profile = await withSessions("one apple", "two pears", "three plums");
  const [third = "", second = "", first = ""] = await ids(profile);
  assert.equal((await profile.run(["sessions", "rm", first, "zzzzzz"])).code, 1);
  assert.equal((await ids(profile)).length, 3);
  const { code, out } = await profile.run(["sessions", "rm", first, second, first]);
  assert.equal(code, 0);
  assert.equal(out, `deleted ${first}\ndeleted ${second}\n`);
  assert.deepEqual(await ids(profile), [third]);
});

Deno.test("search finds the lines in which words occur", async () => {
  await using profile = await withSessions("the night train to Vienna", "about pears");
  const { code, out } = await profile.run(["sessions", "search", "night", "train"]);
  assert.equal(code, 0);
  assert.match(out, /^id +last used +who +where$/m);
  assert.match(out, /night train/);
  assert.doesNotMatch(out, /pears/);
  const none = await profile.run(["sessions", "search", "submarine"]);
  assert.deepEqual([none.code, none.out], [0, ""]);
  assert.match(none.err, /nothing was found/);
  assert.deepEqual(
    JSON.parse((await profile.run(["sessions", "search", "x y"], JSON_OUT)).out),
    [],
  );
});
