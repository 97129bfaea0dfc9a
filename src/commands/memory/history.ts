/**
 * `pyra memory history` and `undo`.
 * @module
 */
import type { Change, Version } from "../../memory/store/store.ts";
import type { CommandContext } from "../context.ts";
import { countOf } from "../option_values.ts";
import { byteText, jsonText, localTime, table } from "../output.ts";
import type { Parsed } from "../program.ts";
import { changeJson } from "./changes.ts";
import { onNote } from "./known_note.ts";
import { remark, withChanges, withMemory } from "./opened_memory.ts";

/** How many rows are shown without `--limit`. */
const DEFAULT_LIMIT = 20;

/** `pyra memory history [NAME]` */
export function listVersions(context: CommandContext, parsed: Parsed): Promise<number> {
  const limit = countOf(parsed.options, "--limit") ?? DEFAULT_LIMIT;
  const [typed] = parsed.arguments;
  return withMemory(context, async (memory) => {
    const all = await memory.history(typed);
    // Of a note that was removed there is a history; of one that never was, a misspelt name.
    if (typed !== undefined && all.length === 0) {
      await onNote(context, memory, typed, () => memory.read(typed));
    }
    const versions = all.slice(0, limit);
    if (context.boot.options.json) await context.print(jsonText(versions));
    else if (versions.length > 0) {
      await context.print(versionTable(versions, context.columns()));
      const hidden = all.length - versions.length;
      if (hidden > 0) await remark(context, `${hidden} older ones are not shown; see --limit`);
    } else await remark(context, "nothing was changed yet, so no version is kept");
    return 0;
  });
}

function versionTable(versions: readonly Version[], columns: number | undefined): string {
  const head = [
    { title: "id" },
    { title: "what", optional: true },
    { title: "name", shrinks: true, least: 14, keeps: "end" },
    { title: "when", optional: true },
    { title: "size before", align: "right", optional: true },
  ] as const;
  const rows = versions.map(({ id, replaced, change, name, to, size_bytes }) => [
    id,
    change,
    to === undefined ? name : `${name} → ${to}`,
    localTime(replaced),
    change === "created" ? "" : byteText(size_bytes),
  ]);
  return table(head, rows, columns);
}

/** `pyra memory undo [NAME]` */
export function undoChange(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed] = parsed.arguments;
  const { boot, print } = context;
  return withChanges(context, async (memory) => {
    const change = typed === undefined
      ? await memory.undo()
      : await onNote(context, memory, typed, () => memory.undo(typed));
    if (boot.options.json) await print(jsonText(changeJson(change)));
    else if (!boot.options.quiet) await print(`${undone(change)}\n`);
    return 0;
  });
}

/** What is so again, now that a change was taken back. */
function undone({ kind, name, from, before, after }: Change): string {
  const size = byteText(new TextEncoder().encode(after).length);
  switch (kind) {
    case "created":
      return `${name} is back (${size})`;
    case "changed":
      return `${name} is as it was before its last change${lineChange(before, after)}`;
    case "removed":
      return `${name} is gone again; it was new`;
    case "moved":
      return `${from ?? "the note"} is ${name} again`;
    case "unchanged":
      return `${name} was as before already`;
  }
}

function lineChange(before: string, after: string): string {
  const [had, has] = [lineCount(before), lineCount(after)];
  return had === has ? "" : ` (${had} → ${has})`;
}

function lineCount(text: string): string {
  const count = text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
  return count === 1 ? "1 line" : `${count} lines`;
}
