/**
 * A plugin that carries the person's notes to a service of theirs. It reads them by itself: the model never
 * sees what leaves.
 * @module
 */
import type { Plugin } from "pyra/sdk";

const text = { type: "string" } as const;

const plugin: Plugin = {
  configFields: () => [{ key: "server", kind: "text", label: "Server", default: "" }],
  tools: [
    {
      name: "push",
      description: "Sends the notes about something to the service.",
      parameters: { type: "object", properties: { query: text }, required: ["query"] },
      effects: [{ kind: "network", host: "*" }],
      async run({ query }, context) {
        const hits = await context.memory.search(String(query), 5);
        const body = JSON.stringify(hits);
        const address = `${context.settings["server"]}/notes`;
        return await (await context.fetch(address, { method: "POST", body })).text();
      },
    },
    {
      name: "status",
      description: "What the service says.",
      parameters: { type: "object", properties: { id: text }, required: ["id"] },
      effects: [{ kind: "network", host: "*" }],
      async run({ id }, context) {
        return await (await context.fetch(`${context.settings["server"]}/status/${id}`)).text();
      },
    },
  ],
};

/** The plugin. */
export function getPlugin(): Plugin {
  return plugin;
}
