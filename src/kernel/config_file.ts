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
export const PROTECTED_BLOCKS = [
  "security",
  "plugins",
  "mcp",
  "daemon",
  "limits",
  "shell",
] as const;

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
    const said = withoutBlanks(line);
    if (said !== "" && !line.startsWith("#")) {
      blocks.set(key, `${blocks.get(key) ?? ""}${said}\n`);
    }
  }
  return blocks;
}

/** Without spaces and tabs at its end. Other blanks (such as U+00A0) are part of a value in YAML. */
function withoutBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === " " || line[end - 1] === "\t") end--;
  return line.slice(0, end);
}

/** The protected blocks in which two configs differ. @throws {KernelError} `config_shape` */
export function changedProtectedBlocks(before: string, after: string): string[] {
  const [old, fresh] = [configBlocks(before), configBlocks(after)];
  return PROTECTED_BLOCKS.filter((block) => old.get(block) !== fresh.get(block));
}

/**
 * Whether two configs differ, in their protected blocks, by nothing but the field that the command
 * line sets (`config set daemon.enabled …`).
 */
export function isTypedChange(
  { words, rest }: CommandLine,
  before: string,
  after: string,
): boolean {
  const [group, command] = words;
  const path = rest.slice(2).find((argument) => !argument.startsWith("-"));
  const [named, field] = path?.split(".") ?? [];
  if (group !== "config" || (command !== "set" && command !== "unset") || !named || !field) {
    return false;
  }
  const [old, fresh] = [configBlocks(before), configBlocks(after)];
  const isSame = (block: string) =>
    block === named
      ? withoutField(old.get(block), block, field) === withoutField(fresh.get(block), block, field)
      : old.get(block) === fresh.get(block);
  return PROTECTED_BLOCKS.every(isSame);
}

/** A block without a field's line and the deeper ones below it. A block that is not there is empty. */
function withoutField(text: string | undefined, block: string, field: string): string {
  let inside = -1;
  const kept = (text ?? `${block}:\n`).split("\n").filter((line) => {
    const depth = line.search(/\S/);
    if (inside >= 0 && (depth > inside || (depth === inside && line.trim().startsWith("- ")))) {
      return false;
    }
    inside = depth > 0 && line.trim().startsWith(`${field}:`) ? depth : -1;
    return inside < 0;
  });
  return kept.join("\n");
}
