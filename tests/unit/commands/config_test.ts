import assert from "node:assert/strict";
import { FIELDS } from "../../../src/config/fields.ts";
import { scriptedPrompts, TestProfile } from "../../fakes/command_context.ts";
import { kernelError } from "../../fakes/kernel.ts";

const CONFIG = `# mine
ai:
  provider_id: openai # the one
  model: m1
`;
const JSON_OUT = { options: { json: true } };

Deno.test("get prints the value in force, whatever decides it", async () => {
  await using profile = await TestProfile.create();
  assert.equal((await profile.run(["config", "get", "ai.model"], { config: CONFIG })).out, "m1\n");
  const env = { PYRA_AI_MODEL: "m9" };
  assert.equal((await profile.run(["config", "get", "ai.model"], { env })).out, "m9\n");
  assert.equal((await profile.run(["config", "get", "memory.auto_load"])).out, "true\n");
  const list = await profile.run(["config", "get", "ai.fallbacks"], {
    config: "ai:\n  fallbacks: [a/b, c/d]\n",
  });
  assert.equal(list.out, "a/b,c/d\n");
});

Deno.test("get of a setting without a value, or of none at all, is an error", async () => {
  await using profile = await TestProfile.create();
  const unset = await profile.run(["config", "get", "ai.temperature"], { config: CONFIG });
  assert.equal(unset.code, 1);
  assert.match(unset.err, /has no value — .*config set ai\.temperature/);
  const unknown = await profile.run(["config", "get", "ai.modle"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /did you mean ai\.model/);
});

Deno.test("set changes one value and nothing else of the file", async () => {
  await using profile = await TestProfile.create();
  const { code, out } = await profile.run(["config", "set", "ai.model", "m2"], { config: CONFIG });
  assert.equal(code, 0);
  assert.equal(out, "ai.model is m2 (profile)\n");
  assert.equal(await Deno.readTextFile(profile.configPath), CONFIG.replace("m1", "m2"));
});

Deno.test("set makes the file, and takes numbers, truth values and lists", async () => {
  await using profile = await TestProfile.create();
  for (
    const [key, typed, value] of [
      ["ai.temperature", "0.5", 0.5],
      ["memory.auto_load", "no", false],
      ["ai.fallbacks", "groq/x,openai/y", ["groq/x", "openai/y"]],
    ] as const
  ) {
    const { code, out } = await profile.run(["config", "set", key, typed], JSON_OUT);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { key, value, source: "profile" });
  }
});

Deno.test("set says that it saved a value although another one is wrong", async () => {
  await using profile = await TestProfile.create();
  const config = "ai:\n  provider_id: demo\n  model: 3.5\n";
  const { code, err } = await profile.run(["config", "set", "ai.temperature", "0.3"], { config });
  assert.equal(code, 1);
  assert.match(err, /ai\.temperature is saved, but [^]*ai\.model/);
  assert.match(await Deno.readTextFile(profile.configPath), /temperature: 0\.3/);
});

Deno.test("set refuses what the setting cannot be, and leaves the file alone", async () => {
  await using profile = await TestProfile.create();
  for (
    const [key, value] of [["ai.temperature", "hot"], ["ai.provider_id", "opnai"], ["no.such", "1"]]
  ) {
    const run = await profile.run(["config", "set", key ?? "", value ?? ""], { config: CONFIG });
    assert.notEqual(run.code, 0);
    assert.deepEqual(run.kernel.calls, []);
  }
});

Deno.test("set does not write over a broken file", async () => {
  await using profile = await TestProfile.create();
  const broken = "ai:\n  model: [\n";
  const run = await profile.run(["config", "set", "ai.model", "m2"], { config: broken });
  assert.equal(run.code, 1);
  assert.match(run.err, /line \d+, column \d+/);
  assert.equal(await Deno.readTextFile(profile.configPath), broken);
});

Deno.test("set says so when the environment decides all the same", async () => {
  await using profile = await TestProfile.create();
  const { out, err } = await profile.run(["config", "set", "ai.model", "m2"], {
    config: CONFIG,
    env: { PYRA_AI_MODEL: "m9" },
  });
  assert.equal(out, "ai.model is m9 (environment)\n");
  assert.match(err, /the environment decides ai\.model/);
});

Deno.test("a change that the kernel refuses is exit code 4", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["config", "set", "plugins.enabled", "x"], {
    config: CONFIG,
    answers: { writeConfig: () => Promise.reject(kernelError("denied", "it was not agreed to")) },
  });
  assert.equal(code, 4);
  assert.equal(err, "pyra: it was not agreed to\n");
});

Deno.test("unset removes a value; what is not there is no error", async () => {
  await using profile = await TestProfile.create();
  const { code, out } = await profile.run(["config", "unset", "ai.model"], { config: CONFIG });
  assert.equal(code, 0);
  assert.equal(out, "ai.model has no value\n");
  assert.doesNotMatch(await Deno.readTextFile(profile.configPath), /m1/);
  const again = await profile.run(["config", "unset", "ai.model"]);
  assert.equal(again.code, 0);
  assert.deepEqual(again.kernel.calls, []);
  const list = await profile.run(["config", "unset", "tools.rules"]);
  assert.equal(list.out, "tools.rules is empty (default)\n");
});

