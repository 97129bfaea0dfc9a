/**
 * `pyra security redact`: a text without keys and passwords.
 * @module
 */
import type { CommandContext } from "../context.ts";
import { isOn } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { printable } from "../terminal_text.ts";
import { answerLines } from "./bulk.ts";
import { givenBytes, givenText } from "./given_text.ts";

const HINT = "name a file, or pipe a text in";

/** `pyra security redact [--jsonl] [FILE]` */
export async function redactText(context: CommandContext, parsed: Parsed): Promise<number> {
  const { redact } = await import("../../guard/redaction.ts");
  const [name] = parsed.arguments;
  if (isOn(parsed.options, "--jsonl")) {
    const source = givenBytes(context, name, HINT);
    return await answerLines(context, source, ["text"], (text) => ({ text: redact(text) }));
  }
  const text = redact(await givenText(context, name, HINT));
  const { boot } = context;
  await context.print(boot.options.json ? jsonText({ text }) : printable(boot, text));
  return 0;
}
