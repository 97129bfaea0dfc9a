/**
 * Who may change which block of `config.yaml`. The kernel parses no YAML (that takes a library), so
 * it holds the file to a shape in which blocks can be told apart by their lines, and compares the
 * protected ones byte by byte. The app's reader treats every YAML error as fatal, so nothing that
 * stands in one block can change what another one means.
 * @module
 */
import type { CommandLine } from "./command_line.ts";
import { KernelError } from "./error.ts";

/** The blocks that decide what Pyra may do; a change asks the person. */
export const PROTECTED_BLOCKS = ["security", "plugins", "mcp", "daemon"] as const;

const SIZE_LIMIT = 1024 * 1024;
/** At the line's start: a plain key, white space, a comment, the end of a list's item, or nothing. */
const LINE = /^(?:(?<key>[A-Za-z0-9_-]+):(?: |\t|$)|[ \t#]|$)/;

/** The text of each top-level block, its key's line included. @throws {KernelError} `config_shape` */
export function configBlocks(text: string): Map<string, string> {
  if (text.length > SIZE_LIMIT) throw new KernelError("config_shape", "the config is too large");
  const blocks = new Map<string, string>();
  let key = "";
  for (const [index, line] of text.replace(/^\ufeff/, "").split(/\r?\n/).entries()) {
    const match = LINE.exec(line);
    const found = match?.groups?.["key"];
    if (!match || (found !== undefined && blocks.has(found))) {
      const message = `line ${index + 1} of the config is not a plain block`;
      const hint =
        "write each block once, as `name:` at the line's start with its fields indented below";
      throw new KernelError("config_shape", message, hint);
    }
    if (found !== undefined) key = found;
    // Blank lines and comments at the line's start mean nothing and belong to no block.
    if (line.trim() !== "" && !line.startsWith("#")) {
      blocks.set(key, `${blocks.get(key) ?? ""}${line.trimEnd()}\n`);
    }
  }
  return blocks;
}

/** The protected blocks in which two configs differ. @throws {KernelError} `config_shape` */
export function changedProtectedBlocks(before: string, after: string): string[] {
  const [old, fresh] = [configBlocks(before), configBlocks(after)];
  return PROTECTED_BLOCKS.filter((block) => old.get(block) !== fresh.get(block));
}

/** The protected block that a command line (`config set daemon.enabled …`) names, if it names one. */
export function namedBlock(
  { words, rest }: Pick<CommandLine, "words" | "rest">,
): string | undefined {
  if (!["config set", "config unset"].includes(words.join(" "))) return undefined;
  return rest.slice(2).find((argument) => !argument.startsWith("-"))?.split(".")[0];
}
