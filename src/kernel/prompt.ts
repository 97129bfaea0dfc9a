/**
 * One line typed at the kernel's own question, read byte by byte in raw mode.
 * @module
 */
import { KernelError } from "./error.ts";

/** More than any key or passphrase; what is typed beyond is refused. */
const LINE_LIMIT = 64 * 1024;

/**
 * A text as the kernel shows it: no control bytes, no escapes, no marks that reorder the line.
 * What came from a room, a file or a server is shown through this only.
 */
export function sanitise(text: string, limit = 500): string {
  const shown = text
    // deno-lint-ignore no-control-regex -- whole escape sequences, lest their tails be shown
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, "")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]+/gu, " ").trim();
  return shown.length > limit ? `${shown.slice(0, limit)}…` : shown;
}

/**
 * Reads one line; the terminal must be in raw mode. Ctrl-C cancels, Ctrl-U empties the line, the
 * marks of a bracketed paste are dropped. Returns the line and the bytes that came after it.
 * @throws {KernelError} `cancelled`, `no_terminal` when input ends
 */
export async function promptLine(
  question: string,
  options: { readonly secret: boolean },
  read: () => Promise<Uint8Array | null>,
  write: (text: string) => void,
): Promise<{ text: string; rest: Uint8Array }> {
  write(question.replaceAll("\n", "\r\n"));
  const decoder = new TextDecoder();
  let line = "";
  while (true) {
    const bytes = await read();
    if (bytes === null) {
      write("\r\n");
      throw new KernelError("no_terminal", "the terminal was closed at a question");
    }
    const end = bytes.findIndex((byte) => byte === 13 || byte === 10 || byte === 3 || byte === 4);
    const text = decoder.decode(end < 0 ? bytes : bytes.subarray(0, end), { stream: end < 0 })
      // deno-lint-ignore no-control-regex -- keys that are no text arrive as escape sequences
      .replace(/\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g, "");
    for (const character of text) {
      if (character === "\x7f" || character === "\b") {
        if (line && !options.secret) write("\b \b");
        line = [...line].slice(0, -1).join("");
      } else if (character === "\x15") {
        if (!options.secret) write("\b \b".repeat([...line].length));
        line = "";
      } else if (character >= " ") {
        line += character;
        if (!options.secret) write(character);
      }
    }
    if (line.length > LINE_LIMIT) {
      write("\r\n");
      throw new KernelError("usage", "what was typed is too long");
    }
    if (end < 0) continue;
    write("\r\n");
    if (bytes[end] === 3 || (bytes[end] === 4 && line === "")) {
      throw new KernelError("cancelled", "cancelled at a question");
    }
    return { text: line, rest: bytes.slice(end + 1) };
  }
}
