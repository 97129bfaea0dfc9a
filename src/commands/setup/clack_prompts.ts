/**
 * Opens the wizard's questions on the process's terminal.
 * @module
 */
import process from "node:process";
import { Writable } from "node:stream";
import type { Prompts } from "../context.ts";

/** Opens the questions. @param signal cancels the question that is open */
export async function openClackPrompts(signal: AbortSignal): Promise<Prompts> {
  const { askWithClack } = await import("./clack_questions.ts");
  // Looked up now: the room has put the kernel's stream in the place of standard input.
  return askWithClack(process.stdin, terminalOutput(), signal);
}

function terminalOutput(): Writable {
  const output = new Writable({
    // At once: this room may be stopped with the next call, and the kernel goes on at the cursor.
    write(chunk: Uint8Array, _encoding, done) {
      for (let written = 0; written < chunk.length;) {
        written += Deno.stdout.writeSync(chunk.subarray(written));
      }
      done();
    },
  });
  const size = (side: "columns" | "rows") => ({ get: () => Deno.consoleSize()[side] });
  return Object.defineProperties(output, {
    isTTY: { value: true },
    columns: size("columns"),
    rows: size("rows"),
  });
}
