/**
 * The tools of plugins whose results are believed: they cannot carry anybody's text but the model's own
 * arguments. Only the plugin that comes with Pyra is meant, byte for byte; what else has its name is not.
 * @module
 */

/** Full names. Pyra's own tools say for themselves what of their answers others wrote. */
export const TRUSTED_TOOLS: ReadonlySet<string> = new Set([
  "clock.convert",
  "clock.now",
  "clock.until",
  "clock.zones",
]);

/** A file of a plugin. */
interface File {
  readonly path: string;
  readonly text: string;
}

/** Whether both have the same files: names and texts, in any order. */
export function sameFiles(one: readonly File[], other: readonly File[]): boolean {
  if (one.length !== other.length || one.length === 0) return false;
  const texts = new Map(one.map(({ path, text }) => [path, text]));
  return texts.size === one.length &&
    new Set(other.map(({ path }) => path)).size === other.length &&
    other.every(({ path, text }) => texts.get(path) === text);
}
