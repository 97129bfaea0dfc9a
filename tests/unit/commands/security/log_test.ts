import assert from "node:assert/strict";
import { appendChained } from "../../../../src/kernel/chained_log.ts";
import { type CommandRun, TestProfile } from "../../../fakes/command_context.ts";

const SECURITY = "security.log";
const TOOLS = "logs/tool_executions.log";

async function logged(): Promise<TestProfile> {
  const profile = await TestProfile.create();
  await Deno.mkdir(`${profile.home}/logs`);
  for (let index = 0; index < 30; index++) {
    appendChained(profile.home, SECURITY, { event: "config.write", words: `config set ${index}` });
    appendChained(profile.home, TOOLS, {
      who: "model",
      tool: "clock.now",
      result: "\u009b2J\u202e",
    });
  }
  return profile;
}

/** What the kernel grants to this command. */
function granted({ home }: TestProfile): CommandRun {
  const names = [...Deno.readDirSync(home)].map(({ name }) => name)
    .filter((name) => name.startsWith(SECURITY) || name === "log_heads.json");
  return { granted: names.map((name) => `${home}/${name}`) };
}

const log = (profile: TestProfile, words: string, json = false) =>
  profile.run(["security", "log", ...words.split(" ")], {
    ...granted(profile),
    options: { json },
  });

function edit(path: string, change: (lines: string[]) => string[]): void {
  const lines = Deno.readTextFileSync(path).trimEnd().split("\n");
  Deno.writeTextFileSync(path, change(lines).map((line) => `${line}\n`).join(""));
}

Deno.test("verify finds logs whole, and names the file and the line of every edit", async () => {
  const edits: [string, (lines: string[]) => string[], RegExp][] = [
    [SECURITY, (l) => l.toSpliced(4, 1), /^security\.log:5: line number 5 is missing/m],
    [SECURITY, (l) => l.with(4, l[4]?.replace("set", "get") ?? ""), /^security\.log:5: .*changed/m],
    [TOOLS, (l) => l.slice(0, -3), /^logs\/tool_executions\.log:28: .*28 to 30 are missing/m],
    [TOOLS, (l) => l.toSpliced(9, 0, l[3] ?? ""), /^logs\/tool_executions\.log:10: .*second time/m],
    [
      SECURITY,
      (l) => [...l.slice(0, 5), l[6] ?? "", l[5] ?? "", ...l.slice(7)],
      /:7: .*wrong place/,
    ],
  ];
  for (const [file, change, told] of edits) {
    await using profile = await logged();
    const before = await log(profile, "verify");
    assert.deepEqual(before.code, 0, before.out);
    assert.match(before.out, /^security\.log: whole, lines number 1 to 30$/m);
    edit(`${profile.home}/${file}`, change);
    const after = await log(profile, "verify");
    assert.equal(after.code, 1);
    assert.match(after.out, told);
    const other = file === SECURITY ? "tools" : "security";
    assert.equal((await log(profile, `verify ${other}`)).code, 0);
    const json = JSON.parse((await log(profile, "verify", true)).out);
    assert.deepEqual(json.logs.map(({ whole }: { whole: boolean }) => whole), [
      file !== SECURITY,
      file !== TOOLS,
      true,
    ]);
  }
});

Deno.test("a head that was removed, broken or written for another log is told", async () => {
  await using profile = await logged();
  const heads = `${profile.home}/log_heads.json`;
  for (const text of ["", "{}", '{"security.log":{}}', "[1]"]) {
    await Deno.writeTextFile(heads, text);
    const { code, out } = await log(profile, "verify security");
    assert.equal(code, 1);
    assert.match(out, /^security\.log: log_heads\.json .*, so it cannot be checked$/m);
  }
  await Deno.remove(heads);
  assert.match((await log(profile, "verify")).out, /log_heads\.json is missing/);
  // The next line begins a new chain; the old one is not forgotten.
  appendChained(profile.home, TOOLS, { who: "model" });
  const { code, out } = await log(profile, "verify tools");
  assert.equal(code, 1);
  assert.match(out, /tool_executions\.log\.unchained\.\w+: its head was lost/);
});

Deno.test("a profile in which nothing was logged has nothing to complain about", async () => {
  await using profile = await TestProfile.create();
  const { code, out } = await log(profile, "verify");
  assert.deepEqual([code, out.split("\n").length], [0, 4]);
});

Deno.test("tail and show print lines, with escapes for what would not be seen", async () => {
  await using profile = await logged();
  const tail = await log(profile, "tail");
  assert.equal(tail.out.trimEnd().split("\n").length, 20);
  assert.match(tail.out, /^\d{4}-\d\d-\d\d \d\d:\d\d {2}config\.write {2}words="config set 29"$/m);
  assert.equal((await log(profile, "show --limit 3")).out.trimEnd().split("\n").length, 3);
  const shown = await log(profile, "show tools");
  assert.equal(shown.out.trimEnd().split("\n").length, 30);
  assert.match(shown.out, /model {2}clock\.now {2}result="?\\u009b2J\\u202e/);
  const json = await log(profile, "show tools", true);
  assert.ok(!/[\u0080-\u009f\u202e]/.test(json.out));
  assert.equal(JSON.parse(json.out.split("\n")[0] ?? "").result, "\u009b2J\u202e");
});
