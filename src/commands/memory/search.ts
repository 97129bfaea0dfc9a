/**
 * `pyra memory search`: one question for a person or a program, or many from standard input.
 * @module
 */
import type { Memory, MemorySearch } from "../../memory/memory.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { countOf, isOn, textOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { hitJson, hitText } from "./hit_text.ts";
import { folderName, nothingIn } from "./notes.ts";
import { bringUpToDate, remark, withMemory } from "./opened_memory.ts";
import { ProgressBar } from "./progress_bar.ts";

/** `pyra memory search WORDS…` */
export async function searchNotes(context: CommandContext, parsed: Parsed): Promise<number> {
  const { options, arguments: words } = parsed;
  const query = words.join(" ");
  const isMany = isOn(options, "--jsonl");
  checkInput(context, query, isMany);
  const limit = countOf(options, "--limit");
  const category = folderName(textOf(options, "--category") ?? "");
  const search: MemorySearch = {
    signal: context.signal,
    ...(limit === undefined ? {} : { limit }),
    ...(category === "" ? {} : { category }),
    ...(isOn(options, "--semantic") ? { semantic: true } : {}),
  };
  return await withMemory(context, async (memory) => {
    await bringUpToDate(context, memory);
    if (search.semantic) await giveVectors(context, memory);
    if (isMany) {
      const { answerLines } = await import("./search_lines.ts");
      await answerLines(context, (text) => memory.search(text, search));
    } else await showHits(context, memory, query, search);
    return 0;
  });
}

function checkInput({ boot }: CommandContext, query: string, isMany: boolean): void {
  if (isMany && query !== "") {
    throw usageError("--jsonl takes no words", "its questions come from standard input");
  }
  if (isMany && boot.terminal.stdin) {
    throw usageError(
      "--jsonl reads questions from standard input",
      'pipe in one {"id":"1","query":"words"} a line',
    );
  }
  if (!isMany && query.trim() === "") {
    throw usageError("pyra memory search needs words", "write pyra memory search night train");
  }
}

async function showHits(
  context: CommandContext,
  memory: Memory,
  query: string,
  search: MemorySearch,
): Promise<void> {
  const { boot, print } = context;
  const hits = await memory.search(query, search);
  if (boot.options.json) await print(jsonText(hits.map(hitJson)));
  else if (hits.length > 0) {
    const layout = { width: context.columns(), color: hasColor(context) };
    await print(hits.map((hit) => hitText(hit, layout)).join("\n"));
  } else {
    const { category = "" } = search;
    const isEmpty = (await memory.list(category || undefined)).length === 0;
    await remark(
      context,
      isEmpty ? await nothingIn(memory, category) : "nothing was found; other words may find it",
    );
  }
}

/** Notes that were changed since have none yet; without them meaning could not find these. */
async function giveVectors(context: CommandContext, memory: Memory): Promise<void> {
  using bar = new ProgressBar(context, "finding meaning");
  await memory.embed({ signal: context.signal, progress: bar.show });
}

function hasColor({ boot }: CommandContext): boolean {
  const { terminal, options, env } = boot;
  return terminal.stdout && options.color && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
