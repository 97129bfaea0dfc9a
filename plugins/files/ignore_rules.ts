/**
 * `.gitignore`, `.ignore` and `.rgignore`, as git reads them: nested, the last line that matches counts, `!`
 * takes back.
 * @module
 */
import { FileError } from "./file_error.ts";
import { globSource } from "./glob.ts";

/** The files of a folder that hold rules; a later one goes before an earlier one. */
export const RULE_FILES = [".gitignore", ".ignore", ".rgignore"] as const;

interface Rule {
  readonly matches: (path: string, name: string) => boolean;
  readonly kind: "ignore" | "keep";
  /** Whether it is about folders only. */
  readonly about: "folders" | "all";
}

/** The rules of one file. */
export interface RuleFile {
  /** The folder that its paths begin in, from the top on with a slash at its end; empty for the top. */
  readonly base: string;
  /** Newest, that is last, first. */
  readonly rules: readonly Rule[];
  /** The place of its kind in `RULE_FILES`. */
  readonly rank: number;
}

const LINES_LIMIT = 5_000;

/** Reads the rules of one file. A line that makes no sense is passed over, as git does. */
export function readRules(text: string, base: string, rank: number): RuleFile {
  const rules: Rule[] = [];
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/, LINES_LIMIT)) {
    const rule = readRule(line);
    if (rule) rules.unshift(rule);
  }
  return { base, rules, rank };
}

/**
 * Whether a path is ignored.
 * @param files of the folders above it, the nearest last, within a folder by rank
 */
export function isIgnored(
  files: readonly RuleFile[],
  path: string,
  kind: "folder" | "file",
): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  // A kind of file goes before another one wherever it lies.
  for (let rank = RULE_FILES.length - 1; rank >= 0; rank--) {
    for (let at = files.length - 1; at >= 0; at--) {
      const file = files[at];
      if (file === undefined || file.rank !== rank) continue;
      const inner = path.slice(file.base.length);
      const rule = file.rules.find(({ about, matches }) =>
        (about === "all" || kind === "folder") && matches(inner, name)
      );
      if (rule) return rule.kind === "ignore";
    }
  }
  return false;
}

function readRule(line: string): Rule | undefined {
  // Spaces at the end do not count, but those with a backslash do.
  let text = line.replace(/(?<!\\)[ \t]+$/, "");
  if (text === "" || text.startsWith("#")) return undefined;
  const kind = text.startsWith("!") ? "keep" : "ignore";
  if (kind === "keep") text = text.slice(1);
  const about = text.endsWith("/") ? "folders" : "all";
  if (about === "folders") text = text.slice(0, -1);
  const isAnchored = text.includes("/");
  text = text.replace(/^\//, "");
  if (text === "") return undefined;
  const matches = matcherOf(text, isAnchored ? "path" : "name");
  return matches && { matches, kind, about };
}

function matcherOf(glob: string, of: "path" | "name"): Rule["matches"] | undefined {
  // Most lines are a plain name, or an ending.
  if (of === "name" && /^[\w.-]+$/.test(glob)) return (_path, name) => name === glob;
  if (of === "name" && /^\*[\w.-]+$/.test(glob)) {
    const end = glob.slice(1);
    return (_path, name) => name.endsWith(end);
  }
  try {
    const pattern = new RegExp(`^(?:${globSource(glob, "letters")})$`, "s");
    return of === "path" ? (path) => pattern.test(path) : (_path, name) => pattern.test(name);
  } catch (error) {
    if (error instanceof FileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
