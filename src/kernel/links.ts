/**
 * A link inside a folder that a room may write would let it write where the link leads. Rooms cannot
 * make links; what unpacks archives or clones repositories can. So granted trees are looked through
 * before a room starts.
 * @module
 */
import { ifPresent } from "../durable/file.ts";
import { KernelError } from "./error.ts";

/** Looking through more would hold up every start; so large a tree is refused. */
const ENTRY_LIMIT = 500_000;

/** A folder without links as it was seen last: its time, and the folders in it. */
interface Seen {
  readonly time: number;
  readonly folders: readonly string[];
}

/**
 * Looks through folders for symbolic links, hard-linked files and what is neither file nor folder.
 * Folders whose time did not change since the last look are not listed again.
 * @param record a file of the kernel's that keeps what was seen
 * @throws {KernelError} `boundary`, naming the first link
 */
export function refuseLinks(folders: readonly string[], record: string): void {
  const before = readSeen(record);
  const now = new Map<string, Seen>();
  const queue = [...folders];
  let entries = 0;
  for (let folder; (folder = queue.pop()) !== undefined;) {
    const info = Deno.lstatSync(folder);
    if (!info.isDirectory) refuseLink(folder);
    // The time of the last change of any kind: what unpacks archives sets the other one as it likes.
    const time = (info.ctime ?? info.mtime)?.getTime() ?? 0;
    let seen = before.get(folder);
    if (seen?.time !== time) {
      const inside: string[] = [];
      for (const { name, isDirectory } of entriesOf(folder, info)) {
        if (++entries > ENTRY_LIMIT) {
          throw new KernelError("boundary", `${folder} has too many files to look through`);
        }
        if (isDirectory) inside.push(`${folder}/${name}`);
        else refuseLink(`${folder}/${name}`);
      }
      seen = { time, folders: inside };
    }
    queue.push(...seen.folders);
    // A folder that changed within this clock tick may change again without its time telling.
    if (Date.now() - time > 2_000) now.set(folder, seen);
  }
  if (now.size === before.size && [...now].every(([path, seen]) => before.get(path) === seen)) {
    return;
  }
  try {
    // Not made durable: a record that a power cut takes costs one full look.
    Deno.writeTextFileSync(`${record}.new`, JSON.stringify([...now]), { mode: 0o600 });
    Deno.renameSync(`${record}.new`, record);
  } catch (error) {
    // So does one that a full disk does not take.
    if (!(error instanceof Error)) throw error;
  }
}

/** @throws {KernelError} `boundary` if a room may go through the folder and this may not look */
function entriesOf(folder: string, { mode }: Deno.FileInfo): Iterable<Deno.DirEntry> {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (cause) {
    if (!(cause instanceof Deno.errors.PermissionDenied)) throw cause;
    // Where nobody may go through, no link is followed.
    if (mode !== null && (mode & 0o100) === 0) return [];
    const message = `${folder} cannot be looked through for links`;
    throw new KernelError("boundary", message, "make it readable, or move it away", cause);
  }
}

function refuseLink(path: string): void {
  const info = ifPresent(() => Deno.lstatSync(path));
  if (info === undefined) return;
  const hasOtherName = (info.nlink ?? 1) > 1;
  // A room's own socket lies in run/; nothing can be read or written through it by path.
  if (!info.isSymlink && (info.isSocket || (info.isFile && !hasOtherName))) return;
  const named = hasOtherName ? "a file with a second name" : "no plain file";
  const message = `${path} is ${
    info.isSymlink ? "a link" : named
  }, which could lead out of Pyra's folders`;
  throw new KernelError("boundary", message, "remove it, or put a copy of the file in its place");
}

function readSeen(record: string): Map<string, Seen> {
  try {
    const entries: [string, Seen][] = JSON.parse(Deno.readTextFileSync(record));
    // The first versions kept the time alone.
    return new Map(entries.filter(([, seen]) => Array.isArray(seen.folders)));
  } catch (error) {
    // A missing or damaged record costs one full look.
    if (error instanceof Deno.errors.PermissionDenied) throw error;
    return new Map();
  }
}
