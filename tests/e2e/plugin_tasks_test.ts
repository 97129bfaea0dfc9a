/**
 * Plugins' tasks in a daemon: kept running whatever other plugins do, and changed by a reload.
 * @module
 */
import assert from "node:assert/strict";
import type { DaemonStatus, TaskStatus } from "../../src/protocol/daemon_calls.ts";
import { run, withHome } from "./command.ts";
import { DaemonProcess } from "./daemon_process.ts";

const LOOK_MS = 100;
const LIMIT_MS = 90_000;

/** Counts its starts, and keeps when it ended; says so on the way. */
const GOOD = `
export default { configFields: () => [{ key: "word", kind: "text", label: "a word" }],
tasks: [{ name: "tick", async run(context) {
  const starts = (await context.storage.get("starts") ?? 0) + 1;
  await context.storage.set("starts", starts);
  context.progress("start " + starts + " " + (context.settings.word ?? ""));
  await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  Deno.writeTextFileSync(context.dataFolder + "/ended", String(starts));
} }] };`;
/** Spins when it is told to by a file. */
const BAD = `
export default { tasks: [{ name: "turn", async run({ dataFolder, signal }) {
  while (!signal.aborted) {
    try {
      Deno.removeSync(dataFolder + "/spin");
      for (;;);
    } catch (error) {
      if (error.name !== "NotFound") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
} }] };`;

