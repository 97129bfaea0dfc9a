/**
 * `pyra memory list` and `show`.
 * @module
 */
import type { Memory } from "../../memory/memory.ts";
import type { NoteEntry } from "../../memory/note/note.ts";
import type { Version } from "../../memory/store/store.ts";
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { countOf, textOf } from "../option_values.ts";
import { byteText, jsonText, localTime, table } from "../output.ts";
import type { Parsed } from "../program.ts";
import { printable } from "../terminal_text.ts";
import { onNote } from "./known_note.ts";
import { bringUpToDate, remark, withMemory } from "./opened_memory.ts";

/** `pyra memory list [CATEGORY]` */
export function listNotes(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const limit = countOf(parsed.options, "--limit") ?? Infinity;
  const [typed = ""] = parsed.arguments;
  return withMemory(context, async (memory) => {
    await bringUpToDate(context, memory);
    const category = folderName(typed);
    const all = await memory.list(category === "" ? undefined : category);
    const entries = all.slice(0, limit);
    if (boot.options.json) await print(jsonText(entries.map(entryJson)));
    else if (entries.length > 0) await print(entryTable(entries, context.columns()));
    else await remark(context, await nothingIn(memory, category));
    const hidden = all.length - entries.length;
    if (hidden > 0) await remark(context, `${hidden} more are not shown; give a larger --limit`);
    return 0;
  });
}

/** A folder as it was typed, without slashes around it; empty for the whole memory. */
export function folderName(typed: string): string {
  return typed.normalize("NFC").replace(/^\/+|\/+$/g, "");
}

/** Why there is nothing to show of a category, or of all. */
export async function nothingIn(memory: Memory, category: string): Promise<string> {
  const entries = await memory.list();
  const folders = [...new Set(entries.map((entry) => entry.category.split("/")[0] ?? ""))]
    .filter((name) => name !== "");
  if (entries.length === 0) {
    return 'there are no notes yet; pyra memory write NAME "some text" makes one';
  }
  const known = folders.length === 0 ? "" : `; the folders are ${folders.slice(0, 10).join(", ")}`;
  return `there are no notes in ${category}${known}`;
}

function entryTable(entries: readonly NoteEntry[], columns: number | undefined): string {
  const head = [
    { title: "name", shrinks: true, least: 24, keeps: "end" },
    { title: "changed", optional: true },
    { title: "size", align: "right", optional: true },
    { title: "", optional: true },
    { title: "summary", shrinks: true },
  ] as const;
  const rows = entries.map(({ name, modified, size_bytes, pinned, summary }) => [
    name,
    localTime(modified),
    byteText(size_bytes),
    pinned ? "pinned" : "",
    summary,
  ]);
  return table(head, rows, columns);
}

function entryJson(entry: NoteEntry): Record<string, unknown> {
  const { name, category, summary, keywords, pinned, source } = entry;
  const { created, updated, modified, size_bytes } = entry;
  return {
    name,
    category,
    summary,
    keywords,
    pinned,
    source,
    created,
    updated,
    modified,
    size_bytes,
  };
}

/** `pyra memory show NAME [--at ID]` */
export function showNote(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const [typed = ""] = parsed.arguments;
  const id = textOf(parsed.options, "--at");
  return withMemory(context, async (memory) => {
    if (id !== undefined) {
      const version = await findVersion(context, memory, typed, id);
      const text = await memory.version(version.id);
      const shown = boot.options.json
        ? jsonText({ ...version, text })
        : printable(boot, withLineEnd(text));
      await print(shown);
      if (version.change === "created") {
        await remark(context, `${version.name} was not there before`);
      }
      return 0;
    }
    const note = await onNote(context, memory, typed, () => memory.read(typed));
    for (const problem of note.problems) await remark(context, `${note.name}: ${problem}`);
    const { name, facts, body, text, problems } = note;
    await print(
      boot.options.json
        ? jsonText({ name, ...facts, body, text, problems })
        : printable(boot, withLineEnd(text)),
    );
    return 0;
  });
}

/** A version of a note; the start of its id is enough. */
async function findVersion(
  context: CommandContext,
  memory: Memory,
  typed: string,
  id: string,
): Promise<Version> {
  const versions = await onNote(context, memory, typed, () => memory.history(typed));
  const found = versions.filter((version) => version.id.startsWith(id));
  const version = versions.find((one) => one.id === id) ?? found[0];
  if (version && (found.length === 1 || version.id === id)) return version;
  const what = version ? `several versions begin with ${id}` : `there is no version ${id}`;
  throw new PyraError("file", "no_such_version", `${what} of ${typed}`, {
    hint: `pyra memory history ${typed} lists them`,
  });
}

function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
