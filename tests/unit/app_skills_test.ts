/**
 * A plugin's skills in a run of the program's own rooms' code: told of, chosen, read.
 * @module
 */
import assert from "node:assert/strict";
import { DescriptionCache } from "../../src/plugins/description_cache.ts";
import { scriptedProvider, TestProfile } from "../fakes/command_context.ts";
import { NOTHING_GIVEN, recordOf } from "../fakes/plugin_rooms.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";
const TEXT = "---\nname: baking\ndescription: How to bake rye bread.\n---\nUse 500 g of rye.";

Deno.test("the model is told of a skill, chooses it, and only then gets its body; no note is needed", async () => {
  await using profile = await TestProfile.create();
  const record = recordOf("baker", { state: "enabled" });
  const description = { ...NOTHING_GIVEN, skills: ["skills/baking"] };
  await new DescriptionCache(`${profile.home}/cache`).write(record, description);
  const provider = scriptedProvider("openai", async function* ({ messages }) {
    if (messages.at(-1)?.role === "user") {
      const call = { id: "c1", name: "read_skill", arguments: '{"name":"baking"}' };
      yield await Promise.resolve({ type: "tool_call", call });
    }
    yield { type: "finish", reason: "stop" };
  });
  await profile.run(["ask", "how do I bake?"], {
    config: CONFIG,
    provider: () => Promise.resolve(provider),
    answers: {
      plugins: () => [record],
      pluginFiles: () => [{ path: "skills/baking/SKILL.md", text: TEXT }],
      log: () => null,
    },
  });
  const [first, second] = provider.requests;
  assert.ok(first?.tools?.some(({ name }) => name === "read_skill"));
  const told = JSON.stringify(first);
  assert.match(told, /baking: How to bake rye bread/);
  assert.doesNotMatch(told, /500 g/);
  assert.match(JSON.stringify(second), /500 g of rye/);
});
