import assert from "node:assert/strict";
import { PluginRooms } from "../../../../src/kernel/plugins/rooms.ts";
import type { PluginCallParams } from "../../../../src/protocol/plugin_host_calls.ts";
import { somePlugin, SomeRun } from "./some_run.ts";

/** Says its secret in every way that a plugin can. */
const CODE = `
let calls = 0;
const run = async (_, { secrets, progress, output, memory }) => {
  const value = await secrets.get("own");
  progress("half: " + value.slice(0, 12));
  await new Promise((resolve) => setTimeout(resolve, 300));
  progress(value.slice(12) + " was the rest");
  output("ran with " + value.slice(0, 12));
  await new Promise((resolve) => setTimeout(resolve, 100));
  output(value.slice(12) + "\\n");
  console.log("it is " + value);
  await memory.search(value);
  if (calls++ > 0) throw new Error("cannot use " + btoa(value));
  return value + " " + encodeURIComponent(value);
};
export default {
  tools: [{ name: "tell", description: "x", parameters: { type: "object" }, run }],
};`;
const VALUE = "own/s3cret+of a plugin";
const CALL: PluginCallParams = {
  name: "some",
  method: "run",
  params: { tool: "tell", input: {} },
  limitMs: 20_000,
};

Deno.test("what the vault gave a plugin is in nothing that the plugin says", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  const grants = { secrets: { own: { label: "Own" } }, memory: true };
  await some.install(somePlugin({ grants }, CODE), "x");
  some.secrets.set("plugin:some:own", { value: VALUE, origins: [] });
  const { run, vault } = some;
  const asked: unknown[] = [];
  const app = ({ params }: { params: unknown }) => {
    asked.push(params);
    return Promise.resolve([]);
  };
  const storeSecret = () => Promise.resolve();
  const rooms = new PluginRooms(run, some.catalog, { run, vault, storeSecret, app });
  const { signal } = new AbortController();
  try {
    assert.deepEqual(await Array.fromAsync(rooms.call(CALL, signal)), [
      { progress: "half: [secret]" },
      { progress: "[secret] was the rest" },
      { output: "ran with [secret]" },
      { output: "[secret]\n" },
      { result: { text: "[secret] [secret]" } },
    ]);
    await assert.rejects(Array.fromAsync(rooms.call(CALL, signal)), {
      message: "cannot use [secret]",
    });
  } finally {
    await rooms.close();
  }
  assert.ok(asked.length > 0 && !JSON.stringify(asked).includes(VALUE));
  const log = await Deno.readTextFile(`${some.profile.logs}/plugins/some.log`);
  assert.match(log, /it is \[secret\]/);
  assert.ok(!log.includes(VALUE));
});

Deno.test("nor in why it did not start", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  const code = `export default {
    async onLoad({ secrets }) { throw new Error("cannot use " + await secrets.get("own")); },
  };`;
  await some.install(somePlugin({ grants: { secrets: { own: { label: "Own" } } } }, code), "x");
  some.secrets.set("plugin:some:own", { value: VALUE, origins: [] });
  const { run, vault } = some;
  const none = () => Promise.resolve();
  const rooms = new PluginRooms(run, some.catalog, { run, vault, storeSecret: none, app: none });
  try {
    await assert.rejects(
      Array.fromAsync(rooms.call(CALL, new AbortController().signal)),
      ({ message }: Error) => message.includes("cannot use [secret]") && !message.includes(VALUE),
    );
  } finally {
    await rooms.close();
  }
});
