/**
 * The text that a command is to look at: a file that the command line names, or standard input.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";

/** A text that is looked at as a whole is not larger, bytes. */
const WHOLE_BYTES = 64 * 1024 * 1024;

/**
 * The bytes of the file, or of standard input if none is named.
 * @param name as the person typed it
 * @param hint what to do where nothing is given
 * @throws {PyraError} `usage`, `file_unreadable`; the signal's reason
 */
export async function* givenBytes(
  context: CommandContext,
  name: string | undefined,
  hint: string,
): AsyncGenerator<Uint8Array> {
  const { boot, signal } = context;
  if (name === undefined || name === "-") {
    if (boot.terminal.stdin) throw usageError("there is nothing to look at", hint);
    yield* context.streamStdin(signal);
    return;
  }
  try {
    using file = await Deno.open(boot.granted[0] ?? name);
    if ((await file.stat()).isDirectory) {
      throw new PyraError("file", "file_unreadable", `${name} is a folder`, {
        hint: "name a file",
      });
    }
    const buffer = new Uint8Array(256 * 1024);
    for (let count; (count = await file.read(buffer)) !== null;) {
      signal.throwIfAborted();
      yield buffer.slice(0, count);
    }
  } catch (cause) {
    if (cause instanceof PyraError || signal.aborted) throw cause;
    throw new PyraError("file", "file_unreadable", `${name} cannot be read`, {
      hint: "check the path and its rights",
      cause,
    });
  }
}

/**
 * All of it as text; bytes that are no UTF-8 become `\ufffd`.
 * @throws {PyraError} `input_too_large`, and those of `givenBytes`
 */
export async function givenText(
  context: CommandContext,
  name: string | undefined,
  hint: string,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parts: string[] = [];
  let size = 0;
  for await (const bytes of givenBytes(context, name, hint)) {
    size += bytes.length;
    if (size > WHOLE_BYTES) {
      throw new PyraError("file", "input_too_large", "the text has more than 64 MB", {
        hint: "split it, or give its parts with --jsonl",
      });
    }
    parts.push(decoder.decode(bytes, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join("");
}
