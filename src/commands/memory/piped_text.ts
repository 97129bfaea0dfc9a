/**
 * What is piped into a note.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";

/** No note is larger, by far; what is piped is not held beyond it, bytes. */
const LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * Standard input to its end. Bytes that are no text are refused and not replaced: the note would
 * silently say something else than the file.
 * @throws {PyraError} `input_too_large`, `input_not_text`; the signal's reason
 */
export async function pipedText({ streamStdin, signal }: CommandContext): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for await (const bytes of streamStdin(signal)) {
    size += bytes.length;
    if (size > LIMIT_BYTES) {
      throw new PyraError("file", "input_too_large", "the piped text has more than 10 MB", {
        hint: "split it into several notes",
      });
    }
    text += decoded(() => decoder.decode(bytes, { stream: true }));
  }
  return text + decoded(() => decoder.decode());
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch (cause) {
    throw new PyraError("file", "input_not_text", "the piped text is no UTF-8", {
      hint: "convert it first, for example with iconv -f LATIN1 -t UTF-8",
      cause,
    });
  }
}
