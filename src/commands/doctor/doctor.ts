/**
 * `pyra doctor`: what is wrong, and how to mend it.
 * @module
 */
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { isOn } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { CHECKS } from "./checks.ts";
import { examine } from "./examine.ts";
import { Patient } from "./patient.ts";
import { findingLines, shownFinding, summaryLines } from "./shown.ts";

/** `pyra doctor [--fix] [--offline]`; the exit code is 1 if anything is broken */
export async function runDoctor(context: CommandContext, { options }: Parsed): Promise<number> {
  const { boot, print } = context;
  const wish = { fix: isOn(options, "--fix"), offline: isOn(options, "--offline") };
  const found = await examine(new Patient(context, wish), CHECKS);
  const { redact } = await import("../../guard/redaction.ts");
  // What servers, plugins and files say may hold keys, and what draws on a terminal.
  const shown = found.map((one) => shownFinding(one, redact));
  if (boot.options.json) await print(jsonText(shown));
  else {
    const told = boot.options.quiet
      ? shown.filter(({ state, fixed }) => state !== "ok" || fixed)
      : shown;
    const { env, options, terminal } = boot;
    const isPlain = Boolean(env["NO_COLOR"]) || env["TERM"] === "dumb";
    const hasColor = terminal.stdout && options.color && !isPlain;
    const style = { width: context.columns() || undefined, hasColor };
    await print(told.map((one) => findingLines(one, style)).join(""));
    if (!boot.options.quiet) await print(`\n${summaryLines(shown, { ...wish, ...style })}`);
  }
  return shown.some(({ state }) => state === "broken") ? EXIT.failed : EXIT.done;
}
