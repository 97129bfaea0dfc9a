/**
 * What the system says of a file that may not be there.
 * @module
 */

/** The file's facts, links followed; `undefined` if there is none. @throws other `Deno.errors` */
export function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}
