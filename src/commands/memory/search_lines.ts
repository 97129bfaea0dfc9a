/**
 * Many questions at once: a line of JSON in, a line of JSON out, in their order.
 * @module
 */
import * as z from "zod/mini";
import type { Hit } from "../../memory/search/hit.ts";
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";

/** The longest line that is read, bytes. */
export const LINE_LIMIT_BYTES = 1024 * 1024;

const Question = z.object({ id: z.union([z.string(), z.number()]), query: z.string() });

/** A line of the input: its text, or why there is none. */
export type InputLine =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Answers questions as they come, each before the next is looked at. */
export async function answerLines(
  context: CommandContext,
  search: (query: string) => Promise<readonly Hit[]>,
): Promise<void> {
  for await (const line of linesOf(context.streamStdin(context.signal))) {
    context.signal.throwIfAborted();
    await context.print(`${JSON.stringify(await answer(line, search))}\n`);
  }
}

async function answer(
  line: InputLine,
  search: (query: string) => Promise<readonly Hit[]>,
): Promise<Record<string, unknown>> {
  const question = line.kind === "text" ? readQuestion(line.text) : line.reason;
  if (typeof question === "string") return { id: null, error: question };
  const { id, query } = question;
  try {
    const hits = await search(query);
    return { id, results: hits.map(({ file, line, score }) => ({ file, line, score })) };
  } catch (thrown) {
    // One question that cannot be answered, a word too many for the model, must not end the others.
    if (thrown instanceof PyraError && thrown.category === "api") {
      return { id, error: thrown.message };
    }
    throw thrown;
  }
}

function readQuestion(text: string): z.infer<typeof Question> | string {
  try {
    const question = Question.safeParse(JSON.parse(text));
    return question.success
      ? question.data
      : 'a question needs an id (text or number) and a query: {"id":"1","query":"words"}';
  } catch {
    return "the line is no JSON";
  }
}

/**
 * The lines of a stream of bytes, empty ones left out. A line that is too long or no UTF-8 is told
 * as broken; of one that is too long no more than the limit is held.
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of stream) {
    let at = 0;
    for (let end; (end = bytes.indexOf(LINE_FEED, at)) >= 0; at = end + 1) {
      const line = asLine(held, size + end - at, bytes.subarray(at, end));
      [held, size] = [[], 0];
      if (line) yield line;
    }
    const rest = bytes.subarray(at);
    size += rest.length;
    if (size > LINE_LIMIT_BYTES) held = [];
    else if (rest.length > 0) held.push(rest);
  }
  const line = asLine(held, size, new Uint8Array());
  if (line) yield line;
}

const LINE_FEED = 0x0a;

function asLine(
  held: readonly Uint8Array[],
  size: number,
  last: Uint8Array,
): InputLine | undefined {
  if (size > LINE_LIMIT_BYTES) return { kind: "broken", reason: "the line has more than 1 MB" };
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of [...held, last]) {
    bytes.set(part, at);
    at += part.length;
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.trim() === "" ? undefined : { kind: "text", text };
  } catch {
    return { kind: "broken", reason: "the line is no UTF-8" };
  }
}
