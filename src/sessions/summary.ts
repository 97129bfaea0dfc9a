/**
 * What a list says of a session, read without checking or keeping its content.
 * @module
 */
import { timeOfId } from "./format.ts";
import { readLines } from "./lines.ts";

/** What a list says of a session, but for what the file system knows. */
export interface FileSummary {
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly provider: string;
  readonly model: string;
  /** Questions that were asked and not taken back. */
  readonly questions: number;
}

// Pyra writes every line with its type first, so most lines need no parsing.
const START = '{"type":"';
const QUESTION = `${START}question"`;
const TAKEN_BACK = `${START}taken_back"`;
const CHANGES = [`${START}choice"`, `${START}title"`];

/** Reads an open session file from its beginning. @throws the `Deno.errors` of reading */
export async function summarise(file: Deno.FsFile, id: string): Promise<FileSummary> {
  const decoder = new TextDecoder();
  let questions = 0;
  let header = new Map<string, string>();
  let isFirst = true;
  for await (const lines of readLines(file)) {
    for (const { bytes, complete } of lines) {
      if (bytes === undefined || !complete) continue;
      const start = decoder.decode(bytes.subarray(0, TAKEN_BACK.length));
      if (isFirst) header = textFields(decoder.decode(bytes));
      else if (start.startsWith(QUESTION)) questions++;
      else if (start === TAKEN_BACK) questions--;
      else if (CHANGES.some((change) => start.startsWith(change))) {
        const fields = textFields(decoder.decode(bytes));
        const changed = fields.get("type") === "title"
          ? new Map([["title", fields.get("text") ?? ""]])
          : fields;
        header = new Map([...header, ...changed]);
      }
      isFirst = false;
    }
  }
  return {
    title: header.get("title") ?? "",
    created: header.get("created") ?? new Date(timeOfId(id)).toISOString(),
    provider: header.get("provider") ?? "",
    model: header.get("model") ?? "",
    questions: Math.max(0, questions),
  };
}

/** The text fields of a JSON object; none if it is something else. */
function textFields(json: string): Map<string, string> {
  const fields = new Map<string, string>();
  try {
    for (const [key, value] of Object.entries(Object(JSON.parse(json)))) {
      if (typeof value === "string") fields.set(key, value);
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  return fields;
}
