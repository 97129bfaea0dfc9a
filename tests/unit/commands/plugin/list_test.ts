import assert from "node:assert/strict";
import type { PluginFile, PluginRecord } from "../../../../src/protocol/plugin_calls.ts";
import { TestProfile } from "../../../fakes/command_context.ts";
import { NO_WISHES } from "../../../../src/kernel/plugins/manifest.ts";

Deno.test("list names plugins of Pyra whose files are those of another version", async () => {
  await using profile = await TestProfile.create();
  const files = [{ path: "manifest.json", text: "{}" }];
  const record = (name: string): PluginRecord => ({
    name,
    version: "1.0.0",
    description: "",
    from: "profile",
    state: "enabled",
    problem: "",
    hash: "00",
    agreed: null,
    wishes: NO_WISHES,
  });
  const told = async (there: readonly PluginFile[], ...names: readonly string[]) => {
    const bundled = { version: "1.0.0", description: "", files };
    const answers = {
      plugins: () => names.map(record),
      bundledPlugins: () => ["files", "shell"].map((name) => ({ ...bundled, name })),
      pluginFiles: () => there,
    };
    return (await profile.run(["plugin", "list"], { answers })).err;
  };
  assert.equal(await told(files, "files", "shell", "greeter"), "");
  assert.match(await told([], "files", "greeter"), /files is not the one of this Pyra; renew/);
  assert.match(
    await told([], "files", "shell"),
    /files, shell are not those of this Pyra; renew: pyra plugin install files shell\n/,
  );
});
