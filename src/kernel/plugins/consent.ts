/**
 * The question whether a plugin may have what it asks for.
 * @module
 */
import type { PluginGrants, PluginRecord } from "../../protocol/plugin_calls.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import { newWishes, wishLines } from "./wishes.ts";

const LINE_LIMIT = 200;

/**
 * Shows a plugin and what it asks for, and asks for a yes, unless `typed`.
 * @param agreed what was agreed to before
 * @param source where its files come from
 * @throws {KernelError} `denied`, `no_terminal`
 */
export async function askConsent(
  run: Pick<Run, "terminal" | "security">,
  record: PluginRecord,
  agreed: PluginGrants | undefined,
  source: string,
  options: { readonly typed: boolean },
): Promise<void> {
  const { name, version, description, wishes } = record;
  const { terminal } = run;
  const say = (text: string) => terminal.say(narrow(sanitise(text, LINE_LIMIT)));
  const news = new Set(newWishes(wishes, agreed));
  const lines = wishLines(wishes);
  say(`Plugin ${name} ${version}, from ${source}`);
  if (description) say(`It says of itself: ${description}`);
  if (lines.length === 0) say("It asks for nothing: it can compute, and keep files of its own.");
  else say("Beside files of its own, it asks to");
  for (const line of lines) {
    const mark = agreed && news.has(line) ? "new: " : "";
    terminal.say(`  - ${narrow(sanitise(mark + line, LINE_LIMIT * 2))}`);
  }
  if (agreed && news.size === 0) say("It asks for nothing new, but its files have changed.");
  run.security(options.typed ? "plugin.typed" : "plugin.asked", { name, version, wishes: lines });
  if (options.typed) return;
  await terminal.agree(`Enable ${name}?`, `the plugin ${name}`, "it is not enabled");
}

/** Blanks as one: a row of them would push what follows to a line that looks like Pyra's own. */
function narrow(text: string): string {
  return text.replace(/[\p{Zs}\u2800\u3164\u115f\u1160\uffa0]+/gu, " ");
}
