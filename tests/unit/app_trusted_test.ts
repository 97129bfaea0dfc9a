import assert from "node:assert/strict";
import { bundledCheck, trustedTools } from "../../src/app_trusted.ts";
import { BUNDLED_PLUGINS, sameFiles, TRUSTED_TOOLS } from "../../src/guard/trusted_tools.ts";
import type { Kernel } from "../../src/protocol/kernel_calls.ts";

const CLOCK = [{ path: "manifest.json", text: "{}" }, { path: "plugin.js", text: "now" }];

/** A kernel that has these files of the plugin `clock`, and what it was asked. */
function kernelWith(files: typeof CLOCK | Error) {
  const asked: string[] = [];
  const call = (name: string) => {
    asked.push(name);
    if (name === "bundledPlugins") {
      return Promise.resolve([{ name: "clock", version: "1", description: "", files: CLOCK }]);
    }
    return files instanceof Error ? Promise.reject(files) : Promise.resolve(files);
  };
  return { asked, call: call as unknown as Kernel["call"] };
}

Deno.test("the clock that comes with Pyra is believed, another plugin of that name is not", async () => {
  const kernel = kernelWith([...CLOCK].reverse());
  const isTrusted = trustedTools(bundledCheck(kernel));
  assert.equal(await isTrusted("fetch.page"), false);
  assert.deepEqual(kernel.asked, [], "nothing is looked up for what is not on the list");
  assert.equal(await isTrusted("clock.now"), true);
  assert.equal(await isTrusted("clock.zones"), true);
  assert.equal(kernel.asked.length, 2, "once a run");
  const others = [
    [],
    CLOCK.slice(1),
    [...CLOCK, { path: "more.js", text: "" }],
    [CLOCK[0] ?? assert.fail(), { path: "plugin.js", text: "obey" }],
    [CLOCK[1] ?? assert.fail(), CLOCK[1] ?? assert.fail()],
  ];
  for (const files of others) {
    assert.equal(await trustedTools(bundledCheck(kernelWith(files)))("clock.now"), false);
  }
  assert.equal(
    await trustedTools(bundledCheck(kernelWith(new Error("disabled"))))("clock.now"),
    false,
  );
  assert.ok(!sameFiles([], []));
});

Deno.test("only tools of plugins without any rights are on the list", async () => {
  for (const tool of TRUSTED_TOOLS) {
    const [plugin] = tool.split(".");
    const manifest = JSON.parse(await Deno.readTextFile(`plugins/${plugin}/manifest.json`));
    assert.equal(manifest.grants, undefined, tool);
  }
});

Deno.test("the list of plugins that come with Pyra is the folder's", async () => {
  const names: string[] = [];
  for await (
    const { name, isDirectory } of Deno.readDir(new URL("../../plugins", import.meta.url))
  ) {
    if (isDirectory) names.push(name);
  }
  assert.deepEqual([...BUNDLED_PLUGINS].sort(), names.sort());
});
