import assert from "node:assert/strict";
import { pluginTaskFactories } from "../../../src/daemon/plugin_tasks.ts";
import { OutsideFault } from "../../../src/daemon/task.ts";
import type { RunnablePluginTask } from "../../../src/plugins/tasks.ts";
import { PyraError } from "../../../src/protocol/error.ts";

const CUT = "the plugins' process ended, and their calls with it: the plugins took too much memory";

/** Tasks of these plugins that fail so, and what was reported. */
function failing(plugins: readonly string[], thrown: PyraError) {
  const reports: string[] = [];
  const tasks = plugins.map((plugin): RunnablePluginTask => ({
    plugin,
    name: `${plugin}.poll`,
    version: "1",
    run(_signal, tell) {
      tell("begins");
      return Promise.reject(thrown);
    },
  }));
  const factories = pluginTaskFactories(tasks, (plugin, what) => {
    reports.push(`${plugin}: ${what}`);
    return Promise.resolve();
  });
  const run = async (name: string, signal = new AbortController().signal) => {
    const task = factories.get(name)?.();
    assert.ok(task);
    const fault = await task.run(signal, () => {}).catch((thrown) => thrown);
    assert.equal(task.detail?.(), "begins");
    return fault;
  };
  return { reports, run };
}

Deno.test("a plugin whose process ended for others' sake is not blamed; one that was alone in it is", async () => {
  const cut = new PyraError("system", "plugin_ended", CUT);
  const several = failing(["mail", "sun"], cut);
  const fault = await several.run("mail.poll");
  assert.ok(fault instanceof OutsideFault);
  assert.equal(fault.message, CUT);
  assert.deepEqual(several.reports, []);
  const alone = failing(["mail"], cut);
  assert.equal(await alone.run("mail.poll"), cut);
  assert.deepEqual(alone.reports, [`mail: its task poll failed: ${CUT}`]);
});

Deno.test("a plugin's own failure is its own, and reported once, unless it was told to end", async () => {
  const own = new PyraError("system", "plugin_failed", "the plugin mail says: no mail");
  const { reports, run } = failing(["mail", "sun"], own);
  assert.equal(await run("mail.poll"), own);
  assert.deepEqual(reports, ["mail: its task poll failed: the plugin mail says: no mail"]);
  const told = AbortSignal.abort(new Error("stopped"));
  assert.equal(await run("mail.poll", told), own);
  assert.equal(reports.length, 1);
});
