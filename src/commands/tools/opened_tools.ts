/**
 * The tools for the length of one command: as the person's own, without a model.
 * @module
 */
import type { CommandContext } from "../context.ts";
import { HeldMemory } from "../held_memory.ts";
import type { RunTools } from "../run_tools.ts";

/** Runs a command on the tools. @returns the command's exit code */
export async function withTools(
  context: CommandContext,
  act: (tools: RunTools) => Promise<number>,
): Promise<number> {
  await using memory = new HeldMemory({
    async memory() {
      const { bringUpToDate } = await import("../memory/opened_memory.ts");
      const opened = await context.memory();
      try {
        // Notes that an editor or git changed: nothing has looked at them in this run.
        await bringUpToDate(context, opened);
        return opened;
      } catch (thrown) {
        await opened[Symbol.asyncDispose]();
        throw thrown;
      }
    },
  });
  const answers = { allow: [], deny: [], rest: "ask" } as const;
  return await act(await context.openTools({ memory, answers, offer: "all" }));
}
