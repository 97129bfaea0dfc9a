/**
 * Whether there is anything to index, answered without a database.
 * @module
 */

/** Folders that are looked into at most; a person with more has notes. */
const FOLDER_LIMIT = 200;

/**
 * Whether the folder holds a note, in any of its folders that are not hidden. A folder that is missing
 * has none; one that cannot be read counts as one that has, so that whoever reads it tells why.
 */
export async function hasNotes(folder: string): Promise<boolean> {
  const waiting = [folder];
  for (let seen = 0; seen < FOLDER_LIMIT; seen++) {
    const next = waiting.shift();
    if (next === undefined) return false;
    try {
      for await (const entry of Deno.readDir(next)) {
        if (entry.name.startsWith(".")) continue;
        if (entry.isDirectory) waiting.push(`${next}/${entry.name}`);
        else if (isNote(entry) && !(next === folder && entry.name === "MEMORY_INDEX.md")) {
          return true;
        }
      }
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) return true;
    }
  }
  return true;
}

function isNote(entry: Deno.DirEntry): boolean {
  return entry.isFile && entry.name.toLowerCase().endsWith(".md");
}
