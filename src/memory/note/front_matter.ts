/**
 * The front matter of a Markdown file: where it is and which fields it has.
 * @module
 */
import { type Fields, readPlainFields } from "./plain_fields.ts";

/** The longest front matter, in characters. */
const FRONT_MATTER_LIMIT = 65_536;

const MARK = "\ufeff";
/** A line such as `summary: …`, by which a front matter is told from a rule between paragraphs. */
const FIELD_LINE = /^[^\s#:][^:\r\n\u2028\u2029]*:(\s|$)/m;

/** A file's text, split. `head + fields + tail + body` is the text. */
export interface SplitText {
  /** A byte order mark, if there is one, and the opening `---` line; empty without a front matter. */
  readonly head: string;
  /** The lines between, each with its line end. */
  readonly fields: string;
  /** The closing line. */
  readonly tail: string;
  readonly body: string;
  /** The line on which the body begins, from 1. */
  readonly bodyLine: number;
  /** Why what looks like a front matter is read as text; empty if nothing is wrong. */
  readonly problem: string;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

/** Finds the front matter by its `---` lines; what is in it is not looked at. */
export function splitText(text: string): SplitText {
  const mark = text.startsWith(MARK) ? MARK : "";
  const none = (problem: string): SplitText => ({
    head: mark,
    fields: "",
    tail: "",
    body: text.slice(mark.length),
    bodyLine: 1,
    problem,
  });
  const [opening] = /^---[ \t]*\r?\n/.exec(text.slice(mark.length, mark.length + 100)) ?? [];
  if (opening === undefined) return none("");
  const start = mark.length + opening.length;
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$(?![\s\S]))/m.exec(
    text.slice(start, start + FRONT_MATTER_LIMIT + 8),
  );
  if (closing === null) {
    const first = /^[^\r\n]*/.exec(text.slice(start, start + 1000))?.[0] ?? "";
    return none(
      FIELD_LINE.test(first) ? 'the front matter has no end: a line "---" is missing' : "",
    );
  }
  const fields = text.slice(start, start + closing.index);
  // Two rules with a paragraph between them are no front matter.
  if (fields.trim() !== "" && !FIELD_LINE.test(fields)) return none("");
  const end = start + closing.index + closing[0].length;
  return {
    head: text.slice(0, start),
    fields,
    tail: closing[0],
    body: text.slice(end),
    bodyLine: countLines(text.slice(0, end)) + 1,
    problem: "",
  };
}

/** The fields of a front matter, or a sentence that says why they cannot be read. */
export async function readFields(
  text: string,
): Promise<
  { readonly kind: "read"; readonly fields: Fields } | { readonly kind: "broken"; why: string }
> {
  const plain = readPlainFields(text);
  if (plain) return { kind: "read", fields: plain };
  const { readYamlFields } = await import("./yaml_fields.ts");
  return readYamlFields(text);
}
