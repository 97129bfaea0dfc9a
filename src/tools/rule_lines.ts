/**
 * The rules of the settings, read.
 * @module
 */
import { asPyraError } from "../protocol/error.ts";
import { parseRule, type Rule } from "./rule.ts";
import { isToolName } from "./tool_name.ts";

/** Rules, and what is wrong with those that cannot be read: one sentence each. */
export interface ReadRules {
  readonly rules: readonly Rule[];
  readonly problems: readonly string[];
}

/**
 * Reads lines. One that cannot be read allows nothing; if it was meant to deny, its tool is denied
 * altogether.
 */
export function readRules(lines: readonly string[]): ReadRules {
  const rules: Rule[] = [];
  const problems: string[] = [];
  for (const line of lines) {
    try {
      rules.push(parseRule(line));
    } catch (thrown) {
      problems.push(`${asPyraError(thrown).message}; correct tools.rules in the config`);
      const [decision, tool = ""] = line.trim().split(/\s+/, 2);
      if (decision === "deny" && isToolName(tool)) rules.push({ decision, tool });
    }
  }
  return { rules, problems };
}
