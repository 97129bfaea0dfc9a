/**
 * How a run that failed in the kernel is told of, and the exit codes that are the kernel's own.
 * @module
 */
import { RpcError } from "../rpc/error.ts";
import { KernelError } from "./error.ts";
import { sanitise } from "./prompt.ts";

/** Something went wrong. */
export const EXIT_FAILED = 1;
/** Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
/** SIGTERM, or a terminal that was closed. */
export const EXIT_TERMINATED = 143;

/** The exit code of a run that ends by an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof KernelError ? error.exitCode : EXIT_FAILED;
}

/** One line for the person, and with `verbose` its causes. */
export function failureText(error: unknown, { verbose }: { readonly verbose: boolean }): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof KernelError && error.data.hint ? ` — ${error.data.hint}` : "";
  const lines = [`pyra: ${sanitise(message)}${hint}`];
  let cause = error instanceof Error ? error.cause : undefined;
  for (let depth = 0; verbose && depth < 8 && cause instanceof Error; depth++) {
    const code = cause instanceof RpcError ? ` (${cause.remoteCode ?? cause.code})` : "";
    lines.push(`  because: ${sanitise(cause.message)}${code}`);
    cause = cause.cause;
  }
  return lines.join("\n");
}

/** A room that died, as an error of the run. */
export function roomFailure(name: string, cause: unknown): KernelError {
  if (cause instanceof KernelError) return cause;
  return new KernelError("room", `the ${name} room ended: ${sanitise(String(cause))}`);
}
