/**
 * The index of the notes: whether it is whole and says what the notes say.
 * @module
 */
import { SCHEMA_VERSION } from "../../../memory/index/schema.ts";
import type { Memory } from "../../../memory/memory.ts";
import { openNoteStore } from "../../../memory/store/folder_store.ts";
import { lookAtDatabase } from "../database.ts";
import {
  type Check,
  counted,
  type Finding,
  FIX_HINT,
  mended,
  ok,
  someOf,
  warning,
} from "../finding.ts";
import { largeLog } from "./usage_check.ts";
import type { Patient } from "../patient.ts";

interface Row {
  readonly size: number;
  readonly modified: number;
  readonly problem: string;
}

/** Made from the notes, so it is never grave. */
export const MEMORY_CHECK: Check = {
  name: "memory",
  async look(patient) {
    const { boot: { profile }, now, signal } = patient.context;
    const store = openNoteStore({ folder: profile.memory, now });
    const closed: string[] = [];
    const files = await store.files({
      signal,
      problem: (name) => void closed.push(name || "memory"),
    });
    const path = `${profile.db}/memory.db`;
    const rows = new Map<string, Row>();
    const found = lookAtDatabase(path, (db) => {
      const all = db.prepare("SELECT path, size_bytes, modified, problem FROM memory_meta");
      for (const { path, size_bytes, modified, problem } of all.iterate()) {
        const row = { size: Number(size_bytes), modified: Number(modified) };
        rows.set(String(path), { ...row, problem: String(problem) });
      }
    });
    const unread = closed.length === 0
      ? []
      : [warning(`not readable: ${someOf(closed)}`, "see the files' modes and owners")];
    const notes = counted(files.length, "note");
    switch (found.kind) {
      case "absent":
        if (files.length === 0) return [...unread, ok("no notes yet")];
        return [...unread, await remade(patient, `${notes}, and no index yet`)];
      case "busy":
        return [...unread, ok(`${notes}; the index is in use`)];
      case "damaged":
        return [...unread, await remade(patient, `the index is damaged (${found.reason})`)];
      case "whole":
        break;
    }
    if (found.version !== SCHEMA_VERSION) {
      return [...unread, await remade(patient, "the index is another version's")];
    }
    const others = unread.concat(
      problemsOf(rows),
      found.log > 0 ? largeLog(patient, path, found.log) : [],
    );
    const known = new Set(files.map(({ name }) => name));
    const late = files.filter(({ name, size_bytes, modified }) => {
      const row = rows.get(name);
      return row?.size !== size_bytes || row.modified !== modified;
    }).length + (closed.length > 0 ? 0 : [...rows.keys()].filter((name) =>
      !known.has(name)
    ).length);
    if (late > 0) return [...others, await refreshed(patient, late)];
    const part = found.isAll ? "whole" : "too large to look at all of it";
    return [...others, ok(`${notes}, the index ${part} and up to date`)];
  },
};

function problemsOf(rows: ReadonlyMap<string, Row>): readonly Finding[] {
  const names = [...rows].flatMap(([name, { problem }]) => problem === "" ? [] : [name]);
  if (names.length === 0) return [];
  const message = `${counted(names.length, "note")} not indexed whole: ${someOf(names)}`;
  return [warning(message, "pyra memory stats says why")];
}

async function refreshed(patient: Patient, late: number): Promise<Finding> {
  const message = `${counted(late, "note")} changed since the index was brought up to date`;
  if (!patient.wish.fix) return warning(message, FIX_HINT);
  await withMemory(patient, (memory, signal) => memory.refresh({ signal }));
  return mended(`${message}; it is up to date now`);
}

async function remade(patient: Patient, message: string): Promise<Finding> {
  if (!patient.wish.fix) return warning(message, FIX_HINT);
  await withMemory(patient, (memory, signal) => memory.rebuild({ signal }));
  return mended(`${message}; it was made anew`);
}

async function withMemory(
  { context }: Patient,
  act: (memory: Memory, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  await using memory = await context.memory();
  await act(memory, context.signal);
}
