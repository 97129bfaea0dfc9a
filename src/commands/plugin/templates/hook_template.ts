/**
 * A plugin that hooks into conversations.
 * @module
 */
import type { Template } from "./template.ts";

const PLUGIN = `import type { ConfigField, Plugin } from "pyra/sdk";

const FIELDS: readonly ConfigField[] = [{
  key: "refused",
  kind: "list",
  label: "Tools that are never to be used",
  default: [],
}];

const plugin: Plugin = {
  // The manifest asks for conversation; without it none of these is called.
  // Each is called for 2 seconds at most; one that fails is skipped.
  hooks: {
    // Before the person is asked about a call: replace its input, or veto it with a reason.
    beforeTool({ tool }, context) {
      const refused = context.settings["refused"];
      if (!Array.isArray(refused) || !refused.includes(tool)) return;
      return { veto: \`\${tool} is refused in the settings of this plugin\` };
    },

    // After each answer.
    async afterTurn({ question }, context) {
      const turns = Number(await context.storage.get("turns") ?? 0) + 1;
      await context.storage.set("turns", turns);
      context.log(\`turn \${turns}: a question of \${question.length} characters\`);
    },
  },

  // pyra plugin setup asks for these.
  configFields: () => FIELDS,
};

export default plugin;
`;

const TEST = `import assert from "node:assert/strict";
import type { PluginTests } from "pyra/sdk";

export const tests: PluginTests = {
  async "a tool that the settings refuse is vetoed"({ hook, given }) {
    given.settings["refused"] = ["clock.now"];
    const verdict = await hook("beforeTool", { tool: "clock.now", input: {} });
    assert.deepEqual(verdict, { veto: "clock.now is refused in the settings of this plugin" });
  },

  async "other tools are let be"({ hook }) {
    assert.equal(await hook("beforeTool", { tool: "clock.now", input: {} }), undefined);
  },

  async "turns are counted"({ hook, seen }) {
    await hook("afterTurn", { question: "why?", answer: "because" });
    assert.match(seen.log[0] ?? "", /: a question of 4 characters$/);
  },
};
`;

/** A plugin that hooks into conversations. */
export const hookTemplate: Template = {
  description: "Refuses tools that its settings name, and counts turns.",
  plugin: PLUGIN,
  test: TEST,
  grants: { conversation: true },
  about: "A plugin for Pyra with hooks: it looks at each call of a tool, and at each answer.",
};
