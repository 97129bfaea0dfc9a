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

/**
 * The plugins that come with Pyra. What a tool of theirs says that it does is believed, as long as their files
 * are ours byte for byte; of other plugins whatever they were granted counts.
 */
export const BUNDLED_PLUGINS: ReadonlySet<string> = new Set([
  "clock",
  "fetch",
  "files",
  "podman",
  "shell",
  "system",
  "websearch",
]);

/** What is known of a tool of theirs, beside what it says. */
export interface KnownTool {
  /** It only asks others for public text, with no more than an address or the words of a search. */
  readonly looksUp?: true;
  /** What it runs only reads; or does, if its command line is safe and a sandbox holds it. */
  readonly runsToRead?: "always" | "if safe";
}

/** By full name. */
export const KNOWN_TOOLS: ReadonlyMap<string, KnownTool> = new Map<string, KnownTool>([
  ["fetch.page", { looksUp: true }],
  ["files.search_files", { runsToRead: "always" }],
  ["shell.run_command", { runsToRead: "if safe" }],
  ["system.get_system_info", { runsToRead: "always" }],
  ["websearch.search", { looksUp: true }],
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
