/**
 * Files as a plugin will give them that only reads: the workspace.
 * @module
 */
import type { Plugin } from "pyra/sdk";

const text = { type: "string" } as const;
const reads = [{ kind: "reads", where: "workspace" }] as const;

const plugin: Plugin = {
  tools: [
    {
      name: "read",
      description: "Reads a file of the workspace.",
      parameters: { type: "object", properties: { path: text }, required: ["path"] },
      effects: reads,
      run: ({ path }, { workspace = "" }) =>
        Deno.readTextFileSync(String(path).startsWith("/") ? String(path) : `${workspace}/${path}`),
    },
    {
      name: "list",
      description: "Lists the workspace.",
      parameters: { type: "object", properties: {} },
      effects: reads,
      run: (_input, { workspace = "" }) => [...Deno.readDirSync(workspace)].map(({ name }) => name),
    },
  ],
};

/** The plugin. */
export function getPlugin(): Plugin {
  return plugin;
}
