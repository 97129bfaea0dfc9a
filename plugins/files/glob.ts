/**
 * Patterns of names as regular expressions, in the manner of gitignore: `*` and `?` stay within a name, `**`
 * goes through folders.
 * @module
 */
import { FileError } from "./file_error.ts";

const GLOB_UNITS = 1_000;
/** Stars of one pattern; each may multiply the time that a match takes. */
const STARS = 12;

/**
 * The source of an expression for a whole path. `braces`: whether `{a,b}` are alternatives, as people write
 * them; in ignore files they are plain letters.
 * @throws {FileError} `bad_input` for a pattern that is too much
 */
export function globSource(glob: string, braces: "alternatives" | "letters"): string {
  if (glob.length > GLOB_UNITS || (glob.match(/\*+/g)?.length ?? 0) > STARS) {
    throw new FileError("bad_input", "the pattern of names is too long; give a simpler one");
  }
  let source = "";
  let depth = 0;
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at] ?? "";
    if (sign === "*") {
      const stars = /^\*+/.exec(glob.slice(at))?.[0].length ?? 1;
      const isPart = (at === 0 || glob[at - 1] === "/") &&
        (at + stars === glob.length || glob[at + stars] === "/");
      if (stars >= 2 && isPart) {
        const isLast = at + stars === glob.length;
        source += isLast ? ".*" : "(?:[^/]+/)*";
        at += isLast ? stars - 1 : stars;
      } else {
        source += "[^/]*";
        at += stars - 1;
      }
    } else if (sign === "?") source += "[^/]";
    else if (sign === "[") {
      const end = classEnd(glob, at);
      source += end === undefined ? "\\[" : classSource(glob.slice(at + 1, end));
      at = end ?? at;
    } else if (sign === "\\" && at + 1 < glob.length) source += escaped(glob[++at] ?? "");
    else if (braces === "alternatives" && sign === "{" && glob.includes("}", at)) {
      source += "(?:";
      depth++;
    } else if (depth > 0 && sign === ",") source += "|";
    else if (depth > 0 && sign === "}") {
      source += ")";
      depth--;
    } else source += escaped(sign);
  }
  return source + ")".repeat(depth);
}

/** Tells whether a path, from the folder that is searched on, is meant; a glob without `/` is about names. */
export function globMatcher(glob: string): (path: string) => boolean {
  const plain = glob.replace(/^\.?\//, "");
  const source = globSource(plain, "alternatives");
  const isName = !glob.includes("/");
  const pattern = new RegExp(isName ? `(?:^|/)(?:${source})$` : `^(?:${source})$`, "s");
  return (path) => pattern.test(path);
}

/** The last part of a glob, if what it matches can be told by the name alone. */
export function nameGlob(glob: string): string | undefined {
  const name = glob.slice(glob.lastIndexOf("/") + 1);
  return name === "" || /[{}]/.test(glob) && glob.includes("/") || name.includes("**")
    ? undefined
    : name;
}

function classEnd(glob: string, start: number): number | undefined {
  let at = start + 1;
  if (glob[at] === "!" || glob[at] === "^") at++;
  if (glob[at] === "]") at++;
  for (; at < glob.length; at++) {
    if (glob[at] === "\\") at++;
    else if (glob[at] === "]") return at;
  }
  return undefined;
}

function classSource(inside: string): string {
  const isNegated = /^[!^]/.test(inside);
  const signs = (isNegated ? inside.slice(1) : inside).replace(/[\]\[^\\]/g, "\\$&")
    .replace(/\\\\(?=\\)/g, "\\");
  // A range the wrong way round is no range; neither matches anything then.
  const safe = /(.)-(.)/g.test(signs) && [...signs.matchAll(/([^\\])-([^\\])/g)]
    .some(([, from = "", to = ""]) => from > to);
  if (safe) return "(?!)";
  return isNegated ? `(?!/)[^${signs}]` : `(?!/)[${signs}]`;
}

function escaped(sign: string): string {
  return sign.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
