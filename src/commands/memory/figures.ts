/**
 * `pyra memory stats` and `reindex`.
 * @module
 */
import type { EmbedReport, IndexFigures, RefreshReport } from "../../memory/index/note_index.ts";
import type { Memory } from "../../memory/memory.ts";
import type { CommandContext } from "../context.ts";
import { oneLine } from "../errors.ts";
import { byteText, jsonText, table } from "../output.ts";
import { bringUpToDate, remark, withMemory } from "./opened_memory.ts";
import { ProgressBar } from "./progress_bar.ts";

/** `pyra memory stats` */
export function showFigures(context: CommandContext): Promise<number> {
  const { boot, print } = context;
  return withMemory(context, async (memory) => {
    const { problems } = await bringUpToDate(context, memory) ?? { problems: [] };
    const counted = await memory.figures();
    // Files that are left out have no row that could be counted.
    const figures = { ...counted, problems: Math.max(counted.problems, problems.length) };
    const categories = await categoryCounts(memory);
    const model = await embeddingModel(context);
    if (boot.options.json) {
      await print(jsonText({
        ...figures,
        problems,
        categories,
        folder: boot.profile.memory,
        embeddings: model ?? null,
      }));
    } else {
      const rows = figureRows(figures, { categories, model, folder: boot.profile.memory });
      await print(table([{ title: "" }, { title: "" }], rows, undefined));
      await print(problems.map((problem) => `  ${oneLine(problemLine(problem))}\n`).join(""));
    }
    return 0;
  });
}

function figureRows(
  figures: IndexFigures,
  more: {
    readonly categories: Readonly<Record<string, number>>;
    readonly model: string | undefined;
    readonly folder: string;
  },
): string[][] {
  const { notes, passages, words, pinned, problems, embedded } = figures;
  const number = (value: number) => value.toLocaleString("en");
  const categories = Object.entries(more.categories)
    .map(([name, count]) => `${name === "" ? "(no folder)" : name} ${number(count)}`);
  return [
    ["folder", more.folder],
    ["notes", `${number(notes)} (${byteText(figures.size_bytes)})`],
    ["categories", categories.length === 0 ? "none" : categories.join(", ")],
    ["pinned", number(pinned)],
    ["passages", `${number(passages)} of ${number(words)} different words`],
    ["index", byteText(figures.database_bytes)],
    [
      "embeddings",
      more.model === undefined
        ? "off; pyra config set memory.embeddings names a model"
        : `${number(embedded)} of ${number(notes)} by ${more.model}`,
    ],
    ["problems", problems === 0 ? "none" : number(problems)],
  ];
}

function problemLine({ name, message }: RefreshReport["problems"][number]): string {
  return message.startsWith(`${name} `) ? message : `${name}: ${message}`;
}

/** How many notes there are in each folder at the top, with what is below it. */
async function categoryCounts(memory: Memory): Promise<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { category } of await memory.list()) {
    const top = category.split("/")[0] ?? "";
    counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  const names = [...counts].sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(names);
}

async function embeddingModel(context: CommandContext): Promise<string | undefined> {
  return (await context.loadConfig()).config.memory.embeddings;
}

/** `pyra memory reindex` */
export function reindexNotes(context: CommandContext): Promise<number> {
  const { boot, print } = context;
  return withMemory(context, async (memory) => {
    const report = await rebuild(context, memory);
    const indexed = `${report.notes === 1 ? "1 note is" : `${report.notes} notes are`} indexed`;
    const isQuiet = boot.options.json || boot.options.quiet;
    const vectors = await embeddingModel(context) === undefined
      ? undefined
      : await embed(context, memory).catch(async (thrown: unknown) => {
        if (!isQuiet) await print(`${indexed} by their words, not by meaning\n`);
        throw thrown;
      });
    if (boot.options.json) await print(jsonText({ ...report, ...vectors && { vectors } }));
    else if (!isQuiet) {
      await print(`${indexed}${vectors ? `, ${vectors.total} of them by meaning` : ""}\n`);
    }
    for (const problem of report.problems) await remark(context, problemLine(problem));
    return 0;
  });
}

async function rebuild(context: CommandContext, memory: Memory): Promise<RefreshReport> {
  using bar = new ProgressBar(context, "reading notes");
  return await memory.rebuild({ signal: context.signal, progress: bar.show });
}

async function embed(context: CommandContext, memory: Memory): Promise<EmbedReport> {
  using bar = new ProgressBar(context, "finding meaning");
  return await memory.embed({ signal: context.signal, progress: bar.show });
}
