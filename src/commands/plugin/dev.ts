/**
 * `pyra plugin dev`: a plugin that runs from the folder it is written in, anew after each change.
 * @module
 */
import { kernelRooms } from "../../plugins/rooms.ts";
import { readDescription } from "../../plugins/description.ts";
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { asShown, errorLine, oneLine } from "../errors.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { folderChanges } from "./folder_changes.ts";
import { folderFiles } from "./folder_files.ts";
import { givenLines } from "./given_lines.ts";
import { followLog, logPath } from "./logs.ts";
import { LogTail } from "./log_tail.ts";
import { readManifest } from "./manifest_text.ts";
import { runTypedLine } from "./typed_line.ts";

const DESCRIBE_LIMIT_MS = 15_000;
const LINE_LIMIT = 1024 * 1024;

/** `pyra plugin dev DIR` */
export async function developPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed = ""] = parsed.arguments;
  const folder = context.boot.granted[0] ?? typed;
  const { name } = readManifest(await folderFiles(folder));
  const tail = new LogTail(logPath(context, name));
  await tail.last(0);
  await agree(context, name);
  await start(context, name);
  await remark(context, "type a tool's name and its arguments as JSON, or a /command; Ctrl-C ends");
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  try {
    await Promise.all([
      followLog(context, tail, signal),
      reload(context, { name, folder }, signal),
      readLines(context, name, signal),
    ]);
  } finally {
    // One that failed must not leave the others waiting.
    ended.abort();
  }
  context.signal.throwIfAborted();
  return 0;
}

/** The kernel asks once, and again when the plugin asks for more. It may end this room. */
async function agree(context: CommandContext, name: string): Promise<PluginRecord> {
  const records = await context.kernel.call("plugins", null);
  const record = records.find((one) => one.name === name);
  if (record?.state === "enabled") return record;
  return await context.kernel.call("enablePlugin", { name });
}

/** Starts the plugin and tells what it gives, or what is wrong with it. */
async function start(context: CommandContext, name: string): Promise<void> {
  const { kernel, signal } = context;
  const isJson = context.boot.options.json;
  try {
    const call = { plugin: name, method: "describe", params: {} } as const;
    const limitMs = DESCRIBE_LIMIT_MS;
    const said = await kernelRooms(kernel).call({ ...call, limitMs }, { signal });
    const gives = readDescription(said, name);
    if (isJson) await tell(context, { event: "started", name, gives });
    else {
      await context.print(oneLine(`${name} runs`) + "\n");
      for (const line of givenLines(name, gives)) await context.print(`  ${oneLine(line)}\n`);
    }
  } catch (thrown) {
    signal.throwIfAborted();
    await tellFailure(context, thrown);
  }
}

async function reload(
  context: CommandContext,
  { name, folder }: { readonly name: string; readonly folder: string },
  signal: AbortSignal,
): Promise<void> {
  for await (const _change of folderChanges(folder, signal)) {
    try {
      const manifest = readManifest(await folderFiles(folder));
      if (manifest.name !== name) {
        await remark(context, `its manifest has another name now; start pyra plugin dev anew`);
        continue;
      }
      await context.kernel.call("stopPlugin", { name });
      await agree(context, name);
      await start(context, name);
    } catch (thrown) {
      if (signal.aborted) return;
      // What is half typed is mended with the next change.
      await tellFailure(context, thrown);
    }
  }
}

/** Runs what is typed, line by line. The end of the input ends nothing. */
async function readLines(
  context: CommandContext,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const bytes of context.streamStdin(signal)) {
      text += decoder.decode(bytes, { stream: true });
      const lines = text.split("\n");
      text = (lines.pop() ?? "").slice(0, LINE_LIMIT);
      for (const line of lines) {
        if (line.trim() !== "") await runLine(context, name, line.trim());
      }
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

async function runLine(context: CommandContext, name: string, line: string): Promise<void> {
  try {
    await runTypedLine(context, name, line);
  } catch (thrown) {
    if (!context.signal.aborted) await tellFailure(context, thrown);
  }
}

async function tellFailure(context: CommandContext, thrown: unknown): Promise<void> {
  const error = asShown(thrown);
  if (context.boot.options.json) await tell(context, { event: "failed", error: error.report() });
  else await context.printError(`${errorLine(error)}\n`);
}

/** One event a line, for programs. */
async function tell(
  { print }: CommandContext,
  event: Readonly<Record<string, unknown>>,
): Promise<void> {
  await print(`${JSON.stringify(event)}\n`);
}
