/**
 * A plugin that gives a task.
 * @module
 */
import type { Template } from "./template.ts";

const PLUGIN = `import type { Plugin } from "pyra/sdk";

const plugin: Plugin = {
  // The daemon keeps it running: pyra daemon start, and pyra daemon reload after a change.
  tasks: [{
    name: "watch",
    async run(context) {
      const { signal } = context;
      // What is thrown here is told by pyra daemon status, and the task is started again.
      while (!signal.aborted) {
        const looks = Number(await context.storage.get("looks") ?? 0) + 1;
        await context.storage.set("looks", looks);
        context.progress(\`looked \${looks} times\`);
        await pause(Number(context.settings["minutes"]) * 60_000, signal);
      }
    },
  }],

  // pyra plugin setup asks for these.
  configFields: () => [{
    key: "minutes",
    kind: "number",
    label: "Minutes from one look to the next",
    default: 15,
  }],
};

/** Waits, until the signal aborts at the latest. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

export default plugin;
`;

const TEST = `import assert from "node:assert/strict";
import type { PluginTests } from "pyra/sdk";

export const tests: PluginTests = {
  async "it looks when it is started, and ends when it is told to"({ task, seen }) {
    await task("watch").stop();
    assert.deepEqual(seen.progress, ["looked 1 times"]);
  },
};
`;

/** A plugin that gives a task. */
export const taskTemplate: Template = {
  description: "Looks for something from time to time.",
  plugin: PLUGIN,
  test: TEST,
  grants: {},
  about: "A plugin for Pyra with one task, `watch`, that the daemon keeps running.",
};
