/**
 * What `pyra daemon start` gives the daemon that it starts: the passphrase and the variables that the
 * environment of a process would show to others. It comes by standard input, one JSON text.
 * @module
 */
import { isRecord } from "../rpc/frame.ts";
import { KernelError } from "./error.ts";

/** The hidden first argument that says so. */
export const HANDED_OVER = "--handed-over";
const LIMIT_BYTES = 1024 * 1024;

/** What is handed over: variables of the environment, the passphrase among them. */
export type HandedOver = Readonly<Record<string, string>>;

/** Puts it into the environment, from where it is taken like what a shell gave. @throws {KernelError} */
export async function takeHandedOver(): Promise<void> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of Deno.stdin.readable) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > LIMIT_BYTES) throw refused();
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw refused(cause);
  }
  if (!isRecord(given)) throw refused();
  for (const [name, value] of Object.entries(given)) Deno.env.set(name, String(value));
}

function refused(cause?: unknown): KernelError {
  const hint = "run pyra daemon start";
  return new KernelError("usage", "what the daemon is started with cannot be read", hint, cause);
}
