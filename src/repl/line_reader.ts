/**
 * Lines out of bytes that arrive in pieces cut anywhere.
 * @module
 */

/** A line without its end; `cut`: it was longer than the limit, and its rest is lost. */
export interface InputLine {
  readonly text: string;
  readonly cut: boolean;
}

/** UTF-16 units. */
const MAX_LINE = 1024 * 1024;

/** Reads lines; invalid UTF-8 becomes U+FFFD, a last line without an end counts. */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxLine = MAX_LINE,
): AsyncGenerator<InputLine, void, undefined> {
  const decoder = new TextDecoder();
  let line = "";
  let cut = false;
  const add = (text: string): void => {
    const room = maxLine - line.length;
    if (text.length > room) cut = true;
    line += text.slice(0, room);
  };
  const take = (): InputLine => {
    const taken = { text: line.endsWith("\r") ? line.slice(0, -1) : line, cut };
    line = "";
    cut = false;
    return taken;
  };
  for await (const bytes of input) {
    const parts = decoder.decode(bytes, { stream: true }).split("\n");
    for (const [index, part] of parts.entries()) {
      add(part);
      if (index < parts.length - 1) yield take();
    }
  }
  add(decoder.decode());
  if (line !== "" || cut) yield take();
}
