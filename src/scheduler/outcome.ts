/**
 * How the run of a job says how it ended: the exit code decides, and the last line of standard output says
 * more. A run prints nothing else there, so what a model or a tool wrote is never taken for that line.
 * @module
 */
import * as z from "zod/mini";
import { jsonOf, oneLine } from "../protocol/foreign_text.ts";
import type { JobResult } from "../protocol/daemon_calls.ts";
import { EXIT } from "../protocol/error.ts";
import type { OccurrenceEnd } from "./schedule.ts";

/** The exit code of a run that found nothing to do. */
export const SKIPPED_CODE = 5;
const REASON_UNITS = 500;
const PATH_UNITS = 4_096;
const SESSION_UNITS = 200;

/** How a job's run ended, as the ledger keeps it. */
export type RunOutcome = OccurrenceEnd;

const OutcomeLine = z.strictObject({
  type: z.literal("outcome"),
  reason: z.string().check(z.maxLength(REASON_UNITS)),
  output: z.optional(z.string().check(z.maxLength(PATH_UNITS))),
  session: z.optional(z.string().check(z.maxLength(SESSION_UNITS))),
});

/** The exit code of an outcome. */
export function outcomeCode({ state }: Pick<RunOutcome, "state">): number {
  return state === "done" ? EXIT.done : state === "skipped" ? SKIPPED_CODE : EXIT.failed;
}

/** The line that tells an outcome, with its end. */
export function outcomeLine({ reason, output, session }: RunOutcome): string {
  const line: z.infer<typeof OutcomeLine> = {
    type: "outcome",
    reason: oneLine(reason, REASON_UNITS),
    ...(output === undefined || output.length > PATH_UNITS ? {} : { output }),
    ...(session === undefined ? {} : { session }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** What a job's run says of its end. One that was ended, or never began, has failed. */
export function readOutcome({ code, output: printed, errors }: JobResult): RunOutcome {
  const state = code === EXIT.done ? "done" : code === SKIPPED_CODE ? "skipped" : "failed";
  const told = OutcomeLine.safeParse(jsonOf(lastLine(printed))).data;
  if (told !== undefined) {
    const { output, session } = told;
    return {
      state,
      reason: oneLine(told.reason, REASON_UNITS),
      ...(output === undefined ? {} : { output }),
      ...(session === undefined ? {} : { session }),
    };
  }
  const said = oneLine(lastLine(errors).replace(/^pyra: /, ""), REASON_UNITS);
  const reason = code === EXIT.terminated ? "it was ended before it was done" : said;
  // Without its line nobody knows what it did.
  if (state !== "failed") return { state: "failed", reason: "it did not say how it ended" };
  return { state, reason: reason === "" ? `its run ended with exit code ${code}` : reason };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
