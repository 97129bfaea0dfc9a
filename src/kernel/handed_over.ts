/**
 * What `pyra daemon start` gives the daemon that it starts: the passphrase and the variables that the
 * environment of a process would show to others. It comes by standard input, one JSON text.
 * @module
 */
import { KernelError } from "./error.ts";
import type { Terminal } from "./terminal.ts";

/** The hidden first argument that says so. */
export const HANDED_OVER = "--handed-over";
const LIMIT_BYTES = 1024 * 1024;

/** What is handed over: variables of the environment, the passphrase among them. */
export type HandedOver = Readonly<Record<string, string>>;

/** Puts it into the environment, from where it is taken like what a shell gave. @throws {KernelError} */
export async function takeHandedOver(
  terminal: Pick<Terminal, "reserve" | "reserved">,
): Promise<void> {
  await terminal.reserve(LIMIT_BYTES);
  try {
    const given: HandedOver = JSON.parse(terminal.reserved ?? "");
    for (const [name, value] of Object.entries(given)) Deno.env.set(name, value);
  } catch (cause) {
    const message = "what the daemon is started with cannot be read";
    throw new KernelError("usage", message, "run pyra daemon start", cause);
  } finally {
    // The passphrase is in it.
    terminal.reserved = undefined;
  }
}
