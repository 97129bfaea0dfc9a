import assert from "node:assert/strict";
import { bundledPlugins } from "../../../../src/kernel/plugins/bundled.ts";
import { checkPlugin } from "../../../../src/kernel/plugins/folder.ts";
import { checkText } from "../../../../src/rooms/plugin_reader/module_check.ts";

const TOP = new URL("../../../../", import.meta.url);
/** What a room reads before the first answer. */
const MODULE_LIMIT_UNITS = 150_000;

const bundled = await bundledPlugins(new URL("src/rooms/", TOP));

Deno.test("the plugins that come with Pyra are those of the folder, each a sound one", async () => {
  const names = "clock fetch files podman shell system websearch".split(" ");
  assert.deepEqual(bundled.map(({ name }) => name), names);
  for (const { name, version, description, files } of bundled) {
    const { manifest, main } = await checkPlugin(files);
    assert.deepEqual(
      { name: manifest.name, version: manifest.version, description: manifest.description, main },
      { name, version, description, main: "plugin.js" },
    );
    const paths = files.map(({ path }) => path);
    assert.deepEqual(paths, ["README.md", "manifest.json", "plugin.js"], name);
  }
});

Deno.test("each is one module that imports harmless modules of Node alone, and names no folder of the machine", () => {
  for (const { name, files } of bundled) {
    const text = files.find(({ path }) => path === "plugin.js")?.text ?? "";
    for (const { specifier } of checkText("plugin.js", text).sites) {
      assert.match(specifier, /^node:/, name);
    }
    assert.ok(text.length < MODULE_LIMIT_UNITS, `${name} has ${text.length} units`);
    assert.doesNotMatch(text, /\/npm\/registry|\.cache|file:\/\//, name);
  }
});

Deno.test("they ask for no more than they need", () => {
  const wishes = Object.fromEntries(bundled.map(({ name, files }) => {
    const manifest = files.find(({ path }) => path === "manifest.json");
    return [name, JSON.parse(manifest?.text ?? "{}").grants];
  }));
  assert.equal(wishes["clock"], undefined);
  assert.deepEqual(wishes["fetch"], { hosts: ["*"] });
  assert.deepEqual(Object.keys(wishes["websearch"]), ["secrets"]);
  const run = ["bash", "sh", "powershell"];
  assert.deepEqual(wishes["shell"], { workspace: "write", run });
});

/** The modules that a text imports, and whether only their types. */
function imports(text: string): { from: string; isType: boolean }[] {
  const found = text.matchAll(/^(import|export)( type)?\b[^;"]*?\bfrom "([^"]+)";/gm);
  return [...found].map(([, , type, from = ""]) => ({ from, isType: type !== undefined }));
}

Deno.test("they import their own files, types of the author's interface, and packages", async () => {
  let looked = 0;
  for (const { name } of bundled) {
    for await (const { name: file } of Deno.readDir(new URL(`plugins/${name}/`, TOP))) {
      if (!file.endsWith(".ts") || file.endsWith("_test.ts")) continue;
      const text = await Deno.readTextFile(new URL(`plugins/${name}/${file}`, TOP));
      for (const { from, isType } of imports(text)) {
        const isFine = from.startsWith("./") || (from === "pyra/sdk" && isType) ||
          from.startsWith("node:") || ["diff", "entities/decode"].includes(from);
        assert.ok(isFine, `plugins/${name}/${file} imports ${from}`);
        looked++;
      }
    }
  }
  assert.ok(looked > 20, "the imports were found");
});
