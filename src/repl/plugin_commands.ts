/**
 * The slash commands that plugins give.
 * @module
 */
import type { CommandContext } from "./command.ts";
import type { PluginCommand } from "./ports.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";

/** Runs one. What it wants to be asked is foreign text, and the turn counts as such. */
export async function runPluginCommand(
  command: PluginCommand,
  argument: string,
  context: Omit<CommandContext, "argument">,
): Promise<void> {
  const { surface, state, signal, line } = context;
  const { show, ask, from } = await command.run(argument, {
    signal,
    progress: (text) => surface.show(sanitizeLine(text), "dim"),
  });
  signal.throwIfAborted();
  if (show !== undefined) surface.show(sanitize(show));
  if (ask !== undefined) {
    await state.connect(state.conversation.choice, line, context);
    await surface.ask([{ type: "text", text: ask }], { untrusted: from });
  }
  if (show === undefined && ask === undefined) surface.show("done", "dim");
}
