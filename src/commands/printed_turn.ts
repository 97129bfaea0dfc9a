/**
 * A turn of `pyra ask` and `pyra recipe run`, as it is printed.
 * @module
 */
import { EXIT, PyraError } from "../protocol/error.ts";
import type { DoneReason, TurnEvent } from "../protocol/turn_event.ts";
import { NOBODY_ASKED, NOBODY_ASKED_AFTER } from "../tools/approval.ts";
import { CLARIFICATION, nameOfModel } from "../tools/tool_name.ts";
import type { CommandContext } from "./context.ts";
import { asShown, fromReport, oneLine, showError, shownReport } from "./errors.ts";
import type { ProgramOutput } from "./program_output.ts";
import { agoText } from "./query_cache.ts";
import type { TerminalApproval } from "./terminal_approval.ts";
import { printable } from "./terminal_text.ts";

/** Where the person is asked, and sees what programs write; absent where nobody is or looks. */
export interface Shown {
  readonly approval: TerminalApproval | undefined;
  readonly output: ProgramOutput | undefined;
}

/** A line on standard error that is no error. */
export async function say({ boot, printError }: CommandContext, sentence: string): Promise<void> {
  if (!boot.options.quiet && !boot.options.json) {
    await printError(`${oneLine(`pyra: ${sentence}`)}\n`);
  }
}

/** The line of an event as it is shown; an error without secrets. */
export async function shownLine(event: TurnEvent): Promise<string> {
  if (event.type !== "error") return eventLine(event);
  return eventLine({ ...event, error: await shownReport(event.error) });
}

/** The line of an event. */
export function eventLine(event: TurnEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** What is to be said of an answer that is not what was asked for. */
const REMARKS: Readonly<Partial<Record<DoneReason, string>>> = {
  length: "the answer was cut because it reached its limit",
  filtered: "the provider's filter ended the answer",
  tool_rounds: "the model called tools too many times in a row",
};

function isUnasked(reason: string): boolean {
  return reason === NOBODY_ASKED || reason === NOBODY_ASKED_AFTER;
}

/** A tool that nobody could be asked about: exit code 4. */
function notAllowed(refused: ReadonlyMap<string, string>): PyraError {
  const names = [...refused.keys()];
  const [[first, reason] = ["", NOBODY_ASKED]] = refused;
  return new PyraError(
    "permission",
    "tool_denied",
    `${names.join(", ")} ${names.length > 1 ? "were" : "was"} not allowed: ${reason}`,
    {
      hint: reason === NOBODY_ASKED
        ? `allow it with --allow ${first}, or with a rule in tools.rules`
        : "ask this on a terminal, where you can say yes",
      exitCode: EXIT.refused,
    },
  );
}

/** Prints a turn, and on standard error what went wrong. @returns the exit code */
export async function printTurn(
  context: CommandContext,
  events: AsyncIterable<TurnEvent>,
  { approval, output }: Shown,
): Promise<number> {
  const { json } = context.boot.options;
  let lineEnded = true;
  let reason: DoneReason = "error";
  let failure: PyraError | undefined;
  const refused = new Map<string, string>();
  const names = new Map<string, string>();
  for await (const event of events) {
    if (event.type === "error") failure = fromReport(event.error);
    if (event.type === "done") reason = event.reason;
    if (event.type === "tool_call") names.set(event.call.id, event.call.name);
    if (event.type === "approval" && event.decision === "deny" && isUnasked(event.reason)) {
      refused.set(nameOfModel(names.get(event.call_id) ?? ""), event.reason);
    }
    if (event.type === "tool_result") await output?.end(event.call_id);
    if (json) await context.print(await shownLine(event));
    else if (event.type === "approval_request") approval?.announced.announce(event.calls);
    else if (event.type === "tool_call") {
      // What the model says next is another paragraph, and a question has lines of its own.
      if (!lineEnded) await context.print("\n");
      lineEnded = true;
      if (event.call.name === CLARIFICATION) approval?.announced.announce([event.call]);
    } else if (event.type === "cached") {
      const ago = agoText(event.at, context.now());
      await say(context, `this was answered ${ago}; --no-cache asks the model again`);
    } else if (event.type === "warning") {
      if (event.labels !== undefined && !lineEnded) {
        await context.print("\n");
        lineEnded = true;
      }
      await say(context, `warning: ${event.message}`);
    } else if (event.type === "text" && event.text !== "") {
      await context.print(printable(context.boot, event.text));
      lineEnded = event.text.endsWith("\n");
    }
  }
  if (!lineEnded) await context.print("\n");
  if (reason === "cancelled") return asShown(context.signal.reason).exitCode;
  const remark = REMARKS[reason];
  if (failure) await showError(context, failure);
  else if (refused.size > 0) await showError(context, failure = notAllowed(refused));
  else if (remark !== undefined) await say(context, remark);
  return failure?.exitCode ?? (reason === "error" ? EXIT.failed : EXIT.done);
}
