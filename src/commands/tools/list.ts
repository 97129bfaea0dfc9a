/**
 * `pyra tools list`
 * @module
 */
import { effectText } from "../../tools/effect.ts";
import type { RegisteredTool } from "../../tools/registry.ts";
import type { CommandContext } from "../context.ts";
import { jsonText, table } from "../output.ts";
import { remark } from "../remark.ts";
import { withTools } from "./opened_tools.ts";

/** `pyra tools list` */
export function listTools(context: CommandContext): Promise<number> {
  const { boot, print, columns, signal } = context;
  return withTools(context, async (tools) => {
    const registered = (await tools.registry()).list();
    const { notices } = await tools.offer(signal);
    if (boot.options.json) await print(jsonText(registered.map(asData)));
    else if (registered.length === 0) await remark(context, "there are no tools");
    else {
      const head = [
        { title: "tool" },
        { title: "effects", shrinks: true, least: 12 },
        { title: "what it does", shrinks: true, optional: true },
      ] as const;
      const rows = registered.map(({ name, tool }) => [
        name,
        effectsText(tool.effects.map(effectText)),
        firstSentence(tool.description.description),
      ]);
      await print(table(head, rows, columns()));
    }
    for (const notice of notices) await remark(context, notice);
    return 0;
  });
}

function asData({ name, modelName, schema, tool }: RegisteredTool) {
  return {
    name,
    model_name: modelName,
    owner: tool.owner,
    description: tool.description.description,
    parameters: schema.root,
    effects: tool.effects,
  };
}

function effectsText(effects: readonly string[]): string {
  return effects.length === 0 ? "answers only" : [...new Set(effects)].join(", ");
}

/** The first sentence of a text for models, which may go on for long. */
function firstSentence(text: string): string {
  return /^[^]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
