/**
 * `--allow`, `--deny`, `--yes` and `--no-tools`.
 * @module
 */
import type { CommandContext } from "./context.ts";
import { usageError } from "./errors.ts";
import type { HeldMemory } from "./held_memory.ts";
import { isOn, listOf, type OptionValues } from "./option_values.ts";
import type { RunTools, ToolsStart } from "./run_tools.ts";

/**
 * The tools of a run whose options are these.
 * @throws {PyraError} `usage` for a name in them that is no tool's
 */
export async function openTools(
  context: Pick<CommandContext, "openTools">,
  memory: HeldMemory,
  options: OptionValues,
): Promise<RunTools> {
  const choices = toolChoices(options);
  const tools = await context.openTools({ ...choices, memory });
  // What is wrong is said before anything is asked.
  if (choices.answers.allow.length + choices.answers.deny.length > 0) await tools.registry();
  return tools;
}

/** What `--allow`, `--deny`, `--yes` and `--no-tools` say. */
function toolChoices(options: OptionValues): Omit<ToolsStart, "memory"> {
  const [allow, deny] = [listOf(options, "--allow"), listOf(options, "--deny")];
  const both = allow.find((name) => deny.includes(name));
  if (both !== undefined) {
    throw usageError(`${both} is both allowed and denied`, "leave out --allow or --deny for it");
  }
  return {
    answers: { allow, deny, rest: isOn(options, "--yes") ? "yes" : "ask" },
    offer: isOn(options, "--no-tools") ? "none" : "all",
  };
}
