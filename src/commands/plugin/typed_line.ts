/**
 * What is typed while a plugin is developed: its tools and its commands, as the person's own acts.
 * @module
 */
import { usageError } from "../errors.ts";
import type { CommandContext } from "../context.ts";
import { remark } from "../remark.ts";
import { printable } from "../terminal_text.ts";
import { withTools } from "../tools/opened_tools.ts";

/** Runs `TOOL JSON` or `/COMMAND ARGUMENT`. @throws {PyraError} `usage`, what the plugin failed with */
export async function runTypedLine(
  context: CommandContext,
  plugin: string,
  line: string,
): Promise<void> {
  const [, word = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(line) ?? [];
  await withTools(context, async (tools) => {
    if (word.startsWith("/")) {
      const commands = await tools.plugins.commands(new Set());
      const command = commands.find((one) => one.plugin === plugin && one.name === word.slice(1));
      if (!command) throw usageError(`it has no command ${word}`, "see what it gives above");
      const { show = "", ask } = await command.run(rest, { signal: context.signal });
      await print(context, { event: "command", show, ask: ask ?? null }, ask ?? show);
      return 0;
    }
    const name = word.startsWith(`${plugin}.`) ? word : `${plugin}.${word}`;
    if ((await tools.registry()).get(name) === undefined) {
      throw usageError(`it has no tool ${word}`, "see what it gives above");
    }
    const result = await (await tools.executor()).call(name, rest, { signal: context.signal });
    for (const warning of result.warnings) await remark(context, warning);
    const { status, whole } = result;
    const shown = status === "ok" ? whole : `${status}: ${whole}`;
    await print(context, { event: "result", status, text: whole }, shown);
    return 0;
  });
}

async function print(
  { boot, print }: CommandContext,
  event: Readonly<Record<string, unknown>>,
  text: string,
): Promise<void> {
  const line = boot.options.json ? JSON.stringify(event) : printable(boot, text);
  await print(line.endsWith("\n") ? line : `${line}\n`);
}
