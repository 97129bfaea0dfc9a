/**
 * `pyra ask --plan`: has a plan made for the question, and carries it out if the person agrees.
 * @module
 */
import type { Plan } from "../agent/planner.ts";
import { AGREED_BEFORE, NOBODY, type PlanPerson } from "../chat/plan_person.ts";
import { planAndRun } from "../chat/plan_run.ts";
import { eventLine, type PlanLine, planLines, progressLines } from "../chat/plan_text.ts";
import { TypedPlans } from "../chat/plan_typed.ts";
import type { Conversation } from "../chat/ports.ts";
import { EXIT } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import type { PlanEvent } from "../protocol/plan.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { CommandContext } from "./context.ts";
import { asShown, linePart, showError } from "./errors.ts";
import type { TerminalApproval } from "./terminal_approval.ts";

/** What is to be planned. */
export interface PlannedAsk {
  readonly conversation: Conversation;
  readonly parts: readonly Part[];
  /** Whether the person said yes on the command line. */
  readonly agreed: "beforehand" | "when asked";
  /** Where they are asked; absent where nobody is. */
  readonly approval: TerminalApproval | undefined;
  /** Prints a turn. */
  readonly print: (events: AsyncIterable<TurnEvent>) => Promise<unknown>;
}

/** Plans, and carries the plan out as far as it is agreed to. @returns the exit code */
export async function askPlanned(context: CommandContext, asked: PlannedAsk): Promise<number> {
  const { conversation, parts, agreed, approval, print } = asked;
  const { signal } = context;
  const person = personOf(context, agreed, approval);
  const ports = {
    conversation,
    person,
    ask: async (question: readonly Part[], options: Parameters<Conversation["send"]>[2]) =>
      void await print(conversation.send(question, signal, options)),
    show: (plan: Plan, event: PlanEvent) => show(context, { plan, event, person }),
  };
  try {
    const plan = await planAndRun(ports, parts, signal);
    if (signal.aborted || plan === undefined) return await cutOff(context, conversation);
    return await ended(context, plan, conversation.id);
  } catch (thrown) {
    if (signal.aborted) return await cutOff(context, conversation);
    const error = asShown(thrown);
    await showError(context, error);
    return error.exitCode;
  }
}

function personOf(
  context: CommandContext,
  agreed: PlannedAsk["agreed"],
  approval: TerminalApproval | undefined,
): PlanPerson {
  if (agreed === "beforehand") return AGREED_BEFORE;
  if (approval === undefined) return NOBODY;
  return new TypedPlans({
    line: (line) => say(context, line),
    quiet: (signal) => approval.quiet(signal),
    typed: (words, signal) => approval.typed(`${words} [n] `, signal),
  });
}

async function show(
  context: CommandContext,
  { plan, event, person }: {
    readonly plan: Plan;
    readonly event: PlanEvent;
    readonly person: PlanPerson;
  },
): Promise<void> {
  const { boot: { options }, print } = context;
  if (options.json) return await print(`${JSON.stringify({ type: "plan", event })}\n`);
  if (event.kind === "proposed") {
    // Where nobody is asked the plan is the answer; who is asked sees it with the question.
    if (person === NOBODY) { for (const line of planLines(plan)) await print(lineOf(line)); }
    if (person === AGREED_BEFORE) { for (const line of planLines(plan)) await say(context, line); }
    return;
  }
  const line = eventLine(plan, event);
  if (line !== undefined) await say(context, line);
}

/** A line on standard error; quiet runs have none but warnings. */
async function say({ boot, printError }: CommandContext, line: PlanLine): Promise<void> {
  if (boot.options.quiet && line.kind !== "warning") return;
  await printError(lineOf(line));
}

function lineOf({ kind, text }: PlanLine): string {
  const indent = kind === "detail" ? "      " : "";
  return text.split("\n").map((line) => `${indent}${linePart(line)}\n`).join("");
}

async function ended(context: CommandContext, plan: Plan, id: string): Promise<number> {
  const { json } = context.boot.options;
  const steps = progressLines(plan);
  if (!json && plan.tries > 0) {
    for (const text of steps) await say(context, { kind: "step", text });
  }
  switch (plan.phase) {
    case "over":
      return EXIT.done;
    case "stopped":
      return plan.tries === 0 ? EXIT.refused : EXIT.failed;
    default: {
      const text = `nothing more is done yet; on a terminal pyra sessions resume ${id} goes on, ` +
        "and --yes agrees beforehand";
      if (!json) await say(context, { kind: "step", text });
      return EXIT.done;
    }
  }
}

async function cutOff(context: CommandContext, { plan, id }: Conversation): Promise<number> {
  if (plan !== undefined && !context.boot.options.json) {
    const text = `pyra sessions resume ${id} goes on with the plan`;
    await say(context, { kind: "step", text });
  }
  return context.signal.aborted ? asShown(context.signal.reason).exitCode : EXIT.failed;
}
