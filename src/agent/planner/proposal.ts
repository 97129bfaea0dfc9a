/**
 * The two tools of the planner. They do nothing but carry words: a plan to the person, and a verdict to the
 * planner, which reads them from the turn's events once the call was let through.
 * @module
 */
import { oneLine, plainLines } from "../../protocol/foreign_text.ts";
import { MAX_STEPS, PLAN_UNITS, PlanStep } from "../../protocol/plan.ts";
import type { Tool, ToolPlan } from "../../protocol/tool.ts";
import { PROPOSE_PLAN, REPORT_OUTCOME } from "./tool_names.ts";

/** What a model proposes. */
export interface Proposal {
  readonly goal: string;
  readonly steps: readonly PlanStep[];
}

/** What a model says of a step. */
export interface Verdict {
  readonly met: boolean;
  readonly why: string;
}

/** What arguments say, or what is wrong with them. */
export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "refused"; readonly message: string };

/** Reads the arguments of `propose_plan`: whatever they are. */
export function readProposal(given: unknown): Reading<Proposal> {
  const { goal, steps } = fields(given);
  const aim = plainLines(textOf(goal), PLAN_UNITS.goal).trim();
  if (aim === "") return refused("give the goal in a sentence");
  if (!Array.isArray(steps) || steps.length === 0) return refused("give the steps as a list");
  if (steps.length > MAX_STEPS) return refused(`give ${MAX_STEPS} steps at most`);
  const read: PlanStep[] = [];
  for (const [at, each] of steps.entries()) {
    const step = readStep(each);
    if (step === undefined) {
      return refused(`step ${at + 1} needs a title, a task and an outcome that can be checked`);
    }
    if (read.some((other) => other.title === step.title && other.task === step.task)) {
      return refused(`step ${at + 1} is there twice; each step is done once`);
    }
    read.push(step);
  }
  return { kind: "read", value: { goal: aim, steps: read } };
}

/** A step of these words, cut to what fits and without control bytes; `undefined` if one says nothing. */
export function readStep(given: unknown): PlanStep | undefined {
  const { title, task, outcome } = fields(given);
  const step = {
    title: oneLine(textOf(title), PLAN_UNITS.title).trim(),
    task: plainLines(textOf(task), PLAN_UNITS.task).trim(),
    outcome: plainLines(textOf(outcome), PLAN_UNITS.outcome).trim(),
  };
  const checked = PlanStep.safeParse(step);
  return checked.success ? checked.data : undefined;
}

/** Reads the arguments of `report_outcome`. */
export function readVerdict(given: unknown): Reading<Verdict> {
  const { met, why } = fields(given);
  if (typeof met !== "boolean") return refused("say met: true or met: false");
  return { kind: "read", value: { met, why: oneLine(textOf(why), PLAN_UNITS.why).trim() } };
}

function fields(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given) ? { ...given } : {};
}

function textOf(given: unknown): string {
  return typeof given === "string" ? given : "";
}

function refused(message: string): { readonly kind: "refused"; readonly message: string } {
  return { kind: "refused", message };
}

const TEXT = { type: "string" };

/** The planner's tools. They are offered in its own questions only. */
export const PLAN_TOOLS: readonly Tool[] = [
  {
    owner: "pyra",
    effects: [],
    description: {
      name: PROPOSE_PLAN,
      description:
        "Shows the person a plan, which they may change before it begins. Each step is " +
        "carried out in a turn of its own, and then checked against its outcome.",
      parameters: {
        type: "object",
        properties: {
          goal: TEXT,
          steps: {
            type: "array",
            description: `as few as will do; ${MAX_STEPS} at most`,
            items: {
              type: "object",
              properties: {
                title: { type: "string", description: "a few words" },
                task: { type: "string", description: "what to do" },
                outcome: { type: "string", description: "what can be checked when it is done" },
              },
              required: ["title", "task", "outcome"],
            },
          },
        },
        required: ["goal", "steps"],
      },
    },
    plan: (given) =>
      Promise.resolve(
        answering(readProposal(given), "show a plan", "The plan is in front of the person."),
      ),
  },
  {
    owner: "pyra",
    effects: [],
    description: {
      name: REPORT_OUTCOME,
      description:
        "Says whether the step's outcome is met. Only what results of tools show counts.",
      parameters: {
        type: "object",
        properties: {
          met: { type: "boolean" },
          why: { type: "string", description: "one sentence: what shows it" },
        },
        required: ["met", "why"],
      },
    },
    plan: (given) =>
      Promise.resolve(answering(readVerdict(given), "say how a step came out", "It is noted.")),
  },
];

function answering(read: Reading<unknown>, does: string, text: string): ToolPlan {
  if (read.kind === "refused") return read;
  const run = () => Promise.resolve({ status: "ok", text } as const);
  return { kind: "ready", does, effects: [], approval: "none", run };
}
