import assert from "node:assert/strict";
import { sdkTexts } from "../../../../.build/plugin_sdk.ts";
import { KINDS, newPluginFiles } from "../../../../src/commands/plugin/templates/new_plugin.ts";
import { SDK_ACTS_TEXT } from "../../../../src/commands/plugin/templates/sdk_acts_text.ts";
import { SDK_TESTING_TEXT } from "../../../../src/commands/plugin/templates/sdk_testing_text.ts";
import { SDK_TEXT } from "../../../../src/commands/plugin/templates/sdk_text.ts";
import { checkPlugin } from "../../../../src/kernel/plugins/folder.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

Deno.test("the types for authors are those of the program", async () => {
  const made = [SDK_ACTS_TEXT, SDK_TEXT, SDK_TESTING_TEXT];
  const anew = "run deno run --allow-read --allow-write --allow-run .build/plugin_sdk.ts";
  assert.deepEqual(made, await sdkTexts(), anew);
});

Deno.test("each kind is a plugin as the kernel wants it, that asks for no place and no host", async () => {
  for (const kind of KINDS) {
    const { manifest, main } = await checkPlugin(newPluginFiles("my-plugin", kind));
    assert.equal(manifest.name, "my-plugin");
    assert.equal(main, "plugin.ts");
    const { hosts, read, write, run, workspace } = manifest.wishes;
    assert.deepEqual([hosts, read, write, run, workspace], [[], [], [], [], "none"]);
  }
});

Deno.test("what is written has the right types, in Deno", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const kind of KINDS) {
      await Deno.mkdir(`${folder}/${kind}`);
      for (const { path, text } of newPluginFiles("my-plugin", kind)) {
        await Deno.writeTextFile(`${folder}/${kind}/${path}`, text);
      }
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["check", "--quiet", "plugin.ts", "plugin_test.ts"],
        cwd: `${folder}/${kind}`,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a plugin is written where the path leads, and over nothing", async () => {
  await using profile = await TestProfile.create();
  const folder = `${profile.home}/my-plugin`;
  const run = (name: string, granted: string) =>
    profile.run(["plugin", "new", name], { granted: [granted], options: { json: true } });
  const made = JSON.parse((await run("work/my-plugin/", folder)).out);
  assert.deepEqual([made.name, made.kind], ["my-plugin", "tool"]);
  const written = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assert.deepEqual(written.sort(), made.files.toSorted());
  await Deno.writeTextFile(`${folder}/plugin.ts`, "mine");
  const again = await run("my-plugin", folder);
  assert.equal(again.code, 1);
  assert.match(again.err, /is there already/);
  assert.equal(await Deno.readTextFile(`${folder}/plugin.ts`), "mine");
  assert.equal((await run("x/y", `${profile.home}/none/y1`)).code, 2, "one letter is no name");
  assert.match((await run("yy", `${profile.home}/none/yy`)).err, /cannot be written/);
  for (const name of ["Greeter", "a_b", "-x", "..", "a".repeat(40)]) {
    assert.equal((await run(name, `${profile.home}/z`)).code, 2, name);
  }
  const kind = await profile.run(["plugin", "new", "x", "--kind", "channel"]);
  assert.equal(kind.code, 2);
  assert.match(kind.err, /--kind needs one of tool, hook, task/);
});
