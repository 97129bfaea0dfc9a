/**
 * Taking back a change.
 *
 * Each undo goes one change further back; what it replaces is kept as a version, from which it can be had
 * again (`history`, `version`). A change that is taken back already by other means is passed over.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { nothingToUndo } from "./faults.ts";
import type { FileChange } from "./file_change.ts";
import type { History } from "./history.ts";
import type { Place } from "./place.ts";
import type { Change } from "./store.ts";
import type { VersionRecord } from "./version_record.ts";

/** What an undo needs of the store, all of it under the lock. */
export interface UndoPorts {
  readonly history: History;
  /** The note whose last change is meant; `undefined` for the last change of all. */
  readonly name: string | undefined;
  readonly place: (name: string) => Place;
  readonly read: (place: Place) => Promise<Uint8Array | undefined>;
  readonly change: (change: FileChange) => Promise<Change>;
  readonly move: (from: string, to: string, undoes: string) => Promise<Change>;
}

/** Takes back the last change. @throws {PyraError} code `nothing_to_undo`, and those of a change */
export async function undoLast(ports: UndoPorts): Promise<Change> {
  const ledger = await ports.history.ledger();
  for (const record of ledger.undoable(ports.name)) {
    const change = await takeBack(record, ports);
    if (change && change.kind !== "unchanged") return change;
  }
  throw nothingToUndo(ports.name);
}

/** Takes one change back; `undefined` if there is nothing of it left. */
async function takeBack(record: VersionRecord, ports: UndoPorts): Promise<Change | undefined> {
  const { id, name, to } = record;
  const place = ports.place(name);
  if (to !== undefined && ports.place(to).file) return await ports.move(to, name, id);
  const before = await ports.read(place);
  if (record.change === "created") {
    return before && await ports.change({ place, before, after: undefined, undoes: id });
  }
  // Moved, and gone from there: only put back where nothing else is now.
  if (to !== undefined && before) return undefined;
  const after = await keptBytes(record, ports.history);
  return after && await ports.change({ place, before, after, undoes: id });
}

/** A version's bytes; `undefined` if its file is lost, so that the undo can go on to the one before. */
async function keptBytes(record: VersionRecord, history: History): Promise<Uint8Array | undefined> {
  try {
    return await history.bytes(record.id);
  } catch (cause) {
    if (cause instanceof PyraError && cause.code === "no_such_version") return undefined;
    throw cause;
  }
}
