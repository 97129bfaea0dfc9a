/**
 * The lines of the chained logs, for people.
 * @module
 */
import { jsonOf } from "../../protocol/foreign_text.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { CommandContext } from "../context.ts";
import { escaped } from "../escaped_text.ts";
import { localTime } from "../output.ts";
import { bytesOf } from "./log_files.ts";

/** What stands at the end of every line and says nothing to people. */
const CHAIN_FIELDS = ["time", "number", "before"];

/** The lines of the files, in order, some at a time. */
export async function* logLines(
  context: CommandContext,
  files: readonly string[],
): AsyncGenerator<string[]> {
  for (const file of files) {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    let begun = "";
    for await (const bytes of bytesOf(context, file)) {
      const lines = (begun + decoder.decode(bytes, { stream: true })).split("\n");
      begun = lines.pop() ?? "";
      if (lines.length > 0) yield lines;
    }
    const rest = begun + decoder.decode();
    if (rest !== "") yield [rest];
  }
}

/** The last lines of the files together. */
export async function lastLines(
  context: CommandContext,
  files: readonly string[],
  count: number,
): Promise<readonly string[]> {
  let found: string[] = [];
  for (const file of files.toReversed()) {
    let lines: string[] = [];
    for await (const some of logLines(context, [file])) {
      lines = [...lines, ...some].slice(-count);
    }
    found = [...lines, ...found].slice(-count);
    if (found.length === count) break;
  }
  return found;
}

/** A line as people read it: the time, then what happened, then what else is known. */
export function shownLine(line: string): string {
  const fields = jsonOf(line);
  if (!isRecord(fields)) return escaped(line);
  const { time, event, who, tool, ...rest } = fields;
  const what = event === undefined ? [who, tool] : [event];
  const others = Object.entries(rest).filter(([name, value]) =>
    !CHAIN_FIELDS.includes(name) && value !== ""
  );
  const words = [
    localTime(typeof time === "string" ? time : ""),
    ...what.filter((word) => word !== undefined).map(valueText),
    ...others.map(([name, value]) => `${name}=${valueText(value)}`),
  ];
  return escaped(words.join("  "));
}

function valueText(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value)
    ? value
    : JSON.stringify(value) ?? "";
}
