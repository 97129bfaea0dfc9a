/**
 * The file of an SQLite database that several rooms of one process use.
 *
 * SQLite's locks are the process's (https://sqlite.org/howtocorrupt.html, 2.2): closing any other file
 * handle on the database lets go of all of them. Another process then takes itself for the last one and
 * removes the log of changes, and what this one reads and writes from then on is nobody's. So a database
 * that is there is never opened as a file.
 * @module
 */

/**
 * Makes an empty one that only the person may read, if there is none: SQLite would make it readable for
 * others for a moment. @throws the `Deno.errors` of making it
 */
export async function makeDatabaseFile(path: string): Promise<void> {
  try {
    (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
  }
}
