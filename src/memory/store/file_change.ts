/**
 * One file's change, made ready before anything is promised.
 * @module
 */
import type { Place } from "./place.ts";

/** What a change does to one file, and what the history is told. */
export interface FileChange {
  readonly place: Place;
  /** The file as it is; `undefined` if there is none. */
  readonly before: Uint8Array | undefined;
  /** As it shall be; `undefined` to remove it. */
  readonly after: Uint8Array | undefined;
  /** The version that this puts back. */
  readonly undoes?: string;
}

/** A new content that is on the disk, beside the file that it will replace. */
export interface StagedFile extends AsyncDisposable {
  /** Puts it in place: from then on the file says this. */
  commit(): Promise<void>;
}

/**
 * Writes the new content beside its file. A full disk or a folder that cannot be written shows here,
 * before a version is kept for a change that never comes. Disposing removes what was not committed.
 * @throws the `Deno.errors` of open and write
 */
export async function stageFile(path: string, content: Uint8Array): Promise<StagedFile> {
  // `walk.ts` knows these names, and sweeps what a killed process left.
  const temporary = `${path}.${Deno.pid}-0-${crypto.randomUUID().slice(0, 8)}.tmp`;
  let isStaged = true;
  const discard = async () => {
    if (isStaged) await Deno.remove(temporary).catch(() => undefined);
  };
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
    for (let done = 0; done < content.length;) done += await file.write(content.subarray(done));
    await file.sync();
  } catch (cause) {
    await discard();
    throw cause;
  }
  return {
    async commit() {
      await Deno.rename(temporary, path);
      isStaged = false;
      await syncFolder(path.slice(0, path.lastIndexOf("/")));
    },
    [Symbol.asyncDispose]: discard,
  };
}

/** Makes a rename last through a power failure; Windows lets no folder be opened. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}
