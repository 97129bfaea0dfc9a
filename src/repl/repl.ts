/**
 * The chat on the terminal: `pyra chat`.
 * @module
 */
import process from "node:process";
import type { ReplPorts } from "./ports.ts";

export type { ProviderChoice, ReplPorts, ReplState, SessionChoice } from "./ports.ts";

/**
 * Runs the chat until the person leaves: on a full screen where there is one, else as plain lines.
 * The terminal is left as it was found, also when this throws.
 * @returns the exit code: 0 left, 130 interrupted twice, 143 terminated
 */
export async function runRepl(ports: ReplPorts): Promise<number> {
  const { stdin, stdout } = ports.terminal;
  const term = ports.env["TERM"] ?? "";
  const dumb = term === "dumb" || (term === "" && Deno.build.os !== "windows");
  if (stdin && stdout && !dumb) {
    const { runChatScreen } = await import("./own_screen.ts");
    return await runChatScreen(ports);
  }
  const { runPlain } = await import("./plain.ts");
  const readerLeft = new AbortController();
  const leave = (): void => readerLeft.abort();
  // Nobody can be told that nobody reads the warnings.
  const ignore = (): void => undefined;
  process.stdout.on("error", leave);
  process.stderr.on("error", ignore);
  try {
    return await runPlain(ports, {
      input: Deno.stdin.readable,
      write: (text) => write(process.stdout, text, leave),
      writeError: (text) => write(process.stderr, text, ignore),
      readerLeft: readerLeft.signal,
    });
  } finally {
    process.stdout.off("error", leave);
    process.stderr.off("error", ignore);
  }
}

/** Some runtimes throw what others tell by an event. */
function write(
  stream: { write(text: string): boolean },
  text: string,
  failed: () => void,
): void {
  try {
    stream.write(text);
  } catch {
    failed();
  }
}
