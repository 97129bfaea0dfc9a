import assert from "node:assert/strict";
import { kernelRooms } from "../../../src/plugins/rooms.ts";
import { isCutOff, pluginTasks } from "../../../src/plugins/tasks.ts";
import { until } from "../../../src/protocol/waiting.ts";
import { FakeKernel, kernelError } from "../../fakes/kernel.ts";
import { FakeRooms, pluginOf } from "../../fakes/plugin_rooms.ts";

const NOT_STOPPED = () => Promise.reject(new Error("the test stops no plugin"));

Deno.test("each task of each plugin is one, and is called without a limit", async () => {
  const rooms = new FakeRooms((_, { progress }) => {
    progress?.("half way");
    return null;
  });
  const plugins = [
    pluginOf("mail", { tasks: ["poll", "sort"] }),
    pluginOf("none"),
    pluginOf("sun", { tasks: ["rise"] }),
  ];
  const tasks = pluginTasks(plugins, { rooms, stop: NOT_STOPPED, settings: () => null });
  assert.deepEqual(tasks.map(({ name }) => name), ["mail.poll", "mail.sort", "sun.rise"]);
  const said: string[] = [];
  await tasks[1]?.run(new AbortController().signal, (text) => said.push(text));
  assert.deepEqual(rooms.calls, [
    { plugin: "mail", method: "task", params: { task: "sort" }, limitMs: null },
  ]);
  assert.deepEqual(said, ["half way"]);
});

Deno.test("a task that is told to end has its room ended too, before anybody starts it anew", async () => {
  const rooms = new FakeRooms((_, { signal }) => until(new Promise<null>(() => {}), signal));
  const ended: string[] = [];
  const stop = (plugin: string) => {
    ended.push(plugin);
    return Promise.resolve();
  };
  const ports = { rooms, stop, settings: () => null };
  const [task] = pluginTasks([pluginOf("mail", { tasks: ["poll"] })], ports);
  const leave = new AbortController();
  const running = task?.run(leave.signal, () => {});
  await Promise.resolve();
  leave.abort(new Error("stopped"));
  await assert.rejects(running ?? Promise.resolve(), /stopped/);
  assert.deepEqual(ended, ["mail"]);
});

Deno.test("a task's version is another with other files, other grants and other settings", () => {
  const rooms = new FakeRooms();
  const versionOf = (plugin: ReturnType<typeof pluginOf>, settings: string | null = null) =>
    pluginTasks([plugin], { rooms, stop: NOT_STOPPED, settings: () => settings })[0]?.version;
  const plugin = pluginOf("mail", { tasks: ["poll"] });
  const version = versionOf(plugin);
  assert.equal(versionOf(pluginOf("mail", { tasks: ["poll"] })), version);
  const others = [
    versionOf({ ...plugin, record: { ...plugin.record, hash: "00" } }),
    versionOf(pluginOf("mail", { tasks: ["poll"] }, { addedHosts: ["https://mail.example"] })),
    versionOf(plugin, "daily"),
  ];
  assert.equal(new Set([version, ...others]).size, 4);
});

Deno.test("whose fault the end of the plugins' process was is told by the kernel's words", async () => {
  const process = "the plugins' process ended, and their calls with it: ";
  const faultOf = async (code: string, message: string): Promise<unknown> => {
    const kernel = new FakeKernel();
    // deno-lint-ignore require-yield -- it answers nothing
    kernel.plugin = async function* () {
      throw await Promise.resolve(kernelError(code, message, "the next call starts it anew"));
    };
    const call = { plugin: "mail", method: "task", params: {}, limitMs: null } as const;
    const { signal } = new AbortController();
    return await kernelRooms(kernel).call(call, { signal }).catch((thrown) => thrown);
  };
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["plugin_ended", `${process}a room did not end: mail`, false],
    ["plugin_ended", `${process}a room did not end: mail2`, true],
    ["plugin_ended", `${process}the plugins took too much memory`, true],
    ["plugin_ended", "it stood still", false],
    // A plugin may say so too; that is its own fault.
    ["plugin_failed", `${process}a room did not end: sun`, false],
  ];
  for (const [code, message, expected] of cases) {
    assert.equal(isCutOff(await faultOf(code, message), "mail"), expected, message);
  }
  assert.equal(isCutOff(new Error(`${process}x`), "mail"), false);
});
