import assert from "node:assert/strict";
import { EXIT } from "../../../../src/protocol/error.ts";
import { effectsText } from "../../../../src/commands/tools/list.ts";
import { type CommandRun, TestProfile } from "../../../fakes/command_context.ts";
import type { KernelAnswers } from "../../../fakes/kernel.ts";

const LOG: KernelAnswers = { log: () => null };
const JSON_OUT: CommandRun = { options: { json: true }, answers: LOG };

Deno.test("list tells each tool's effects, and programs get the schemas", async () => {
  await using profile = await TestProfile.create();
  const { code, out } = await profile.run(["tools", "list"], { answers: LOG });
  assert.equal(code, 0);
  assert.match(out, /^memory_search +reads notes +Finds the person's notes by words\.$/m);
  const narrow = await profile.run(["tools", "list"], { answers: LOG, columns: 40 });
  for (const line of narrow.out.trimEnd().split("\n")) assert.ok(line.length <= 40, line);
  const tools = JSON.parse((await profile.run(["tools", "list"], JSON_OUT)).out);
  const search = tools.find(({ name }: { name: string }) => name === "memory_search");
  assert.equal(search.owner, "pyra");
  assert.equal(search.parameters.type, "object");
});

Deno.test("what a tool does is said once, however many places it does it in", () => {
  assert.equal(effectsText([]), "answers only");
  const runs = ["bash", "sh", "sh"].map((program) => ({ kind: "runs", program }) as const);
  assert.equal(
    effectsText([{ kind: "reads", where: "notes" }, ...runs, {
      kind: "network",
      host: "a.example",
    }]),
    "reads notes, runs: bash, sh, network: a.example",
  );
});

Deno.test("a tool is called as the person's own act: nobody is asked, the call is logged", async () => {
  await using profile = await TestProfile.create();
  const given = JSON.stringify({ name: "bread", text: "Stir, fold, wait." });
  const words = ["tools", "call", "memory_write", given];
  const { code, out, kernel } = await profile.run(words, { answers: LOG });
  assert.deepEqual([code, out.endsWith("\n")], [0, true]);
  assert.match(await Deno.readTextFile(`${profile.home}/memory/bread.md`), /Stir, fold/);
  const logs = kernel.of("log") as { line: string; to: string }[];
  const log = logs.find(({ to }) => to === "tool_executions");
  assert.match(log?.line ?? "", /"memory_write"[^]*"person"|"person"[^]*"memory_write"/);
  const found = await profile.run(["tools", "call", "memory_search"], {
    answers: LOG,
    input: '{"query":"fold"}\n',
  });
  assert.match(found.out, /bread/);
  const json = await profile.run(["tools", "call", "memory_list", "{}"], JSON_OUT);
  assert.equal(JSON.parse(json.out).status, "ok");
});

Deno.test("wrong arguments and unknown tools say what to do", async () => {
  await using profile = await TestProfile.create();
  const call = (...words: string[]) => profile.run(["tools", "call", ...words], { answers: LOG });
  const unknown = await call("memory_serch");
  assert.equal(unknown.code, EXIT.usage);
  assert.match(unknown.err, /there is no tool "memory_serch" — did you mean memory_search\?/);
  const clock = { name: "clock", version: "1.0.0", description: "", files: [] };
  const answers = { ...LOG, plugins: () => [], bundledPlugins: () => [clock] };
  const missing = await profile.run(["tools", "call", "clock.now"], { answers });
  assert.match(missing.err, /the plugin clock is not installed: pyra plugin install clock\n$/);
  const none = await profile.run(["tools", "call", "frob"], { answers });
  assert.match(none.err, /there is no tool "frob" — pyra tools list shows them\n$/);
  for (const given of ["{", "[]", '{"query":5, "__proto__": {"x":1}}', "{}", "null"]) {
    const { code, out, err } = await call("memory_search", given);
    assert.deepEqual([code, out], [EXIT.failed, ""], given);
    assert.match(err, /^pyra: [^\n]+\n$/, given);
  }
  const failed = await profile.run(["tools", "call", "memory_read", '{"name":"none"}'], JSON_OUT);
  assert.equal(failed.code, EXIT.failed);
  assert.equal(JSON.parse(failed.out).status, "error");
});

Deno.test("rules are listed with what is wrong, and forgotten by number or text", async () => {
  await using profile = await TestProfile.create();
  const config = [
    "tools:",
    "  rules:",
    "    - allow clock.now # always",
    "    - deny shell.run_command",
    "    - allow files.write_file in /home/me/notes",
    "ai:",
    "  provider_id: demo",
    "",
  ].join("\n");
  const rules = (...words: string[]) => profile.run(["tools", "rules", ...words]);
  const listed = await profile.run(["tools", "rules"], { config });
  assert.equal(
    listed.out,
    "1  allow clock.now\n2  deny shell.run_command\n3  allow files.write_file in /home/me/notes\n",
  );
  const removed = await rules(
    "--remove",
    "2",
    "--remove",
    "allow files.write_file in /home/me/notes",
  );
  assert.match(removed.out, /^forgotten: deny shell\.run_command\nforgotten: allow files/);
  const text = await Deno.readTextFile(profile.configPath);
  assert.match(text, /- allow clock\.now # always\nai:\n {2}provider_id: demo\n$/);
  for (const wrong of ["2", "0", "allow clock"]) {
    const { code, err } = await rules("--remove", wrong);
    assert.equal(code, EXIT.usage);
    assert.match(err, /there is no rule [^\n]+ — pyra tools rules numbers them/);
  }
  await rules("--remove", "1");
  assert.doesNotMatch(await Deno.readTextFile(profile.configPath), /tools:|rules:/);
  const none = await profile.run(["tools", "rules"]);
  assert.deepEqual([none.code, none.out], [0, ""]);
  assert.match(none.err, /there are no rules/);
  const json = await profile.run(["tools", "rules"], { config, options: { json: true } });
  assert.deepEqual(JSON.parse(json.out)[1], { rule: "deny shell.run_command", problem: null });
});

Deno.test("a rule that cannot be read is shown, and can be forgotten", async () => {
  await using profile = await TestProfile.create();
  const config = 'tools:\n  rules: ["allow clock.now in ../up"]\n';
  const { out, err } = await profile.run(["tools", "rules"], { config });
  assert.match(out, /^1 {2}allow clock\.now in \.\.\/up/);
  assert.match(err, /which is no folder[^\n]+left out/);
  assert.equal((await profile.run(["tools", "rules", "--remove", "1"])).code, 0);
});
