/**
 * Fields of the config's block `daemon` that the kernel itself goes by.
 * @module
 */
import { ifPresent } from "../../durable/file.ts";
import { configBlocks } from "../config_file.ts";
import type { Profile } from "../profile.ts";

/** A file's name, as the settings allow it: no folder, no leading dot. */
const NAME = /^[A-Za-z0-9_][\w.-]{0,63}$/;

/** A field's value as it is written, or what is usual where it is missing or not a plain name. */
export function daemonField(
  { config }: Pick<Profile, "config">,
  field: string,
  usual: string,
): string {
  const text = ifPresent(() => Deno.readTextFileSync(config)) ?? "";
  // Without the word there is no such block, and nothing to take apart.
  const block = text.includes("daemon:") ? configBlocks(text).get("daemon") ?? "" : "";
  const value = new RegExp(`^[ \\t]+${field}:[ \\t]*["']?([^\\s"'#]+)`, "m").exec(block)?.[1];
  return value !== undefined && NAME.test(value) ? value : usual;
}
