/**
 * The person's part in a plan, as each surface plays it.
 * @module
 */
import type { Plan } from "../agent/planner.ts";
import type { PlanStep } from "../protocol/plan.ts";

/** What the person says to a plan that was proposed, or that they wanted to change. */
export type Review =
  /** These steps, in this order: as proposed, or as they made them. */
  | { readonly kind: "approve"; readonly steps: readonly PlanStep[] }
  /** Not now: it stays as it is, and can be gone on with. */
  | { readonly kind: "later" }
  | { readonly kind: "stop" };

/** What the person says to a step that failed twice. */
export type FailureAnswer = "retry" | "skip" | "change" | "stop" | "later";

/** Who looks at plans. */
export interface PlanPerson {
  /** Shows the steps that are open, and lets the person change them. @throws the signal's reason */
  review(plan: Plan, signal: AbortSignal): Promise<Review>;
  /** Asks what to do about a failed step. @param at its index @throws the signal's reason */
  failed(plan: Plan, at: number, signal: AbortSignal): Promise<FailureAnswer>;
}

/** The person said yes beforehand: a plan begins as it was proposed, and ends with a step that fails twice. */
export const AGREED_BEFORE: PlanPerson = {
  review: (plan) =>
    Promise.resolve({
      kind: "approve",
      steps: plan.steps.map(({ title, task, outcome }) => ({ title, task, outcome })),
    }),
  failed: () => Promise.resolve("stop"),
};

/** Nobody can be asked: a plan waits. */
export const NOBODY: PlanPerson = {
  review: () => Promise.resolve({ kind: "later" }),
  failed: () => Promise.resolve("later"),
};
