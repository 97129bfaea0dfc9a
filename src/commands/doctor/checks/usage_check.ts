/**
 * The record of what models used: `state.db`.
 * @module
 */
import { USAGE_PROBE, USAGE_VERSION } from "../../../guard/limits/tables.ts";
import { takeLock } from "../../../locking/file_lock.ts";
import { byteText } from "../../output.ts";
import { emptyLog, lookAtDatabase } from "../database.ts";
import { broken, type Check, type Finding, FIX_HINT, mended, ok, warning } from "../finding.ts";
import type { Patient } from "../patient.ts";

/** Whether limits can be held: without the record no model is asked. */
export const USAGE_CHECK: Check = {
  name: "usage",
  async look(patient) {
    const path = `${patient.context.boot.profile.db}/state.db`;
    let isKept = false;
    const found = lookAtDatabase(path, (db) => {
      // Schedules are in the same file, and may be there first.
      const sql = "SELECT 1 FROM sqlite_schema WHERE name = 'request'";
      isKept = db.prepare(sql).get() !== undefined;
      if (isKept) db.prepare(USAGE_PROBE).get();
    });
    switch (found.kind) {
      case "absent":
        return [ok("no model was asked yet")];
      case "busy":
        return [ok("db/state.db is in use")];
      case "damaged":
        return [await damaged(patient, path, found.reason)];
      case "whole": {
        if (found.version > USAGE_VERSION) {
          return [broken("db/state.db is a newer Pyra's", "use that one, or another profile")];
        }
        if (found.log > 0) return [largeLog(patient, path, found.log)];
        if (!isKept) return [ok("no model was asked yet")];
        const part = found.isAll ? "whole" : "too large to look at all of it, the rest whole";
        return [ok(`db/state.db: ${part}, ${byteText(found.bytes)}`)];
      }
    }
  },
};

/** A log of changes that nobody took into the file. */
export function largeLog({ wish }: Patient, path: string, bytes: number): Finding {
  const name = path.split("/").slice(-2).join("/");
  const message = `${name}-wal has grown to ${byteText(bytes)}`;
  if (!wish.fix) return warning(message, FIX_HINT);
  emptyLog(path);
  return mended(`${message}; it was taken into the database`);
}

async function damaged(patient: Patient, path: string, reason: string): Promise<Finding> {
  const { wish, context } = patient;
  const message =
    `db/state.db is damaged (${reason}), so no model can be asked and no schedule run`;
  if (!wish.fix) return broken(message, FIX_HINT);
  // It would go on with the file that is put aside.
  if (await patient.runningDaemon() !== null) {
    return broken(message, "run pyra daemon stop, then this again");
  }
  await using lock = await takeLock(`${path}.lock`);
  if (lock === undefined) return broken(message, "end the other Pyra, and run this again");
  const aside = `${path}.damaged-${context.now()}`;
  await Deno.rename(path, aside);
  for (const end of ["-wal", "-shm"]) await Deno.remove(path + end).catch(ignoreMissing);
  return mended(`db/state.db was damaged; it is ${aside} now, and a new one is begun`);
}

function ignoreMissing(cause: unknown): void {
  if (!(cause instanceof Deno.errors.NotFound)) throw cause;
}
