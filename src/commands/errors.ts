/**
 * What went wrong, as the command line shows it: one line that says what to do next.
 * @module
 */
import {
  asPyraError,
  causesOf,
  type ErrorReport,
  EXIT,
  type ExitCode,
  PyraError,
  reportedCause,
} from "../protocol/error.ts";
import { RpcError } from "../rpc/error.ts";
import type { CommandContext } from "./context.ts";

/** A command line that cannot be run as typed: exit code 2. */
export function usageError(message: string, hint: string): PyraError {
  return new PyraError("configuration", "usage", message, { hint, exitCode: EXIT.usage });
}

/** Nothing is set up, and nobody can be asked: exit code 3. */
export function notSetUp(): PyraError {
  return new PyraError("configuration", "not_set_up", "no provider is set up yet", {
    hint: "run pyra setup, or try pyra ask --provider demo",
    exitCode: EXIT.notSetUp,
  });
}

/** The kernel's error codes that mean something else than "failed". */
const KERNEL_EXIT: Readonly<Record<string, ExitCode>> = {
  usage: EXIT.usage,
  not_set_up: EXIT.notSetUp,
  no_key: EXIT.notSetUp,
  denied: EXIT.refused,
  refused: EXIT.refused,
  no_terminal: EXIT.refused,
  boundary: EXIT.refused,
  vault_locked: EXIT.refused,
  wrong_passphrase: EXIT.refused,
  locked: EXIT.refused,
  origin_refused: EXIT.refused,
  daemon_running: EXIT.refused,
  cancelled: EXIT.interrupted,
};

/** Any thrown thing as the error to show; what the kernel threw keeps its code, hint and meaning. */
export function asShown(thrown: unknown): PyraError {
  if (!(thrown instanceof RpcError) || thrown.code !== "remote") return asPyraError(thrown);
  const code = thrown.remoteCode ?? "internal";
  const exitCode = KERNEL_EXIT[code] ?? EXIT.failed;
  const category = exitCode === EXIT.refused
    ? "permission"
    : exitCode === EXIT.failed
    ? "system"
    : "configuration";
  return new PyraError(category, code, thrown.message, {
    hint: hintOf(thrown.data),
    exitCode,
    cause: thrown,
  });
}

function hintOf(data: unknown): string {
  if (typeof data !== "object" || data === null || !("hint" in data)) return "";
  return typeof data.hint === "string" ? data.hint : "";
}

/** Codes of providers that mean that set-up is not complete. */
const NOT_SET_UP = ["no_key", "bad_base_url", "not_set_up"];

/** The error of an `error` event. */
export function fromReport(report: ErrorReport): PyraError {
  const { category, code, message, hint, severity } = report;
  const notSetUp = NOT_SET_UP.includes(code) ? { exitCode: EXIT.notSetUp } : {};
  const cause = reportedCause(report);
  return new PyraError(category, code, message, { hint, severity, cause, ...notSetUp });
}

/** A report without secrets: a server or a program may have put a key into its complaint. */
export async function shownReport(report: ErrorReport): Promise<ErrorReport> {
  const { redact } = await import("../guard/redaction.ts");
  const { message, hint, causes } = report;
  return {
    ...report,
    message: redact(message),
    hint: redact(hint),
    ...(causes === undefined ? {} : { causes: causes.map(redact) }),
  };
}

/**
 * Shows an error on standard error, so that standard output stays what the next program expects: one
 * line, with `--verbose` the causes below, with `--json` as one JSON object.
 */
export async function showError(
  { boot, printError }: CommandContext,
  error: PyraError,
): Promise<void> {
  const { redact } = await import("../guard/redaction.ts");
  const causes = boot.options.verbose ? causeLines(error).map(redact) : [];
  const shown = await shownReport(error.report());
  const text = boot.options.json
    ? JSON.stringify({ error: shown, ...(causes.length > 0 ? { causes } : {}) })
    : [redact(errorLine(error)), ...causes].join("\n");
  await printError(`${text}\n`);
}

/** Control bytes and marks that reorder a line: what a server or a file said must not draw. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** A part of a line, without bytes that control a terminal. */
export function linePart(text: string): string {
  return text.replace(UNPRINTABLE, " ");
}

/** A text on one line, without bytes that control a terminal. */
export function oneLine(text: string): string {
  return linePart(text).trim();
}

/** The error on one line, without a line end: `pyra: message — hint`. */
export function errorLine(error: PyraError): string {
  return oneLine(`pyra: ${error.message}${error.hint ? ` — ${error.hint}` : ""}`);
}

/** The causes below an error, outermost first, one line each. */
export function causeLines(error: Error): string[] {
  return causesOf(error).map((cause) => `  because: ${oneLine(cause)}`);
}
