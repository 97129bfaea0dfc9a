/**
 * `pyra plugin logs`: what a plugin wrote, and what went wrong with it.
 * @module
 */
import type { CommandContext } from "../context.ts";
import { escaped } from "../escaped_text.ts";
import { countOf, isOn } from "../option_values.ts";
import { localTime } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { findPlugin } from "./described.ts";
import { LogTail } from "./log_tail.ts";

const USUAL_LINES = 200;
const LOOK_EVERY_MS = 300;

/** `pyra plugin logs NAME [--follow] [--limit N]` */
export async function showLog(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, signal } = context;
  const { name } = await findPlugin(context, parsed.arguments[0] ?? "");
  const tail = new LogTail(logPath(context, name));
  const lines = await tail.last(countOf(parsed.options, "--limit") ?? USUAL_LINES);
  await printLines(context, lines);
  if (lines.length === 0) await remark(context, `${name} has written nothing yet`);
  if (!isOn(parsed.options, "--follow")) return 0;
  if (!boot.options.json) await remark(context, "going on with what is written; Ctrl-C ends it");
  await followLog(context, tail, signal);
  signal.throwIfAborted();
  return 0;
}

/** Where the kernel writes what a plugin says. */
export function logPath({ boot }: Pick<CommandContext, "boot">, name: string): string {
  return `${boot.profile.logs}/plugins/${name}.log`;
}

/** Prints what is added until the signal aborts. */
export async function followLog(
  context: Pick<CommandContext, "boot" | "print">,
  tail: LogTail,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await printLines(context, await tail.added());
    await delay(LOOK_EVERY_MS, signal);
  }
}

/** The log's lines are JSON; people see the time and the text. */
async function printLines(
  { boot, print }: Pick<CommandContext, "boot" | "print">,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const shown = lines.map(boot.options.json ? escaped : lineText);
  await print(`${shown.join("\n")}\n`);
}

function lineText(line: string): string {
  try {
    const { time, line: text } = JSON.parse(line);
    if (typeof time === "string" && typeof text === "string") {
      return `${localTime(time)}  ${escaped(text)}`;
    }
  } catch (error) {
    // A line that a full disk cut short is shown as it is.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return escaped(line);
}

/** Waits, or less if the signal aborts. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
