/**
 * The profile's folder: where it lies, whose its files are, what was left in it, and the disk.
 * @module
 */
import { isLockHeld, takeLock } from "../../../locking/file_lock.ts";
import type { ProfileFault } from "../../../protocol/kernel_calls.ts";
import { byteText } from "../../output.ts";
import {
  broken,
  type Check,
  counted,
  type Finding,
  FIX_HINT,
  mended,
  ok,
  someOf,
  warning,
} from "../finding.ts";
import type { Patient } from "../patient.ts";

/** Nothing can be written, or soon nothing. */
const FULL_BYTES = 50e6;
const LOW_BYTES = 500e6;

/** Folders that are copied to other machines, by names in their paths. */
const SYNCED =
  /[\\/](?:Dropbox|OneDrive[^\\/]*|Google ?Drive|GoogleDrive[^\\/]*|My Drive|iCloud ?Drive|Mobile Documents|CloudStorage|Nextcloud|ownCloud|Syncthing|Sync|pCloud ?Drive|MEGA|Box|Yandex\.Disk)(?:[\\/]|$)/i;
/** File systems on other machines, by the numbers that Linux gives them (`statfs(2)`). */
const REMOTE: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0xff534d42: "CIFS",
  0xfe534d42: "SMB",
  0x517b: "SMB",
  0x5346414f: "AFS",
  0x01021997: "9p",
};

/** Where the profile lies. */
export const FOLDER_CHECK: Check = {
  name: "folder",
  async look(patient) {
    const { context: { boot: { os, profile: { home } } } } = patient;
    const { exposed, disk } = await patient.files();
    const found: Finding[] = exposed.map((folder) =>
      broken(
        `anybody may rename what is in ${folder}, so the profile could be replaced`,
        `run chmod o-w ${quoted(folder)}`,
      )
    );
    const elsewhere = "move it out of there, and name the new place with --home or PYRA_HOME";
    if (SYNCED.test(home)) {
      const message =
        `${home} is copied to other machines: its databases may be damaged by that, ` +
        "and the vault is on all of them";
      found.push(warning(message, elsewhere));
    }
    const remote = os === "linux" ? REMOTE[disk?.type ?? 0] : undefined;
    if (remote !== undefined) {
      const message = `${home} is on another machine (${remote}), where locks may not hold`;
      found.push(warning(message, elsewhere));
    }
    return found.length > 0 ? found : [ok(home)];
  },
};

/** Whose the files are, and who may read them. */
export const FILES_CHECK: Check = {
  name: "files",
  async look(patient) {
    const { context: { boot: { profile: { home } } } } = patient;
    const { faults, more, isWhole, repaired } = await patient.files();
    const found: Finding[] = repaired.map(mended);
    const foreign = faults.filter(({ kind }) => kind === "foreign");
    if (foreign.length > 0) {
      const message = `${counted(foreign.length, "file")} not yours: ${namesOf(foreign)}`;
      found.push(broken(message, `run sudo chown -R "$USER" ${quoted(home)}`));
    }
    const open = faults.filter(({ kind }) => kind === "open");
    const closed = open.filter(({ fixed }) => fixed);
    if (closed.length > 0) {
      const count = counted(closed.length + (patient.wish.fix ? more : 0), "file");
      found.push(mended(`${count} closed to others: ${namesOf(closed)}`));
    }
    const left = open.filter(({ fixed }) => !fixed);
    if (left.length > 0) {
      const message = `${counted(left.length + more, "file")} open to others: ${
        namesOf(left, more)
      }`;
      const hint = patient.wish.fix ? `run chmod -R go-rwx ${quoted(home)}` : FIX_HINT;
      // In a folder that is closed nobody comes as far; what keeps secrets is another matter.
      const isGrave = left.some(({ path }) => /^(?:vault|$)|^[^\\/]+$/.test(path));
      found.push(isGrave ? broken(message, hint) : warning(message, hint));
    }
    if (!isWhole) found.push(warning("there are too many files to look at all", ""));
    return found.length > 0 ? found : [ok("all are yours, and closed to others")];
  },
};

function namesOf(faults: readonly ProfileFault[], more = 0): string {
  return someOf(faults.map(({ path }) => path || "the folder itself"), more);
}

function quoted(path: string): string {
  return /^[\w/.~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** What killed runs left. */
export const LEFT_CHECK: Check = {
  name: "leftovers",
  async look(patient) {
    const { faults } = await patient.files();
    const left = faults.filter(({ kind }) => kind === "left");
    const removed = left.filter(({ fixed }) => fixed).length;
    const { free, taken } = await looseLocks(patient);
    const found: Finding[] = [];
    if (removed > 0) found.push(mended(`${counted(removed, "unfinished file")} removed`));
    if (left.length > removed) {
      const message = `${counted(left.length - removed, "unfinished file")} of killed runs`;
      found.push(
        warning(message, patient.wish.fix ? "see that the folder may be written" : FIX_HINT),
      );
    }
    if (free.length > 0 && patient.wish.fix) {
      found.push(mended(`${counted(free.length, "lock")} that nobody holds removed`));
    } else if (free.length > 0) {
      found.push(
        warning(`${counted(free.length, "lock")} of killed runs, held by nobody`, FIX_HINT),
      );
    }
    const used = taken === 0 ? "nothing" : `nothing; ${counted(taken, "lock")} of running Pyras`;
    return found.length > 0 ? found : [ok(used)];
  },
};

/** Locks' files are there while a Pyra holds them. */
async function looseLocks(
  { wish, context: { boot: { profile } } }: Patient,
): Promise<{ readonly free: readonly string[]; readonly taken: number }> {
  const free: string[] = [];
  let taken = 0;
  for (const folder of [profile.sessions, profile.db]) {
    for (const path of await locksIn(folder)) {
      if (await isLockHeld(path)) taken++;
      else {
        free.push(path);
        // Who lets go of it removes it.
        if (wish.fix) await (await takeLock(path))?.[Symbol.asyncDispose]();
      }
    }
  }
  return { free, taken };
}

async function locksIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && name.endsWith(".lock")) names.push(`${folder}/${name}`);
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return names;
}

/** How much room there is. */
export const DISK_CHECK: Check = {
  name: "disk",
  async look(patient) {
    const { disk } = await patient.files();
    if (disk === null) return [ok("how much room there is cannot be told here")];
    const available = disk.bavail * disk.bsize;
    const message = `${byteText(available)} of ${byteText(disk.blocks * disk.bsize)} free`;
    const hint = "make room; conversations and notes cannot be written without";
    if (available < FULL_BYTES) return [broken(message, hint)];
    return [available < LOW_BYTES ? warning(message, hint) : ok(message)];
  },
};
