/**
 * `pyra security log`: the logs of what was done, checked and shown.
 * @module
 */
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { escaped } from "../escaped_text.ts";
import { countOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { type CheckedLog, checkLog, knownHead, type LogName, LOGS } from "./log_files.ts";
import { lastLines, logLines, shownLine } from "./log_lines.ts";

const USUAL_LINES = 20;

/** `pyra security log [verify|tail|show] [security|tools|queries]` */
export async function runLog(context: CommandContext, parsed: Parsed): Promise<number> {
  const [action = "tail", name] = parsed.arguments;
  const limit = countOf(parsed.options, "--limit");
  if (name !== undefined && !isLog(name)) {
    throw usageError(`there is no log ${escaped(name)}`, "write security, tools or queries");
  }
  switch (action) {
    case "verify":
      return await verify(context, name === undefined ? Object.values(LOGS) : [LOGS[name]]);
    case "tail":
      return await show(context, LOGS[name ?? "security"], limit ?? USUAL_LINES);
    case "show":
      return await show(context, LOGS[name ?? "security"], limit);
    default:
      throw usageError(
        `pyra security log cannot ${escaped(action)}`,
        "write verify, tail or show",
      );
  }
}

function isLog(name: string): name is LogName {
  return Object.hasOwn(LOGS, name);
}

/** Every fault is a line `file:line: what is wrong`. @returns 1 if there is one */
async function verify(context: CommandContext, logs: readonly string[]): Promise<number> {
  const checked: CheckedLog[] = [];
  for (const log of logs) checked.push(await checkLog(context, log));
  const { json } = context.boot.options;
  if (json) await context.print(jsonText({ logs: checked.map(asJson) }));
  else for (const one of checked) await tell(context, one);
  return checked.every(isWhole) ? EXIT.done : EXIT.failed;
}

function isWhole({ known, report, orphans }: CheckedLog): boolean {
  return known.kind !== "lost" && report.faults.length === 0 && orphans.length === 0;
}

function asJson(checked: CheckedLog): unknown {
  const { log, known, report, orphans } = checked;
  return {
    log,
    whole: isWhole(checked),
    ...report,
    first: known.kind === "head" ? known.head.parts[0]?.first : null,
    last: known.kind === "head" ? known.head.count : null,
    ...(known.kind === "lost" ? { problem: known.reason } : {}),
    orphans,
  };
}

async function tell(context: CommandContext, checked: CheckedLog): Promise<void> {
  const { log, known, report, orphans } = checked;
  const lines = report.faults.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  if (report.more > 0) lines.push(`${log}: ${report.more} more faults`);
  for (const file of orphans) {
    lines.push(`${file}: its head was lost, and the log was begun anew`);
  }
  if (known.kind === "lost") lines.push(`${log}: ${known.reason}, so it cannot be checked`);
  else if (known.kind === "none") lines.push(`${log}: nothing was logged yet`);
  else if (lines.length === 0) {
    const { parts, count } = known.head;
    const first = parts[0]?.first ?? 1;
    lines.push(`${log}: whole, lines number ${first} to ${count + report.ahead}`);
  }
  for (const line of lines) await context.print(`${escaped(line)}\n`);
}

async function show(
  context: CommandContext,
  log: string,
  limit: number | undefined,
): Promise<number> {
  const known = await knownHead(context, log);
  if (known.kind === "none") await remark(context, `${log} is empty`);
  const files = known.kind === "head" ? known.head.parts.map(({ file }) => file) : [log];
  const { json } = context.boot.options;
  const shown = (line: string) => `${json ? escaped(line) : shownLine(line)}\n`;
  if (limit !== undefined) {
    const lines = await lastLines(context, files, limit);
    await context.print(lines.map(shown).join(""));
    return EXIT.done;
  }
  for await (const lines of logLines(context, files)) {
    await context.print(lines.map(shown).join(""));
  }
  return EXIT.done;
}
