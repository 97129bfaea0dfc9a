/**
 * The front matter of a `SKILL.md`. It loads the YAML library: import it when there is a skill.
 * @module
 */
import { parseDocument } from "yaml";

/** A file taken apart. */
export type FrontMatter =
  | {
    readonly kind: "fields";
    readonly fields: Readonly<Record<string, unknown>>;
    /** What stands below. */
    readonly body: string;
  }
  /** One sentence, to follow the file's name. */
  | { readonly kind: "invalid"; readonly problem: string };

/** Front matter of more UTF-16 units is none. */
const LIMIT = 20_000;
const FENCED = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:\r?\n|^)---[ \t]*(?:\r?\n|$)/;

/** Takes a file apart. */
export function readFrontMatter(text: string): FrontMatter {
  const match = FENCED.exec(text.slice(0, LIMIT + 10));
  if (match === null) {
    return { kind: "invalid", problem: "it has to begin with front matter between lines of ---" };
  }
  const document = parseDocument(match[1] ?? "");
  if (document.errors.length > 0) {
    return { kind: "invalid", problem: "its front matter is no YAML" };
  }
  let fields: unknown;
  try {
    fields = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { kind: "invalid", problem: "its front matter refers to itself" };
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return { kind: "invalid", problem: "its front matter is no list of names and values" };
  }
  return { kind: "fields", fields: { ...fields }, body: text.slice(match[0].length).trim() };
}
