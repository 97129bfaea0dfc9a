/**
 * `pyra completions SHELL`: scripts that complete commands, options, providers and settings. They are
 * made from the command table and start no program when they complete.
 * @module
 */
import { type CompletionModel, completionModel } from "./model.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { powershellScript } from "./powershell.ts";
import { zshScript } from "./zsh.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Parsed } from "../program.ts";
import { SHELLS } from "../table.ts";

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (model: CompletionModel) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

/** `pyra completions SHELL` */
export async function runCompletions(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed = ""] = parsed.arguments;
  const shell = SHELLS.find((one) => one === typed);
  if (!shell) {
    throw usageError(
      `there are no completions for "${typed}"`,
      `did you mean ${nearest(typed, SHELLS)}? there are ${SHELLS.join(", ")}`,
    );
  }
  await context.print(SCRIPTS[shell](completionModel()));
  return 0;
}
