/**
 * The tools for the length of one command: as the person's own, without a model.
 * @module
 */
import type { CommandContext } from "../context.ts";
import { HeldMemory } from "../held_memory.ts";
import type { RunTools } from "../run_tools.ts";

/** The notes, brought up to date when they are first needed: an editor or git may have changed them. */
export function currentMemory(context: CommandContext): HeldMemory {
  return new HeldMemory({
    async memory() {
      const { bringUpToDate } = await import("../memory/opened_memory.ts");
      const opened = await context.memory();
      try {
        await bringUpToDate(context, opened);
        return opened;
      } catch (thrown) {
        await opened[Symbol.asyncDispose]();
        throw thrown;
      }
    },
  });
}

/** Runs a command on the tools. @returns the command's exit code */
export async function withTools(
  context: CommandContext,
  act: (tools: RunTools) => Promise<number>,
): Promise<number> {
  await using memory = currentMemory(context);
  const answers = { allow: [], deny: [], rest: "ask" } as const;
  return await act(await context.openTools({ memory, answers, offer: "all" }));
}