Deno.test("path prints where the file is", async () => {
  await using profile = await TestProfile.create();
  assert.equal((await profile.run(["config", "path"])).out, `${profile.configPath}\n`);
  assert.deepEqual(JSON.parse((await profile.run(["config", "path"], JSON_OUT)).out), {
    path: profile.configPath,
  });
});

Deno.test("list shows every setting with its source, and warns of unknown keys", async () => {
  await using profile = await TestProfile.create();
  const config = `${CONFIG}  modle: x\nplugin_settings:\n  mail:\n    limit: 3\n`;
  const { out, err } = await profile.run(["config", "list"], { config });
  for (const { path } of FIELDS) assert.match(out, new RegExp(`^${path} `, "m"));
  assert.match(out, /^ai\.model +m1 +profile/m);
  assert.match(out, /^plugin_settings\.mail\.limit +3 +profile/m);
  assert.match(err, /^pyra: .*modle.*\n$/);
  const all = JSON.parse((await profile.run(["config", "list"], JSON_OUT)).out);
  assert.deepEqual(all["ai.model"], { value: "m1", source: "profile" });
  assert.deepEqual(all["ai.temperature"], { value: null, source: null });
});

Deno.test("edit saves what the editor left when it is sound", async () => {
  await using profile = await TestProfile.create();
  const { code, out, kernel } = await profile.run(["config", "edit"], {
    config: `${CONFIG}general:\n  editor: nano\n`,
    answers: { editText: ({ text }) => text.replace("m1", "m2") },
  });
  assert.equal(code, 0);
  assert.equal(out, "the settings are saved\n");
  assert.match(await Deno.readTextFile(profile.configPath), /model: m2/);
  assert.match(JSON.stringify(kernel.of("editText")), /"editor":"nano"/);
});

Deno.test("edit changes nothing when the text was left as it was", async () => {
  await using profile = await TestProfile.create();
  const { code, out, kernel } = await profile.run(["config", "edit"], {
    config: CONFIG,
    answers: { editText: ({ text }) => text },
  });
  assert.equal(code, 0);
  assert.equal(out, "nothing was changed\n");
  assert.deepEqual(kernel.of("writeConfig"), []);
});

Deno.test("edit opens a broken text again, as it was typed, with line and column", async () => {
  await using profile = await TestProfile.create();
  const prompts = scriptedPrompts([{ pick: "Edit again" }]);
  let round = 0;
  const { code, kernel } = await profile.run(["config", "edit"], {
    config: CONFIG,
    prompts,
    answers: {
      editText: ({ text }) => ++round === 1 ? `${text}general: [\n` : text.replace("[", ""),
    },
  });
  assert.equal(code, 0);
  assert.match(prompts.seen.join("\n"), /line \d+, column \d+/);
  assert.deepEqual(kernel.of("editText"), [
    { text: CONFIG, extension: "yaml" },
    { text: `${CONFIG}general: [\n`, extension: "yaml" },
  ]);
  // The room that comes after the editor goes on from the text that the editor was opened on.
  assert.deepEqual(kernel.remembered, { config_edit: { text: `${CONFIG}general: [\n` } });
  await assert.rejects(Deno.stat(`${profile.home}/cache/config_not_saved.yaml`));
});

Deno.test("edit goes on from what the room before it had opened", async () => {
  await using profile = await TestProfile.create();
  const { kernel } = await profile.run(["config", "edit"], {
    config: CONFIG,
    remembered: { config_edit: { text: "typed: before\n" } },
    answers: { editText: () => CONFIG },
  });
  assert.deepEqual(kernel.of("editText"), [{ text: "typed: before\n", extension: "yaml" }]);
});

Deno.test("edit that is given up keeps the old settings, and what was typed in a file", async () => {
  await using profile = await TestProfile.create();
  for (const reply of [{ pick: "Leave" }, "ctrl-c"] as const) {
    const { code } = await profile.run(["config", "edit"], {
      config: CONFIG,
      prompts: scriptedPrompts([reply]),
      answers: { editText: () => "ai:\n  temperature: hot\n" },
    });
    assert.equal(code, reply === "ctrl-c" ? 130 : 1);
    assert.equal(await Deno.readTextFile(profile.configPath), CONFIG);
    assert.equal(
      await Deno.readTextFile(`${profile.home}/cache/config_not_saved.yaml`),
      "ai:\n  temperature: hot\n",
    );
  }
});

Deno.test("edit opens a file that is broken already", async () => {
  await using profile = await TestProfile.create();
  const { code } = await profile.run(["config", "edit"], {
    config: "ai: [\n",
    answers: { editText: () => CONFIG },
  });
  assert.equal(code, 0);
  assert.equal(await Deno.readTextFile(profile.configPath), CONFIG);
});
