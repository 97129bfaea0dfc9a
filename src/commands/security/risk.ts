/**
 * `pyra security risk`: how dangerous a shell command is.
 * @module
 */
import type { Risk } from "../../guard/risk.ts";
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { escaped } from "../escaped_text.ts";
import { isOn, textOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { answerLines } from "./bulk.ts";
import { givenBytes, givenText } from "./given_text.ts";

const HINT = "write the command in quotes, name a script with --file, or pipe one in";
const GRAVE: readonly Risk[] = ["DANGEROUS", "FORBIDDEN"];

/** `pyra security risk [--jsonl] [--file FILE] [COMMAND]`. @returns 1 from DANGEROUS on */
export async function judgeCommand(context: CommandContext, parsed: Parsed): Promise<number> {
  const { loadCommandRisk } = await import("../../guard/command_risk.ts");
  const commandRisk = await loadCommandRisk();
  const [command] = parsed.arguments;
  const name = textOf(parsed.options, "--file");
  if (isOn(parsed.options, "--jsonl")) {
    if (command !== undefined) {
      throw usageError("--jsonl takes no command", "pipe the lines in, or name them with --file");
    }
    const source = givenBytes(context, name, HINT);
    // They come from anywhere, so this folder says nothing about them.
    return await answerLines(context, source, ["command", "text"], (text) => {
      const { risk, reason } = commandRisk(text);
      return { risk, reason };
    });
  }
  if (command !== undefined && name !== undefined) {
    throw usageError("a command and --file are too much", "give one of them");
  }
  const { boot } = context;
  const { risk, reason, part } = commandRisk(
    command ?? await givenText(context, name, HINT),
    { folder: boot.workspace, profile: boot.profile.home },
  );
  if (boot.options.json) await context.print(jsonText({ risk, reason, part }));
  else await context.print(`${escaped(`${risk}: ${reason}${part && ` (${part})`}`)}\n`);
  return GRAVE.includes(risk) ? EXIT.failed : EXIT.done;
}
