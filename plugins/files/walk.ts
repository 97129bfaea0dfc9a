/**
 * The files of a folder, in the order of their paths, part by part. Links are not followed.
 * @module
 */
import { isMissing } from "./file_error.ts";
import { isIgnored, readRules, RULE_FILES, type RuleFile } from "./ignore_rules.ts";

/** What is gone through. */
export interface WalkOptions {
  /** Absolute. */
  readonly workspace: string;
  /** Where to begin, from the workspace; empty for all of it. */
  readonly from: string;
  /** `usual`: neither what is hidden nor what is ignored. */
  readonly what: "usual" | "all";
}

const ENTRIES_LIMIT = 2_000_000;
const DEPTH_LIMIT = 200;
const RULES_BYTES = 1_000_000;

/** Walks without waiting; whoever goes on takes the pauses. @yields paths from the workspace */
export function* walk({ workspace, from, what }: WalkOptions): Generator<string> {
  const state = { workspace, what, left: ENTRIES_LIMIT };
  const above = from === "" ? [] : from.split("/");
  let files: readonly RuleFile[] = what === "all" ? [] : excluded(workspace);
  // The rules above count too, and what is named by the person or the model is looked into all the same.
  for (let depth = 0; depth < above.length && what === "usual"; depth++) {
    const base = above.slice(0, depth).map((part) => `${part}/`).join("");
    files = [...files, ...rulesOf(workspace, base, RULE_FILES)];
  }
  yield* walkFolder(state, above.map((part) => `${part}/`).join(""), files);
}

interface WalkState {
  readonly workspace: string;
  readonly what: "usual" | "all";
  left: number;
}

/** @param base from the workspace, with a slash at its end; empty for the top */
function* walkFolder(
  state: WalkState,
  base: string,
  above: readonly RuleFile[],
  depth = 0,
): Generator<string> {
  const entries = entriesOf(`${state.workspace}/${base}`);
  let files = above;
  if (state.what === "usual") {
    const own = RULE_FILES.filter((name) => entries.some((entry) => entry.name === name));
    if (own.length > 0) files = [...above, ...rulesOf(state.workspace, base, own)];
  }
  for (const { name, isFile, isDirectory } of entries) {
    if (--state.left < 0) return;
    if (isDirectory && name.startsWith(".Trash-")) continue;
    const path = base + name;
    if (state.what === "usual") {
      if (name.startsWith(".")) continue;
      if (files.length > 0 && isIgnored(files, path, isDirectory ? "folder" : "file")) continue;
    }
    if (isFile) yield path;
    else if (isDirectory && depth < DEPTH_LIMIT) {
      yield* walkFolder(state, `${path}/`, files, depth + 1);
    }
  }
}

/** What may not be listed is passed over, like what is gone meanwhile. */
function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    const isPassed = isMissing(error) || error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable;
    if (isPassed) return [];
    throw error;
  }
}

function rulesOf(workspace: string, base: string, names: readonly string[]): RuleFile[] {
  return RULE_FILES.flatMap((name, rank) => {
    const text = names.includes(name) ? smallText(`${workspace}/${base}${name}`) : undefined;
    return text === undefined ? [] : [readRules(text, base, rank)];
  });
}

/** What git leaves out of this copy alone. */
function excluded(workspace: string): RuleFile[] {
  const text = smallText(`${workspace}/.git/info/exclude`);
  return text === undefined ? [] : [readRules(text, "", 0)];
}

function smallText(path: string): string | undefined {
  try {
    const { isFile, size } = Deno.lstatSync(path);
    return isFile && size <= RULES_BYTES ? Deno.readTextFileSync(path) : undefined;
  } catch (error) {
    const isPassed = isMissing(error) || error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable;
    if (isPassed) return undefined;
    throw error;
  }
}

/** Whether one path comes before another, part by part. */
export function comparePaths(one: string, other: string): number {
  const [a, b] = [one.split("/"), other.split("/")];
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [x = "", y = ""] = [a[at], b[at]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}
