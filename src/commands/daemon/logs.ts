/**
 * `pyra daemon logs`: what the daemon did, and what went wrong in it.
 * @module
 */
import { jsonOf } from "../../protocol/foreign_text.ts";
import { sleep } from "../../protocol/waiting.ts";
import type { CommandContext } from "../context.ts";
import { oneLine } from "../errors.ts";
import { countOf, isOn } from "../option_values.ts";
import { localTime } from "../output.ts";
import { LogTail } from "../plugin/log_tail.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";

const USUAL_LINES = 50;
const LOOK_EVERY_MS = 300;

/** `pyra daemon logs [--lines N] [--follow]` */
export async function showLogs(context: CommandContext, { options }: Parsed): Promise<number> {
  const { boot, signal } = context;
  const count = countOf(options, "--lines") ?? USUAL_LINES;
  const { config } = await context.loadConfig();
  const path = `${boot.profile.logs}/${config.daemon.log_file}`;
  const tail = new LogTail(path);
  const lines = await tail.last(count);
  // A log that was just put aside has the rest in the one before.
  const before = lines.length < count
    ? await new LogTail(`${path}.before`).last(count - lines.length)
    : [];
  await printLines(context, [...before, ...lines]);
  if (before.length + lines.length === 0) {
    await remark(context, "the daemon has written nothing yet");
  }
  if (!isOn(options, "--follow")) return 0;
  await remark(context, "going on with what is written; Ctrl-C ends it");
  while (true) {
    await sleep(LOOK_EVERY_MS, signal);
    await printLines(context, await tail.added());
  }
}

async function printLines(
  { boot, print }: CommandContext,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const shown = lines.map(boot.options.json ? jsonLine : lineText);
  await print(`${shown.join("\n")}\n`);
}

/** Each line is JSON, but for what the daemon wrote to standard error. */
function jsonLine(line: string): string {
  return jsonOf(line) === undefined ? JSON.stringify({ text: line }) : line;
}

/** `2026-01-31 14:05  started  pid 123, version 0.1.0` */
function lineText(line: string): string {
  const value = jsonOf(line);
  if (typeof value !== "object" || value === null) return oneLine(line);
  const { time, event, ...rest } = value as Record<string, unknown>;
  const facts = Object.entries(rest).map(([name, fact]) => `${name} ${plain(fact)}`);
  const parts = [localTime(String(time)), String(event ?? ""), facts.join(", ")];
  return oneLine(parts.filter((part) => part !== "").join("  "));
}

function plain(fact: unknown): string {
  if (Array.isArray(fact)) return fact.length === 0 ? "nothing" : fact.map(plain).join(" and ");
  return typeof fact === "object" ? JSON.stringify(fact) : String(fact);
}
