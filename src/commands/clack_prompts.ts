/**
 * Opens the wizard's questions on the process's terminal.
 * @module
 */
import process from "node:process";
import { Writable } from "node:stream";
import type { Prompts } from "./context.ts";

/**
 * Opens the questions. Libraries look for the terminal in `process.stdout`, and the runtime's own
 * listens for signals as soon as it is looked at, which a room may not: so another stream is put in
 * its place before the library is loaded.
 * @param signal cancels the question that is open
 */
export async function openClackPrompts(signal: AbortSignal): Promise<Prompts> {
  const output = terminalOutput();
  Object.defineProperty(process, "stdout", { value: output, configurable: true, writable: true });
  const { askWithClack } = await import("./clack_questions.ts");
  return askWithClack(process.stdin, output, signal);
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