async function install(home: string, name: string, code: string, grants = {}): Promise<void> {
  const folder = `${home}/made/${name}`;
  await Deno.mkdir(folder, { recursive: true });
  const manifest = { name, version: "1.0.0", description: "for a test", grants };
  await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${folder}/plugin.ts`, code);
  await pyra(home, "plugin", "install", folder, "--yes");
}

async function pyra(home: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args, { home });
  assert.equal(code, 0, stderr);
  return stdout;
}

async function tasksOf(daemon: DaemonProcess): Promise<Record<string, TaskStatus>> {
  const status = await daemon.status() as unknown as DaemonStatus;
  return Object.fromEntries(status.tasks.map((task) => [task.name, task]));
}

/** Waits until the tasks are so. */
async function until(
  daemon: DaemonProcess,
  what: string,
  holds: (tasks: Record<string, TaskStatus>) => boolean,
): Promise<Record<string, TaskStatus>> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  while (true) {
    const tasks = await tasksOf(daemon);
    if (holds(tasks)) return tasks;
    assert.ok(!limit.aborted, `${what}: ${JSON.stringify(tasks)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

Deno.test("a plugin that spins costs others' tasks a start, and none of them is lost", () =>
  withHome(async (home) => {
    await install(home, "good", GOOD);
    await install(home, "other", GOOD);
    await install(home, "bad", BAD);
    await using daemon = await DaemonProcess.start({ home });
    const began = await until(
      daemon,
      "all run",
      (tasks) =>
        tasks["bad.turn"]?.state === "running" && tasks["good.tick"]?.detail === "start 1" &&
        tasks["other.tick"]?.detail === "start 1",
    );
    assert.equal(began["schedules"]?.state, "running");
    // Long enough for the process to be looked at less often.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    await Deno.writeTextFile(`${home}/.pyra/data/bad/spin`, "");
    const cut = await until(
      daemon,
      "the process was ended",
      (tasks) => tasks["good.tick"]?.state === "waiting" && tasks["bad.turn"]?.state === "waiting",
    );
    assert.match(cut["good.tick"]?.lastError ?? "", /process ended.*a room did not end: bad$/);
    assert.match(cut["bad.turn"]?.lastError ?? "", /stood still|a room did not end: bad$/);
    const again = await until(
      daemon,
      "all run again",
      (tasks) =>
        tasks["bad.turn"]?.state === "running" && tasks["good.tick"]?.detail === "start 2" &&
        tasks["other.tick"]?.detail === "start 2",
    );
    assert.deepEqual(
      ["bad.turn", "good.tick", "other.tick"].map((name) => again[name]?.crashes),
      [1, 1, 1],
    );
    const log = await Deno.readTextFile(`${home}/.pyra/logs/daemon.log`);
    const crashes = log.split("\n").filter((line) => line.includes('"task crashed"'));
    assert.equal(crashes.length, 3);
    const faults = await Deno.readTextFile(`${home}/.pyra/logs/plugin_errors.log`);
    assert.match(faults, /"plugin":"bad","problem":"its task turn failed: /);
    await pyra(home, "daemon", "stop");
    // Each was told, and had time to end.
    for (const name of ["good", "other"]) {
      assert.equal(await Deno.readTextFile(`${home}/.pyra/data/${name}/ended`), "2");
    }
  }));

Deno.test("a reload starts and ends tasks with their plugins, and leaves the others alone", () =>
  withHome(async (home) => {
    for (const name of ["same", "changed", "set", "gone"]) await install(home, name, GOOD);
    await using daemon = await DaemonProcess.start({ home });
    const names = ["same.tick", "changed.tick", "set.tick", "gone.tick"];
    await until(
      daemon,
      "all run",
      (tasks) => names.every((name) => tasks[name]?.detail === "start 1"),
    );
    // Each change of a plugin is told to the daemon at once; one of the settings is not.
    await install(home, "changed", GOOD.replace('"start "', '"new start "'));
    await pyra(home, "plugin", "disable", "gone");
    assert.equal((await tasksOf(daemon))["gone.tick"], undefined);
    assert.equal(await Deno.readTextFile(`${home}/.pyra/data/gone/ended`), "1");
    await install(home, "added", GOOD);
    await pyra(home, "config", "set", "plugin_settings.set.word", "hello");
    await pyra(home, "daemon", "reload");
    const tasks = await until(
      daemon,
      "what is new runs",
      (tasks) =>
        tasks["changed.tick"]?.detail === "new start 2" &&
        tasks["added.tick"]?.detail === "start 1" &&
        tasks["set.tick"]?.detail === "start 2 hello",
    );
    assert.equal(tasks["same.tick"]?.detail, "start 1");
  }));

Deno.test("a task has what its plugin was granted, and asks nobody", () =>
  withHome(async (home) => {
    const code = `
export default { tasks: [{ name: "all", async run(context) {
  const said = {};
  const attempt = async (name, act) => {
    said[name] = await act().catch((error) => "refused: " + error.code);
  };
  await attempt("notes", async () => (await context.memory.search("otters")).length);
  await attempt("fetch", async () => await (await context.fetch(context.settings.url)).text());
  await attempt("elsewhere", async () => await (await context.fetch("https://example.com")).text());
  await attempt("program", async () => (await context.run(["rm", "-rf", "/"]).result).code);
  said.ui = typeof context.ui;
  Deno.writeTextFileSync(context.dataFolder + "/said", JSON.stringify(said));
  context.progress("done");
  await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
} }], configFields: () => [{ key: "url", kind: "text", label: "where" }] };`;
    await using server = Deno.serve({ port: 0, onListen() {} }, () => new Response("answer"));
    const url = `http://127.0.0.1:${server.addr.port}`;
    await install(home, "asks", code, { hosts: [url], memory: true });
    await pyra(home, "config", "set", "plugin_settings.asks.url", url);
    await pyra(home, "memory", "write", "knowledge/otters.md", "otters sleep in rafts");
    await using daemon = await DaemonProcess.start({ home });
    await until(daemon, "it has done all", (tasks) => tasks["asks.all"]?.detail === "done");
    const said = JSON.parse(await Deno.readTextFile(`${home}/.pyra/data/asks/said`));
    assert.deepEqual(said, {
      notes: 1,
      fetch: "answer",
      elsewhere: said.elsewhere,
      program: "refused: denied",
      ui: "undefined",
    });
    assert.match(said.elsewhere, /^refused: /);
  }));
