/**
 * Where a job's result goes beside its session: the file that was typed, and a notification.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import type { CommandContext } from "../context.ts";
import { PyraError } from "../../protocol/error.ts";
import { asShown } from "../errors.ts";
import { localTime } from "../output.ts";
import { printable } from "../terminal_text.ts";
import type { JobAnswer } from "./answer.ts";
import type { TypedJob } from "./typed_job.ts";

/** Of a notification's text, UTF-16 units. */
const SHOWN_UNITS = 200;
/** What is in a file may be shown on a terminal one day. */
const TERMINAL = { terminal: { stdin: false, stdout: true, stderr: false } };

/**
 * Writes the file and shows the notification. A notification that cannot be shown fails no job.
 * @returns where the result is, and what went wrong with the notification; empty if nothing did
 * @throws {PyraError} `not_written`
 */
export async function deliver(
  context: CommandContext,
  job: TypedJob,
  { text, last, denied }: JobAnswer,
): Promise<{ readonly output?: string; readonly unshown: string }> {
  const told = denied.map(({ tool, reason }) => `Not allowed: ${tool} (${reason})`);
  const [path] = context.boot.granted;
  const isWritten = job.output !== undefined && path !== undefined;
  if (isWritten) {
    const time = localTime(new Date(context.now()).toISOString());
    const whole = [time, "", text, ...(told.length > 0 ? ["", ...told] : []), ""].join("\n");
    await write(path, printable(TERMINAL, whole));
  }
  const unshown = await notifyOf(context, job, [last, ...told].join(" · "));
  return { unshown, ...(isWritten ? { output: path } : {}) };
}

/** Shows a text, if the person wants notifications. Never throws. @returns what went wrong; empty if nothing did */
export async function notifyOf(
  context: CommandContext,
  { notify, name }: TypedJob,
  text: string,
): Promise<string> {
  if (!notify) return "";
  const { redact } = await import("../../guard/redaction.ts");
  const shown = oneLine(redact(text), SHOWN_UNITS);
  try {
    await context.kernel.call("notify", { title: name, text: shown });
    return "";
  } catch (thrown) {
    return `the notification was not shown: ${asShown(thrown).message}`;
  }
}

/** The right is for this file only, so there is no temporary one beside it. @throws {PyraError} */
async function write(path: string, text: string): Promise<void> {
  const refused = (cause?: unknown) => {
    const hint = "check that its folder exists and is yours, and that no link stands there";
    return new PyraError("file", "not_written", `${path} cannot be written`, { hint, cause });
  };
  try {
    await ensureFile(path);
    // The runtime follows a link, and the job's own programs may have put one there.
    const [found, meant] = [await Deno.realPath(path), path].map((one) =>
      one.replaceAll("\\", "/")
    );
    if (found === meant) {
      return await Deno.writeTextFile(path, text, { create: false, mode: 0o600 });
    }
  } catch (cause) {
    throw refused(cause);
  }
  throw refused();
}

async function ensureFile(path: string): Promise<void> {
  try {
    (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
