/**
 * Taking back what this plugin changed, if nobody changed it since.
 * @module
 */
import type { PluginContext } from "pyra/sdk";
import { Backups, type Change, type KeptChange } from "./backups.ts";
import { putEntry, putFile } from "./commit.ts";
import { diffText } from "./diff_text.ts";
import { FileError, quoted } from "./file_error.ts";
import { entryPlace, workspaceOf } from "./place.ts";
import type { Input, Prepared } from "./prepared.ts";
import { isStill, refuseChanged, type State } from "./state.ts";
import { readText } from "./text_file.ts";
import { dropNote } from "./trash.ts";
import { type WriteRisk, writeRisk } from "./write_risk.ts";

/** Prepares taking back the newest change, or the newest of one path. */
export async function prepareUndo(input: Input, context: PluginContext): Promise<Prepared> {
  const workspace = workspaceOf(context);
  const backups = new Backups(context.dataFolder);
  const wanted = input["path"] === undefined
    ? undefined
    : (await entryPlace(workspace, input["path"])).real;
  const kept = newestOf(backups, workspace, wanted);
  const { path, real } = kept.change;
  const place = await entryPlace(workspace, path);
  if (place.real !== real) {
    throw new FileError(
      "refused",
      `${quoted(path)} is elsewhere now, behind a link; nothing was done`,
    );
  }
  const risk = writeRisk({ path, workspace, kind: "file" });
  return kept.change.kind === "replaced" || kept.change.kind === "made"
    ? textUndo({ kept, change: kept.change, backups, risk })
    : entryUndo({ kept, change: kept.change, backups, risk }, workspace);
}

interface Undo<Kind extends Change["kind"]> {
  readonly kept: KeptChange;
  readonly change: Extract<Change, { readonly kind: Kind }>;
  readonly backups: Backups;
  readonly risk: WriteRisk;
}

function newestOf(backups: Backups, workspace: string, wanted: string | undefined): KeptChange {
  for (const kept of backups.newest()) {
    const { change } = kept;
    if (!change.real.startsWith(`${workspace.replace(/\/$/, "")}/`)) continue;
    const ends = [change.real, "to" in change ? change.to : change.real];
    if (wanted === undefined || ends.includes(wanted)) return kept;
  }
  const message = wanted === undefined
    ? "there is no change of this workspace to take back"
    : "there is no change of that path to take back";
  throw new FileError("not_found", message);
}

function textUndo({ kept, change, backups, risk }: Undo<"replaced" | "made">): Prepared {
  const { path, real, after } = change;
  const state: State = { kind: "text", hash: after };
  if (!isStill(real, state)) {
    const message = `${quoted(path)} was changed since by somebody else, so it is not taken back`;
    throw new FileError("changed", message);
  }
  const shared = { risk, writes: [path], seen: { [real]: state } };
  if (change.kind === "made") {
    return {
      ...shared,
      does: `take back the new file ${quoted(path)}, which removes it`,
      commit() {
        refuseChanged(path, real, state);
        Deno.removeSync(real);
        backups.drop(kept.id);
        return `removed ${path}, which was new`;
      },
    };
  }
  const bytes = backups.before(kept.id);
  if (bytes === undefined) {
    throw new FileError("not_found", `what ${quoted(path)} was before is not kept any more`);
  }
  const [now, before] = [Deno.readFileSync(real), bytes].map((one) => readText(one)?.text ?? "");
  const diff = diffText(path, now ?? "", before ?? "");
  return {
    ...shared,
    does: `take back the last change of ${quoted(path)} (${diff.counts} lines)`,
    detail: diff.text,
    commit() {
      putFile({ path, real, bytes, state, mode: change.mode });
      backups.drop(kept.id);
      return `${path} is as it was before the last change`;
    },
  };
}

function entryUndo(
  { kept, change, backups, risk }: Undo<"moved" | "trashed">,
  workspace: string,
): Prepared {
  const { path, real, to, mark, note } = change;
  const state: State = { kind: "entry", mark };
  const from = to.slice(workspace.replace(/\/$/, "").length + 1);
  if (!isStill(to, state)) {
    throw new FileError("changed", `${quoted(from)} is not there any more as it was moved`);
  }
  if (!isStill(real, { kind: "nothing" })) {
    throw new FileError("changed", `something else is at ${quoted(path)} now; move it away first`);
  }
  return {
    does: `move ${quoted(from)} back to ${quoted(path)}`,
    risk,
    writes: [path, from],
    seen: { [real]: { kind: "nothing" }, [to]: state },
    commit() {
      putEntry({ path, from: to, to: real, state });
      if (note !== undefined) dropNote(note);
      backups.drop(kept.id);
      return `${path} is back`;
    },
  };
}
