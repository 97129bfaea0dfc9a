/**
 * Mail as a plugin will give it: an inbox of strangers' words, and a way to send.
 * @module
 */
import type { Plugin, PluginContext } from "pyra/sdk";

function server({ settings }: PluginContext): string {
  return String(settings["server"]);
}

const text = { type: "string" } as const;
const network = [{ kind: "network", host: "*" }] as const;

const plugin: Plugin = {
  configFields: () => [{ key: "server", kind: "text", label: "Server", default: "" }],
  tools: [
    {
      name: "inbox",
      description: "Reads a message.",
      parameters: { type: "object", properties: { id: text }, required: ["id"] },
      effects: network,
      async run({ id }, context) {
        return await (await context.fetch(`${server(context)}/mail/${id}`)).text();
      },
    },
    {
      name: "send",
      description: "Sends a message.",
      parameters: {
        type: "object",
        properties: { to: text, subject: text, body: text },
        required: ["to"],
      },
      effects: network,
      async run(message, context) {
        const body = JSON.stringify(message);
        return await (await context.fetch(`${server(context)}/send`, { method: "POST", body }))
          .text();
      },
    },
    {
      name: "remove",
      description: "Deletes a message.",
      parameters: { type: "object", properties: { id: text }, required: ["id"] },
      effects: network,
      async run({ id }, context) {
        const address = `${server(context)}/mail/${id}`;
        return await (await context.fetch(address, { method: "DELETE" })).text();
      },
    },
  ],
};

/** The plugin. */
export function getPlugin(): Plugin {
  return plugin;
}
