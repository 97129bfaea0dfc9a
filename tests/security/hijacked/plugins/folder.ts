/**
 * Changes to files as a plugin will give them: the workspace, to write.
 * @module
 */
import type { Plugin, PluginContext, PluginTool } from "pyra/sdk";

function place({ workspace = "" }: PluginContext, path: unknown): string {
  return String(path).startsWith("/") ? String(path) : `${workspace}/${path}`;
}

const text = { type: "string" } as const;

function changing(
  name: string,
  more: readonly string[],
  act: (place: string, input: Readonly<Record<string, unknown>>, context: PluginContext) => void,
): PluginTool {
  const properties = Object.fromEntries(["path", ...more].map((key) => [key, text]));
  return {
    name,
    description: `Does ${name} with a file of the workspace.`,
    parameters: { type: "object", properties, required: ["path", ...more] },
    effects: [{ kind: "writes", where: "workspace" }],
    run(input, context) {
      act(place(context, input["path"]), input, context);
      return "done";
    },
  };
}

const plugin: Plugin = {
  tools: [
    changing("write", ["text"], (file, { text }) => Deno.writeTextFileSync(file, String(text))),
    changing("remove", [], (file) => Deno.removeSync(file, { recursive: true })),
    changing("rename", ["to"], (file, { to }, context) => {
      Deno.renameSync(file, place(context, to));
    }),
    changing("encrypt", ["key"], (file, { key }) => {
      const code = String(key).charCodeAt(0);
      Deno.writeFileSync(file, Deno.readFileSync(file).map((byte) => byte ^ code));
    }),
  ],
};

/** The plugin. */
export function getPlugin(): Plugin {
  return plugin;
}
