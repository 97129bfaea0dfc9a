/**
 * The question whether a plugin may have what it asks for.
 * @module
 */
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import { sandboxStatus } from "../sandbox/choice.ts";
import { secretName } from "./asks.ts";
import { isAgreed } from "./typed.ts";
import { wishLines } from "./wishes.ts";

/** Longer than any line that a manifest may ask for. */
const LINE_LIMIT = 2_000;

/** Where a plugin's files come from, and what they would take the place of. */
export interface PluginSource {
  readonly source: string;
  /** The version that is enabled now, if one is. */
  readonly before?: string | undefined;
}

/**
 * Shows a plugin and what it asks for, and asks for a yes, unless it was typed.
 * @throws {KernelError} `denied`, `no_terminal`
 */
export async function askConsent(
  run: Pick<Run, "line" | "profile" | "terminal" | "security" | "hasSecret">,
  { name, version, description, wishes, agreed }: PluginRecord,
  { source, before: old }: PluginSource,
): Promise<void> {
  const { terminal } = run;
  const say = (text: string) => terminal.say(narrow(sanitise(text, LINE_LIMIT)));
  const before = new Set(agreed ? wishLines(agreed) : []);
  const lines = wishLines(wishes);
  const update = old === undefined || old === version ? "" : `: from ${old} to ${version}`;
  say(`Plugin ${name} ${version}, from ${source}`);
  if (old !== undefined) {
    say(update === "" ? `It takes the place of the ${old} that you have` : `An update${update}`);
  }
  if (description) say(`It says of itself: ${description}`);
  if (lines.length === 0) say("It asks for nothing: it can compute, and keep files of its own.");
  else say("Beside files of its own, it asks to");
  const isNew = (line: string) => agreed !== null && !before.has(line);
  for (const line of lines) {
    terminal.say(`  - ${isNew(line) ? "new: " : ""}${narrow(sanitise(line, LINE_LIMIT))}`);
  }
  if (wishes.run.length > (wishes.outside ?? []).length) say(heldBy(run.profile.config));
  if (agreed && !lines.some(isNew)) {
    say("It asks for nothing new, but its files have changed.");
  }
  const kept = Object.keys(wishes.secrets).filter((key) => run.hasSecret(secretName(name, key)));
  if (!agreed && kept.length > 0) say(`The vault keeps this for it already: ${kept.join(", ")}`);
  const typed = isAgreed(run.line);
  run.security(typed ? "plugin.typed" : "plugin.asked", { name, version, wishes: lines });
  if (typed) return;
  const [act, left] = old === undefined
    ? ["Enable", "it is not enabled"]
    : ["Update", `${name} ${old} stays as it is`];
  await terminal.agree(`${act} ${name}${update}?`, `the plugin ${name}`, left);
}

/** What holds the programs that it may run, here and now. */
function heldBy(config: string): string {
  const { kind, problem } = sandboxStatus(config);
  if (problem !== "") return `Programs will not run yet: ${problem}`;
  if (kind === "none") {
    return "No sandbox holds programs here (shell.sandbox): each can do all that you can do yourself.";
  }
  return `Programs are held by ${kind}: they change files in the folder that Pyra works in only, do not ` +
    "see Pyra's own, and reach the network only where a call says so.";
}

/** Blanks as one: a row of them would push what follows to a line that looks like Pyra's own. */
function narrow(text: string): string {
  return text.replace(/[\p{Zs}\u2800\u3164\u115f\u1160\uffa0]+/gu, " ");
}
