/**
 * Versions of the workspace as a plugin will give them: commits lie in the workspace, a push sends them away.
 * @module
 */
import type { Plugin } from "pyra/sdk";

const text = { type: "string" } as const;

const plugin: Plugin = {
  configFields: () => [{ key: "remote", kind: "text", label: "Remote", default: "" }],
  tools: [
    {
      name: "commit",
      description: "Commits the workspace with a message.",
      parameters: { type: "object", properties: { message: text }, required: ["message"] },
      effects: [{ kind: "writes", where: "workspace" }],
      run({ message }, { workspace }) {
        const options = { append: true, create: true } as const;
        Deno.writeTextFileSync(`${workspace}/commits.txt`, `${message}\n`, options);
        return "committed";
      },
    },
    {
      name: "push",
      description: "Sends a commit to the remote, with its message.",
      parameters: { type: "object", properties: { message: text, branch: text } },
      effects: [{ kind: "network", host: "*" }, { kind: "reads", where: "workspace" }],
      async run({ message = "", branch = "main" }, context) {
        const address = `${context.settings["remote"]}/push/${encodeURIComponent(String(branch))}`;
        const pushed = await context.fetch(address, { method: "POST", body: String(message) });
        return await pushed.text();
      },
    },
  ],
};

/** The plugin. */
export function getPlugin(): Plugin {
  return plugin;
}
