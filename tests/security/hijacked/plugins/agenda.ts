/**
 * Schedules and skills as plugins will give them: text in folders of the person, which Pyra or its plugins act
 * upon later.
 * @module
 */
import type { Plugin, PluginTool } from "pyra/sdk";

const text = { type: "string" } as const;

function keeping(name: string, folder: string): PluginTool {
  return {
    name,
    description: `Keeps a text in ${folder}.`,
    parameters: {
      type: "object",
      properties: { name: text, text },
      required: ["name", "text"],
    },
    effects: [{ kind: "writes", where: folder }],
    run(input, { dataFolder }) {
      const home = dataFolder.slice(0, dataFolder.lastIndexOf("/.pyra/"));
      const place = folder.replace("~", home);
      Deno.writeTextFileSync(`${place}/${input["name"]}`, String(input["text"]));
      return "kept";
    },
  };
}

const plugin: Plugin = { tools: [keeping("schedule", "~/agenda"), keeping("teach", "~/skills")] };

/** The plugin. */
export function getPlugin(): Plugin {
  return plugin;
}
