/**
 * A plugin that gives a tool.
 * @module
 */
import type { Template } from "./template.ts";

const PLUGIN = `import type { Plugin } from "pyra/sdk";

const plugin: Plugin = {
  tools: [{
    name: "greet",
    // For the model: what it does, and when to use it.
    description: "Greets someone by name. Use it when the person asks for a greeting.",
    parameters: {
      type: "object",
      properties: { name: { type: "string", description: "who is greeted" } },
      required: ["name"],
      additionalProperties: false,
      examples: [{ name: "Ada" }],
    },
    run({ name }, context) {
      context.log(\`greeting \${name}\`);
      return \`\${context.settings["greeting"]}, \${name}!\`;
    },
  }],

  // pyra plugin setup asks for these.
  configFields: () => [{
    key: "greeting",
    kind: "text",
    label: "How to greet",
    default: "Hello",
  }],
};

export default plugin;
`;

const TEST = `import assert from "node:assert/strict";
import type { PluginTests } from "pyra/sdk";

export const tests: PluginTests = {
  async "it greets by name"({ run, seen }) {
    assert.equal(await run("greet", { name: "Ada" }), "Hello, Ada!");
    assert.deepEqual(seen.log, ["greeting Ada"]);
  },

  async "the settings say how"({ run, given }) {
    given.settings["greeting"] = "Good morning";
    assert.equal(await run("greet", { name: "Ada" }), "Good morning, Ada!");
  },
};
`;

/** A plugin that gives a tool. */
export const toolTemplate: Template = {
  description: "Greets people by name.",
  plugin: PLUGIN,
  test: TEST,
  grants: {},
  about: "A plugin for Pyra with one tool, `greet`, that a model can call once the person agreed.",
};
