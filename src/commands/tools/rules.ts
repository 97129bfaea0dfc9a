/**
 * `pyra tools rules`: what may run without asking, and what never may.
 * @module
 */
import { readTextIfPresent } from "../../durable/file.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import { listOf } from "../option_values.ts";
import { jsonText, table } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";

const PATH = "tools.rules";

/** `pyra tools rules [--remove RULE]` */
export async function changeRules(context: CommandContext, parsed: Parsed): Promise<number> {
  const { config: { tools } } = await context.loadConfig();
  const named = listOf(parsed.options, "--remove");
  if (named.length === 0) return await list(context, tools.rules);
  const removed = named.map((text) => ruleNamed(tools.rules, text));
  const left = tools.rules.filter((rule) => !removed.includes(rule));
  const { setValue, unsetValue } = await import("../../config/edit.ts");
  const before = await readTextIfPresent(context.boot.profile.config) ?? "";
  const text = left.length === 0 ? unsetValue(before, PATH) : setValue(before, PATH, left);
  await context.kernel.call("writeConfig", { text });
  const { config } = await context.loadConfig();
  const { json, quiet } = context.boot.options;
  if (json) await context.print(jsonText({ removed, rules: config.tools.rules }));
  else if (!quiet) {
    for (const rule of removed) await context.print(`forgotten: ${oneLine(rule)}\n`);
  }
  // The system's file, or the environment, may say it too.
  for (const rule of config.tools.rules.filter((rule) => removed.includes(rule))) {
    await remark(context, `the system's settings still say: ${rule}`);
  }
  return 0;
}

async function list(context: CommandContext, lines: readonly string[]): Promise<number> {
  const [{ parseRule }, { asPyraError }] = await Promise.all([
    import("../../tools/rule.ts"),
    import("../../protocol/error.ts"),
  ]);
  const rules = lines.map((rule) => {
    try {
      parseRule(rule);
      return { rule, problem: null };
    } catch (thrown) {
      return { rule, problem: asPyraError(thrown).message };
    }
  });
  if (context.boot.options.json) await context.print(jsonText(rules));
  else if (rules.length === 0) {
    await remark(context, 'there are no rules; "always" in the chat makes one');
  } else {
    const rows = rules.map(({ rule }, index) => [String(index + 1), rule]);
    await context.print(
      table([{ title: "", align: "right" }, { title: "" }], rows, undefined),
    );
    for (const { problem } of rules) {
      if (problem !== null) await remark(context, `${problem}; it is left out`);
    }
  }
  return 0;
}

/** @throws {PyraError} `usage` */
function ruleNamed(rules: readonly string[], text: string): string {
  const number = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0;
  const rule = rules[number - 1] ?? rules.find((one) => one.trim() === text.trim());
  if (rule !== undefined) return rule;
  throw usageError(`there is no rule ${oneLine(text)}`, "pyra tools rules numbers them");
}
