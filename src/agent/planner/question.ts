/**
 * What the planner says to the model.
 * @module
 */
import type { Plan, PlannedStep } from "../planner.ts";
import { PROPOSE_PLAN, REPORT_OUTCOME } from "./tool_names.ts";

/** What goes with the person's goal. */
export const PLANNING = `Do nothing of this yet: first propose a plan with ${PROPOSE_PLAN}. ` +
  "Give as few steps as will do, in their order, each with an outcome that can be checked. " +
  "The person may change it before it begins.";

/** The question that carries out a step. @param at its index */
export function stepQuestion(plan: Plan, at: number): string {
  const step = plan.steps[at];
  if (step === undefined) return "";
  return [
    `Step ${at + 1} of ${plan.steps.length}: ${step.title}`,
    `The plan is to: ${plan.goal}`,
    planLines(plan, at),
    `Do this step now, and no other: ${step.task}`,
    `When it is done, this holds: ${step.outcome}`,
    ...before(step),
    "Say in a few words what came of it, also if it cannot be done.",
  ].join("\n");
}

/** The question whether a step came to its outcome. @param at its index */
export function outcomeQuestion(plan: Plan, at: number): string {
  const step = plan.steps[at];
  if (step === undefined) return "";
  return [
    `Check of step ${at + 1}: ${step.title}`,
    `Does this hold now: ${step.outcome}`,
    `Answer with one call of ${REPORT_OUTCOME}. Where the results above do not show that it holds, ` +
    "it is not met.",
  ].join("\n");
}

function planLines(plan: Plan, at: number): string {
  return plan.steps.map(({ title, mark }, index) =>
    `${index + 1}. ${title}${index === at ? " (now)" : mark === "open" ? "" : ` (${mark})`}`
  ).join("\n");
}

function before({ tries, failures, why }: PlannedStep): string[] {
  if (tries === 0) return [];
  if (failures === 0 && why === "") {
    return ["It was begun before and cut off: look first at what of it is done already."];
  }
  return [
    `It was tried before and failed: ${why || "it did not say why"}. Look first at what is there.`,
  ];
}
