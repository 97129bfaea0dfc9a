/**
 * The memory for the length of one command: opened, brought up to date where that matters, let go of,
 * and what it has to say told.
 * @module
 */
import type { RefreshReport } from "../../memory/index/note_index.ts";
import type { Memory } from "../../memory/memory.ts";
import { asPyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { oneLine } from "../errors.ts";
import { ProgressBar } from "./progress_bar.ts";

/** Runs a command on the memory. @returns the command's exit code */
export async function withMemory(
  context: CommandContext,
  act: (memory: Memory) => Promise<number>,
): Promise<number> {
  await using told = new Notices(context);
  await using memory = await context.memory();
  told.memory = memory;
  return await act(memory);
}

/**
 * Runs a command that changes notes. An index that is new has not seen the others yet: it looks at them
 * now, so that `MEMORY_INDEX.md` says what there is from the first change on.
 */
export function withChanges(
  context: CommandContext,
  act: (memory: Memory) => Promise<number>,
): Promise<number> {
  return withMemory(context, async (memory) => {
    const code = await act(memory);
    if (!memory.isComplete) await bringUpToDate(context, memory);
    return code;
  });
}

/** Looks for notes that an editor, git or a sync changed; who waits long sees how far it is. */
export async function lookAtFiles(
  context: CommandContext,
  memory: Memory,
): Promise<RefreshReport> {
  using bar = new ProgressBar(context, "reading notes");
  const report = await memory.refresh({ signal: context.signal, progress: bar.show });
  const { added, changed, removed } = report;
  if (context.boot.options.verbose && added + changed + removed > 0) {
    bar.clear();
    await remark(context, `notes read: ${added} new, ${changed} changed, ${removed} gone`);
  }
  return report;
}

/**
 * The same for whoever can do without: what the index knew before is better than nothing, in a folder
 * that cannot be written or while another program works on it.
 */
export async function bringUpToDate(
  context: CommandContext,
  memory: Memory,
): Promise<RefreshReport | undefined> {
  try {
    return await lookAtFiles(context, memory);
  } catch (thrown) {
    const error = asPyraError(thrown);
    if (!error.code.startsWith("index_")) throw thrown;
    // The memory's notices may tell the reason already.
    const why = memory.notices.includes(error.message) ? "" : `: ${error.message}`;
    const hint = error.hint === "" ? "" : ` — ${error.hint}`;
    await remark(context, `the index is as it was when the notes were last read${why}${hint}`);
    return undefined;
  }
}

/** A sentence beside the output, on standard error. */
export async function remark(context: CommandContext, sentence: string): Promise<void> {
  const { json, quiet } = context.boot.options;
  if (!json && !quiet) await context.printError(`${oneLine(`pyra: ${sentence}`)}\n`);
}

/** Told when the memory is closed: what happens then may add one. */
class Notices implements AsyncDisposable {
  readonly #context: CommandContext;
  memory: Memory | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const notice of this.memory?.notices ?? []) await remark(this.#context, notice);
  }
}
