/**
 * Moving and deleting files and folders.
 * @module
 */
import type { PluginContext } from "pyra/sdk";
import { Backups } from "./backups.ts";
import { putEntry } from "./commit.ts";
import { FileError, quoted } from "./file_error.ts";
import { entryPlace, type Place, refuseName, workspaceOf } from "./place.ts";
import { type Input, type Prepared, versionText } from "./prepared.ts";
import { markOf } from "./state.ts";
import { dropNote, isTrash, trashOf, trashPlace } from "./trash.ts";
import { bothRisks, type WriteRisk, writeRisk } from "./write_risk.ts";

/** So many entries of a folder are counted for the question. */
const COUNTED = 10_000;

interface Entry extends Place {
  readonly info: Deno.FileInfo;
}

/** Prepares a move to a name that is free. */
export async function prepareMove(input: Input, context: PluginContext): Promise<Prepared> {
  const workspace = workspaceOf(context);
  const from = await entryOf(workspace, input["from"]);
  const to = await entryPlace(workspace, input["to"]);
  refuseName(to);
  for (const { path } of [from, to]) {
    if (isTrash(path)) throw new FileError("refused", `${quoted(path)} lies in the trash`);
  }
  if (to.info !== undefined) {
    const message = `${
      quoted(to.path)
    } is there already; to is the whole new path, and must be free`;
    throw new FileError("refused", message);
  }
  if (`${to.path}/`.startsWith(`${from.path}/`)) {
    throw new FileError("bad_input", `${quoted(from.path)} cannot be moved into itself`);
  }
  const state = { kind: "entry", mark: markOf(from.info) } as const;
  const risk = bothRisks(riskOf(from, workspace), riskOf({ ...from, path: to.path }, workspace));
  return {
    does: `move ${await described(from)} to ${quoted(to.path)}`,
    risk,
    writes: [from.path, to.path],
    seen: { [from.real]: state, [to.real]: { kind: "nothing" } },
    commit() {
      const backups = new Backups(context.dataFolder);
      const { path, real } = from;
      const id = backups.add({ kind: "moved", real, path, to: to.real, mark: state.mark });
      try {
        putEntry({ path: to.path, from: real, to: to.real, state });
      } catch (thrown) {
        backups.drop(id);
        throw thrown;
      }
      return `moved ${path} to ${to.path}; undo_file_change takes it back`;
    },
  };
}

/** Prepares a move to the trash. */
export async function prepareDelete(input: Input, context: PluginContext): Promise<Prepared> {
  const workspace = workspaceOf(context);
  const entry = await entryOf(workspace, input["path"]);
  const { path, real, info } = entry;
  if (isTrash(path)) {
    throw new FileError("refused", `${quoted(path)} is in the trash; the person may empty it`);
  }
  const state = { kind: "entry", mark: markOf(info) } as const;
  const version = await versionText(workspace, path);
  const folder: WriteRisk = { ask: "person", reasons: ["is a folder with all that is in it"] };
  const own = riskOf(entry, workspace);
  return {
    does: `move ${await described(entry)} to the trash of the workspace; it is ${version}`,
    risk: info.isDirectory ? bothRisks(own, folder) : own,
    writes: [path],
    seen: { [real]: state },
    commit() {
      const backups = new Backups(context.dataFolder);
      const place = trashPlace(workspace, path, new Date());
      const { to, note } = place;
      const id = backups.add({ kind: "trashed", real, path, to, mark: state.mark, note });
      try {
        putEntry({ path, from: real, to, state });
      } catch (thrown) {
        dropNote(note);
        backups.drop(id);
        throw thrown;
      }
      const trash = trashOf(place).slice(workspace.length + 1);
      return `moved ${path} to the trash (${trash}); undo_file_change takes it back`;
    },
  };
}

async function entryOf(workspace: string, given: Input[string] | undefined): Promise<Entry> {
  const place = await entryPlace(workspace, given);
  if (place.info !== undefined) return { ...place, info: place.info };
  const message = `there is no ${quoted(place.path)}; look with list_directory or search_files`;
  throw new FileError("not_found", message);
}

function riskOf({ path, info }: Entry, workspace: string): WriteRisk {
  const isProgram = info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
  // A folder stands for what lies in it: `.ssh` is as grave as `.ssh/config`.
  const name = info.isDirectory ? `${path}/any` : path;
  const inner = writeRisk({ path: name, workspace, kind: isProgram ? "program" : "file" });
  return bothRisks(inner, writeRisk({ path, workspace, kind: "file" }));
}

async function described({ path, real, info }: Entry): Promise<string> {
  if (info.isSymlink) return `the link ${quoted(path)}`;
  if (!info.isDirectory) return `${quoted(path)} (${sizeText(info.size)})`;
  let count = 0;
  const folders = [real];
  for (let folder; count < COUNTED && (folder = folders.pop()) !== undefined;) {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      count++;
      if (isDirectory) folders.push(`${folder}/${name}`);
      if (count >= COUNTED) break;
    }
  }
  const many = count >= COUNTED ? `more than ${COUNTED}` : String(count);
  return `the folder ${quoted(path)} (${many} entries)`;
}

/** A size as people read it. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let [size, unit] = [bytes, 0];
  while (size >= 1_024 && unit < units.length - 1) [size, unit] = [size / 1_024, unit + 1];
  return unit === 0 ? `${bytes} bytes` : `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}
