import assert from "node:assert/strict";
import { PluginRooms } from "../../../../src/kernel/plugins/rooms.ts";
import { somePlugin, SomeRun } from "./some_run.ts";

/** A tool that counts its calls. */
const CODE = `
let calls = 0;
const run = () => String(++calls);
export default {
  tools: [{ name: "count", description: "x", parameters: { type: "object" }, run }],
};`;

Deno.test("a plugin with raw TCP that starts later leaves the others as they are", async () => {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin({}, CODE), "x");
  const again = some.again("plugin", "install", "y", "--yes");
  const grants = { tcp: ["127.0.0.1:9"] };
  await again.install(somePlugin({ name: "tcp", grants }, CODE), "y");
  const { run, vault } = again;
  const app = () => Promise.resolve({});
  const storeSecret = () => Promise.resolve();
  const rooms = new PluginRooms(run, again.catalog, { run, vault, storeSecret, app });
  const count = async (name: string) => {
    const params = { name, method: "run", params: { tool: "count", input: {} }, limitMs: 20_000 };
    const items = await Array.fromAsync(rooms.call(params, new AbortController().signal));
    return (items.at(-1) as { result: { text: string } }).result.text;
  };
  try {
    assert.equal(await count("some"), "1");
    assert.equal(await count("tcp"), "1");
    assert.equal(await count("some"), "2");
  } finally {
    await rooms.close();
  }
});
