/**
 * Changes the rules about tools in the settings: `tools.rules` of `config.yaml`.
 * @module
 */
import { setValue } from "../config/edit.ts";
import { readTextIfPresent } from "../durable/file.ts";
import { PyraError } from "../protocol/error.ts";
import { formatRule, type Rule } from "../tools/rule.ts";
import type { CommandContext } from "./context.ts";

const PATH = "tools.rules";

/** Adds a rule, unless it is there. @throws {PyraError} if it would not hold there */
export async function storeRule(context: CommandContext, rule: Rule): Promise<void> {
  const line = formatRule(rule);
  await changeRules(context, (lines) => lines.includes(line) ? lines : [...lines, line]);
}

/** Replaces the rules by what `change` makes of them. @throws {PyraError} */
export async function changeRules(
  context: CommandContext,
  change: (lines: readonly string[]) => readonly string[],
): Promise<void> {
  const { config: { tools }, sources } = await context.loadConfig();
  if (sources[PATH] === "environment") {
    throw new PyraError("configuration", "rules_fixed", `the environment decides ${PATH}`, {
      hint: "unset PYRA_TOOLS_RULES to keep rules in the config",
    });
  }
  const lines = change(tools.rules);
  if (lines === tools.rules) return;
  const text = await readTextIfPresent(context.boot.profile.config) ?? "";
  await context.kernel.call("writeConfig", { text: setValue(text, PATH, lines) });
}

/**
 * Forgets what was allowed to the tools of a plugin: another one of that name may be another author's.
 * Denials stay. @returns the rules that are gone
 */
export async function forgetRulesOf(
  context: CommandContext,
  plugin: string,
): Promise<readonly string[]> {
  const { config: { tools } } = await context.loadConfig();
  const isIts = (line: string) => {
    const [decision, tool = ""] = line.trim().split(/\s+/);
    return decision === "allow" && tool.startsWith(`${plugin}.`);
  };
  const its = tools.rules.filter(isIts);
  if (its.length > 0) await changeRules(context, (lines) => lines.filter((line) => !isIts(line)));
  return its;
}
