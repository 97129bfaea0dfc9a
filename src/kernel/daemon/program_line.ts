/**
 * The command line that starts Pyra once more for a profile: compiled, or from source.
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Profile } from "../profile.ts";

/** The runtime's arguments before `main.ts`, where Pyra runs from source: those of `deno task pyra`. */
const SOURCE = [
  "run --quiet --no-prompt --allow-read --allow-write --allow-net --allow-env --allow-run --allow-sys",
  "--v8-flags=--disallow-code-generation-from-strings,--max-semi-space-size=4",
].join(" ").split(" ");

/** The folder with the profiles, that of `--home`. */
export function baseOf({ home, name }: Pick<Profile, "home" | "name">): string {
  return name === "default" ? home : home.slice(0, -`/profiles/${name}`.length);
}

/**
 * A program and its arguments.
 * @param entries the folder of the rooms' entries
 * @param words Pyra's own, without the options that name the profile
 */
export function programLine(
  { profile, entries }: {
    readonly profile: Pick<Profile, "home" | "name">;
    readonly entries: URL;
  },
  words: readonly string[],
): readonly string[] {
  const main = fileURLToPath(new URL("../../main.ts", entries));
  const before = import.meta.url.endsWith(".ts") ? [...SOURCE, main] : [];
  const which = ["--home", baseOf(profile), "--profile", profile.name];
  return [Deno.execPath(), ...before, ...words, ...which];
}
