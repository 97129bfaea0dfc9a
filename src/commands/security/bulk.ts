/**
 * Many texts at once: a JSON object a line in, one a line out, in order and in constant memory.
 * @module
 */
import { Buffer } from "node:buffer";
import { EXIT } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { asShown, oneLine } from "../errors.ts";

/** What a line is called by: text or a number, as it was given. */
export type RowId = string | number;

const LINE_FEED = 10;
/** A line that is longer is answered with an error and not held, bytes. */
const LINE_BYTES = 128 * 1024 * 1024;
/** Answers are written in pieces of about this size, UTF-16 units. */
const OUTPUT_UNITS = 64 * 1024;

/**
 * Answers each line. One that cannot be answered gets `{"id":…,"error":"…"}`; blank ones get nothing.
 * @param fields where the text is; the first that is there counts
 * @param answer what is written beside the id
 * @returns 1 if a line could not be answered, else 0
 */
export async function answerLines(
  context: Pick<CommandContext, "print">,
  source: AsyncIterable<Uint8Array>,
  fields: readonly string[],
  answer: (text: string) => Readonly<Record<string, unknown>>,
): Promise<number> {
  let output: string[] = [];
  let units = 0;
  let failed = false;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const lines of inLines(source)) {
    for (const line of lines) {
      const row = line === undefined ? problem(null, "the line is too long") : answered(line);
      if (row === undefined) continue;
      if ("error" in row) failed = true;
      const text = `${JSON.stringify(row)}\n`;
      output.push(text);
      units += text.length;
      if (units >= OUTPUT_UNITS) await flush();
    }
    // Whoever writes a line and waits gets its answer.
    await flush();
  }
  return failed ? EXIT.failed : EXIT.done;

  async function flush(): Promise<void> {
    if (output.length === 0) return;
    const text = output.join("");
    output = [];
    units = 0;
    await context.print(text);
  }

  function answered(line: Uint8Array): Readonly<Record<string, unknown>> | undefined {
    let id: RowId | null = null;
    try {
      const text = decoder.decode(line);
      if (text.trim() === "") return undefined;
      const row: unknown = JSON.parse(text);
      if (typeof row !== "object" || row === null || !("id" in row) || !isId(row.id)) {
        return problem(null, 'the line is no object with an "id"');
      }
      id = row.id;
      const name = fields.find((field) => Object.hasOwn(row, field));
      if (name !== undefined) {
        const value: unknown = Reflect.get(row, name);
        return typeof value === "string"
          ? { id, ...answer(value) }
          : problem(id, `"${name}" is no text`);
      }
      return problem(id, `the line has no ${fields.map((name) => `"${name}"`).join(" or ")}`);
    } catch (thrown) {
      const isBroken = id === null;
      if (isBroken && thrown instanceof SyntaxError) return problem(id, "the line is no JSON");
      if (isBroken && thrown instanceof TypeError) return problem(id, "the line is no UTF-8");
      return problem(id, oneLine(asShown(thrown).message));
    }
  }
}

function problem(id: RowId | null, error: string): { id: RowId | null; error: string } {
  return { id, error };
}

function isId(value: unknown): value is RowId {
  return typeof value === "string" || typeof value === "number";
}

/** The lines that each chunk completes; `undefined` for one that is too long. */
async function* inLines(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<(Uint8Array | undefined)[]> {
  let begun: Uint8Array[] = [];
  let size = 0;
  const take = (bytes: Uint8Array) => {
    size += bytes.length;
    if (size <= LINE_BYTES) begun.push(bytes);
    else begun = [];
  };
  const finish = (): Uint8Array | undefined => {
    const line = size > LINE_BYTES ? undefined : Buffer.concat(begun, size);
    begun = [];
    size = 0;
    return line;
  };
  for await (const chunk of source) {
    const lines: (Uint8Array | undefined)[] = [];
    let from = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, from)) >= 0; from = end + 1) {
      take(chunk.subarray(from, end));
      lines.push(finish());
    }
    if (from < chunk.length) take(chunk.slice(from));
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [finish()];
}
