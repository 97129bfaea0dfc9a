/**
 * Files that survive a kill at any moment: temporary file, fsync, rename, with the mode set first.
 * @module
 */

let counter = 0;

/** A name beside `path` that no other writer of this process uses. */
function temporaryName(path: string): string {
  return `${path}.${Deno.pid}-${++counter}-${crypto.randomUUID().slice(0, 8)}.tmp`;
}

/** Makes a rename durable: a folder is synced where the system lets one be opened (not on Windows). */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const end = path.lastIndexOf("/");
  using folder = await Deno.open(end > 0 ? path.slice(0, end) : end === 0 ? "/" : ".", {
    read: true,
  });
  await folder.sync();
}

/**
 * Replaces the whole content of a file: a reader sees the old bytes or the new ones, never a part.
 * @param mode the file's permission bits, set before the first byte is written (ignored on Windows)
 * @throws the `Deno.errors` of open, write and rename; the temporary file is removed then
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | string,
  mode = 0o600,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true, mode });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => undefined);
    throw cause;
  }
  await syncFolder(path);
}

/** Reads a text file, or `undefined` if there is none. @throws other `Deno.errors` */
export async function readTextIfPresent(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

/** What a step with a file gives, or `undefined` if the file is not there. @throws other `Deno.errors` */
export function ifPresent<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}
