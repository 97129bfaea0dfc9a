/**
 * `pyra memory import` and `export`.
 * @module
 */
import type {
  ExportReport,
  ImportedNote,
  ImportReport,
  SkipReason,
} from "../../memory/exchange/exchange.ts";
import type { Memory } from "../../memory/memory.ts";
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { isOn, textOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { printable } from "../terminal_text.ts";
import { folderName } from "./notes.ts";
import { lookAtFiles, remark, withMemory } from "./opened_memory.ts";
import { ProgressBar } from "./progress_bar.ts";

/** More problems than this are counted and not listed. */
const PROBLEM_LINES = 20;

/** What was left out, for one and for several. */
const SKIPPED: Readonly<Record<SkipReason, readonly [one: string, many: string]>> = {
  attachments: ["attachment", "attachments"],
  links: ["link", "links"],
  empty: ["empty one", "empty ones"],
  too_large: ["too large", "too large"],
  unreadable: ["unreadable", "unreadable"],
  not_understood: ["not understood", "not understood"],
};

/** `pyra memory import PATH [CATEGORY]` */
export function importMemory(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const [typed = "", folder = ""] = parsed.arguments;
  const dryRun = isOn(parsed.options, "--dry-run");
  return withMemory(context, async (memory) => {
    await lookAtFiles(context, memory);
    const notes: ImportedNote[] = [];
    const report = await takeIn(context, memory, {
      path: boot.granted[0] ?? typed,
      category: folderName(folder),
      dryRun,
      each: (note) => void (note.kind !== "unchanged" && notes.push(note)),
    });
    if (boot.options.json) await print(jsonText({ ...report, dry_run: dryRun, notes }));
    else {
      if (dryRun) await print(printable(boot, notes.map(noteLine).join("")));
      if (!boot.options.quiet) await print(`${importSentence(report, dryRun)}\n`);
      await tellProblems(context, report.problems, report.moreProblems);
    }
    const nothingCame = report.created + report.changed + report.unchanged === 0;
    return nothingCame && report.problems.length > 0 ? EXIT.failed : EXIT.done;
  });
}

async function takeIn(
  context: CommandContext,
  memory: Memory,
  { path, category, dryRun, each }: {
    readonly path: string;
    readonly category: string;
    readonly dryRun: boolean;
    readonly each: (note: ImportedNote) => void;
  },
): Promise<ImportReport> {
  const { importNotes } = await import("../../memory/exchange/import_notes.ts");
  using bar = new ProgressBar(context, dryRun ? "looking" : "importing");
  return await importNotes({ path }, memory, {
    ...(category === "" ? {} : { category }),
    dryRun,
    signal: context.signal,
    progress: bar.show,
    each,
  });
}

function noteLine({ kind, name }: ImportedNote): string {
  return `${kind.padEnd("created".length)}  ${name}\n`;
}

function importSentence(report: ImportReport, dryRun: boolean): string {
  const { created, changed, unchanged } = report;
  const left = Object.entries(report.skips) as [SkipReason, number][];
  const skipped = left.filter(([, count]) => count > 0)
    .map(([reason, count]) => `${count} ${SKIPPED[reason][count === 1 ? 0 : 1]}`);
  const counts = [
    `${count(created, "note")} ${dryRun ? "would be new" : created === 1 ? "is new" : "are new"}`,
    `${changed} changed`,
    `${unchanged} as before`,
  ];
  const leftOut = skipped.length === 0 ? "" : `; left out: ${skipped.join(", ")}`;
  return `${counts.join(", ")}${leftOut}${dryRun ? "; nothing was written" : ""}`;
}

/** `pyra memory export` */
export function exportMemory(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const output = textOf(parsed.options, "--output");
  return withMemory(context, async (memory) => {
    const exchange = await import("../../memory/exchange/export_notes.ts");
    if (output === undefined) {
      for await (const line of exchange.noteLines(memory, context.signal)) {
        await print(printable(boot, line));
      }
      return 0;
    }
    const report = await giveOut(context, memory, boot.granted[0] ?? output);
    if (boot.options.json) await print(jsonText({ ...report, output }));
    else {
      if (!boot.options.quiet) {
        const are = report.notes === 1 ? "is" : "are";
        await print(`${count(report.notes, "note")} ${are} in ${output}\n`);
      }
      await tellProblems(context, report.problems, 0);
    }
    return 0;
  });
}

async function giveOut(
  context: CommandContext,
  memory: Memory,
  path: string,
): Promise<ExportReport> {
  const { exportNotes } = await import("../../memory/exchange/export_notes.ts");
  using bar = new ProgressBar(context, "exporting");
  return await exportNotes(memory, { path }, { signal: context.signal, progress: bar.show });
}

async function tellProblems(
  context: CommandContext,
  problems: readonly { readonly name: string; readonly message: string }[],
  more: number,
): Promise<void> {
  for (const { name, message } of problems.slice(0, PROBLEM_LINES)) {
    await remark(context, `${name}: ${message}`);
  }
  const hidden = problems.length - PROBLEM_LINES + more;
  if (hidden > 0) await remark(context, `${hidden} more had problems; --json lists them`);
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
