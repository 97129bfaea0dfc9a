import assert from "node:assert/strict";
import { kernelRooms, problemOf } from "../../../src/plugins/rooms.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { PluginItem } from "../../../src/protocol/plugin_host_calls.ts";
import { FakeKernel, kernelError } from "../../fakes/kernel.ts";

const NEVER = new AbortController().signal;
const CALL = { plugin: "clock", method: "run", params: { tool: "now" }, limitMs: 50 } as const;

function kernelOf(items: readonly (PluginItem | Error)[]) {
  const kernel = new FakeKernel({ log: () => null });
  kernel.plugin = async function* () {
    for (const item of items) {
      await Promise.resolve();
      if (item instanceof Error) throw item;
      yield item;
    }
  };
  return kernel;
}

const codeOf = async (items: readonly (PluginItem | Error)[]): Promise<PyraError> => {
  const thrown = await kernelRooms(kernelOf(items)).call(CALL, { signal: NEVER })
    .then(() => undefined, (thrown) => thrown);
  assert.ok(thrown instanceof PyraError);
  return thrown;
};

Deno.test("a call gives its result, and tells how far it has come in single lines", async () => {
  const told: string[] = [];
  const rooms = kernelRooms(
    kernelOf([{ progress: "half\u001b[2J\nway" }, { result: { text: "noon" } }]),
  );
  const progress = (text: string) => void told.push(text);
  assert.deepEqual(await rooms.call(CALL, { signal: NEVER, progress }), { text: "noon" });
  assert.deepEqual(told, ["half [2J way"]);
});

Deno.test("what a plugin throws is told as its own words, the kernel's refusals as they are", async () => {
  const own = await codeOf([kernelError("plugin_failed", "boom\u001b[31m\nagain")]);
  assert.deepEqual([own.code, own.message, own.hint], [
    "plugin_failed",
    "the plugin clock says: boom [31m again",
    "see pyra plugin logs clock",
  ]);
  const refused = await codeOf([kernelError("not_enabled", "clock is not enabled", "enable it")]);
  assert.deepEqual([refused.code, refused.message, refused.hint, refused.exitCode], [
    "not_enabled",
    "clock is not enabled",
    "enable it",
    4,
  ]);
  assert.equal((await codeOf([new Error("x".repeat(9_000))])).message.length, 500);
  assert.equal((await codeOf([])).code, "plugin_ended");
});

Deno.test("a problem is told with the kernel's advice, and without where the logs are", async () => {
  const full = await codeOf([kernelError("plugin_too_large", "it keeps too much", "remove some")]);
  assert.equal(problemOf(full), "it keeps too much; remove some");
  const own = await codeOf([kernelError("plugin_failed", "boom")]);
  assert.equal(problemOf(own), "the plugin clock says: boom");
  assert.equal(problemOf("boom"), "it gave no reason");
});

Deno.test("a call whose signal aborts rejects with its reason, before and while it runs", async () => {
  const stop = new AbortController();
  const kernel = kernelOf([]);
  kernel.plugin = async function* () {
    stop.abort(new Error("enough"));
    yield await Promise.reject(kernelError("cancelled", "cancelled"));
  };
  const rooms = kernelRooms(kernel);
  await assert.rejects(rooms.call(CALL, { signal: stop.signal }), /enough/);
  await assert.rejects(rooms.call(CALL, { signal: stop.signal }), /enough/);
});

Deno.test("failures are lines of the plugins' log, and a log that cannot be written is no failure", async () => {
  const kernel = kernelOf([]);
  await kernelRooms(kernel).report("clock", "it\nbroke");
  assert.deepEqual(kernel.of("log"), [
    { line: '{"plugin":"clock","problem":"it broke"}', to: "plugin_errors" },
  ]);
  await kernelRooms(new FakeKernel()).report("clock", "x");
});
