/**
 * `pyra tools list`
 * @module
 */
import type { Effect } from "../../protocol/tool.ts";
import { effectText } from "../../tools/effect.ts";
import type { RegisteredTool } from "../../tools/registry.ts";
import type { CommandContext } from "../context.ts";
import { firstSentence } from "../first_sentence.ts";
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
        effectsText(tool.effects),
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

/** Effects in one line, `reads notes, runs: bash, sh`: what is done is said once. */
export function effectsText(effects: readonly Effect[]): string {
  if (effects.length === 0) return "answers only";
  const said = new Set(effects.map((effect) => effectText(effect)));
  const places = Map.groupBy(said, (text) => /^\w+: /.exec(text)?.[0] ?? "");
  return [...places].map(([does, texts]) =>
    does + texts.map((text) => text.slice(does.length)).join(", ")
  ).join(", ");
}
