import assert from "node:assert/strict";
import { DescriptionCache } from "../../../../src/plugins/description_cache.ts";
import type { SettingField } from "../../../../src/plugins/settings.ts";
import { EXIT } from "../../../../src/protocol/error.ts";
import { TestProfile } from "../../../fakes/command_context.ts";
import { NOTHING_GIVEN, recordOf } from "../../../fakes/plugin_rooms.ts";

const RECORD = recordOf("files", { state: "enabled" });

function field(key: string, kind: SettingField["kind"]): SettingField {
  return { key, kind, label: key, description: "", default: null, options: [], required: false };
}

Deno.test("config set holds a plugin's settings to what the plugin declares", async () => {
  await using profile = await TestProfile.create();
  const description = {
    ...NOTHING_GIVEN,
    configFields: [field("depth", "number"), field("hidden", "bool")],
  };
  await new DescriptionCache(`${profile.home}/cache`).write(RECORD, description);
  const answers = { plugins: () => [RECORD], writeConfig: () => null };
  const set = async (path: string, value: string) => {
    const run = await profile.run(["config", "set", `plugin_settings.files${path}`, value], {
      answers,
    });
    const [write] = run.kernel.of("writeConfig") as { text: string }[];
    return { code: run.code, err: run.err, text: write?.text };
  };
  const unknown = await set(".depht", "3");
  assert.equal(unknown.code, EXIT.usage);
  assert.match(
    unknown.err,
    /files has no setting depht — did you mean plugin_settings\.files\.depth/,
  );
  assert.equal(unknown.text, undefined);
  for (const [path, value] of [[".depth", "deep"], [".hidden", "maybe"], [".depth.x", "3"]]) {
    const wrong = await set(path ?? "", value ?? "");
    assert.equal(wrong.code, EXIT.usage, wrong.err);
    assert.equal(wrong.text, undefined);
  }
  for (const all of ['{"nothing":1}', '{"depth":"x"}']) {
    assert.equal((await set("", all)).code, EXIT.usage);
  }
  assert.match((await set("", '{"depth":5}')).text ?? "", /depth: 5/);
  assert.match((await set(".depth", "5")).text ?? "", /depth: 5/);
  assert.match((await set(".hidden", "yes")).text ?? "", /hidden: true/);
  await new DescriptionCache(`${profile.home}/cache`).write(RECORD, NOTHING_GIVEN);
  assert.match((await set(".depth", "5")).err, /files has no settings/);
  // Of a plugin that is not enabled, or that nobody knows, nothing is known.
  const other = await profile.run(["config", "set", "plugin_settings.other.x", "3"], { answers });
  assert.equal(other.code, EXIT.done);
});
