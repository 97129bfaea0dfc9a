/**
 * A plan in lines, and the words by which a person changes one where they can only type.
 * @module
 */
import { readStep } from "../agent/planner/proposal.ts";
import type { Plan, PlannedStep, StepMark } from "../agent/planner.ts";
import type { PlanEvent, PlanStep } from "../protocol/plan.ts";
import type { FailureAnswer } from "./plan_person.ts";

/** How a step stands, in one character that every terminal has. */
export const STEP_MARKS: Readonly<Record<StepMark, string>> = {
  open: " ",
  running: ">",
  done: "x",
  failed: "!",
  skipped: "-",
};

/** A line of a plan. `title`: stands out; foreign text in all of them. */
export interface PlanLine {
  readonly kind: "title" | "step" | "detail" | "warning";
  readonly text: string;
}

/** The whole plan, as it is shown for review. */
export function planLines(plan: Plan): PlanLine[] {
  return [
    { kind: "title", text: `plan: ${plan.goal}` },
    ...warningOf(plan),
    ...plan.steps.flatMap((step, at): PlanLine[] => [
      { kind: "step", text: stepLine(step, at) },
      ...detailsOf(step),
    ]),
  ];
}

/** The steps with their marks only. */
export function progressLines({ steps }: Plan): string[] {
  return steps.map(stepLine);
}

/** `[x] 2. Find the files`. @param at its index */
export function stepLine({ mark, title }: PlannedStep, at: number): string {
  return `[${STEP_MARKS[mark]}] ${at + 1}. ${title}`;
}

function warningOf({ untrusted }: Plan): PlanLine[] {
  if (untrusted === undefined) return [];
  const text = `the model had read text of others when it made this plan: ${untrusted}`;
  return [{ kind: "warning", text }];
}

function detailsOf({ task, outcome, why, mark }: PlannedStep): PlanLine[] {
  if (mark === "done" || mark === "skipped") return [];
  return [
    { kind: "detail", text: `do: ${task}` },
    { kind: "detail", text: `then: ${outcome}` },
    ...(why === "" ? [] : [{ kind: "warning", text: `failed: ${why}` } as const]),
  ];
}

/** What to say of an event; `undefined` where the plan itself is shown. */
export function eventLine(plan: Plan, event: PlanEvent): PlanLine | undefined {
  const ofStep = "step" in event ? plan.steps[event.step] : undefined;
  if (ofStep !== undefined && "step" in event) {
    const where = `step ${event.step + 1} of ${plan.steps.length}`;
    switch (event.kind) {
      case "began":
        return { kind: "title", text: `${where}: ${ofStep.title}` };
      case "done":
        return { kind: "step", text: `${where} is done${because(event.why)}` };
      case "failed": {
        const next = ofStep.mark === "failed" ? "" : "; it is tried once more";
        return { kind: "warning", text: `${where} failed${because(event.why)}${next}` };
      }
      case "retried":
        return { kind: "step", text: `${where} is tried again` };
      case "skipped":
        return { kind: "step", text: `${where} is skipped` };
    }
  }
  if (event.kind === "stopped") {
    return { kind: "warning", text: `the plan is stopped: ${event.why}` };
  }
  if (event.kind === "resumed") return { kind: "step", text: "the plan goes on" };
  return undefined;
}

function because(why: string): string {
  return why === "" ? "" : `: ${why}`;
}

/** How an unfinished plan stands, for who comes back to it. */
export function standing(plan: Plan): string {
  const { steps } = plan;
  const done = steps.filter(({ mark }) => mark === "done").length;
  const at = steps.findIndex(({ mark }) => mark !== "done" && mark !== "skipped");
  const where = plan.phase === "proposed" ? "it was not begun" : `it stopped at step ${at + 1}`;
  return `there is an unfinished plan: ${plan.goal} (${done} of ${steps.length} steps done; ${where})`;
}

/** What may be typed about a plan, one line. */
export const REVIEW_WORDS =
  "y runs it · n leaves it · rm 2 · mv 3 1 · title|do|then 2 TEXT · ? shows it";
/** What may be typed about a failed step. */
export const FAILURE_WORDS = "r tries it again · s skips it · c changes the plan · x stops it";

/** What a typed line makes of the open steps. */
export type TypedReview =
  | { readonly kind: "approve" | "stop" | "show" }
  | { readonly kind: "steps"; readonly steps: readonly PlanStep[] }
  /** A sentence that says what to type. */
  | { readonly kind: "wrong"; readonly message: string };

/**
 * Reads a line typed about a plan.
 * @param first the number that the first of these steps is shown with
 */
export function typedReview(line: string, steps: readonly PlanStep[], first = 1): TypedReview {
  const [word = "", number = "", ...rest] = line.trim().split(/\s+/);
  const verb = word.toLowerCase();
  if (verb === "y" || verb === "yes") return { kind: "approve" };
  if (verb === "n" || verb === "no" || verb === "q" || verb === "") return { kind: "stop" };
  if (verb === "?") return { kind: "show" };
  const field = FIELDS[verb];
  if (verb !== "rm" && verb !== "mv" && field === undefined) {
    return { kind: "wrong", message: "that is none of these" };
  }
  const at = placeOf(number, steps, first);
  const step = at === undefined ? undefined : steps[at];
  if (at === undefined || step === undefined) return noStep(number, steps, first);
  if (verb === "rm") return removed(steps, at);
  if (verb === "mv") {
    const to = placeOf(rest[0] ?? "", steps, first);
    return to === undefined ? noStep(rest[0] ?? "", steps, first) : {
      kind: "steps",
      steps: movedTo(steps, at, to),
    };
  }
  const text = line.trim().replace(/^\S+\s+\S+\s*/, "");
  const changed = readStep({ ...step, ...(field === undefined ? {} : { [field]: text }) });
  if (changed === undefined) {
    return { kind: "wrong", message: `write ${verb} ${number} and the text` };
  }
  return { kind: "steps", steps: steps.with(at, changed) };
}

/** A step at another place. @param at, to indexes */
export function movedTo(steps: readonly PlanStep[], at: number, to: number): PlanStep[] {
  const step = steps[at];
  return step === undefined ? [...steps] : steps.toSpliced(at, 1).toSpliced(to, 0, step);
}

/** Reads a line typed about a failed step; `undefined` for one that is no answer. */
export function typedFailure(line: string): FailureAnswer | undefined {
  return FAILURE_ANSWERS[line.trim().toLowerCase()];
}

const FIELDS: Readonly<Record<string, keyof PlanStep>> = {
  title: "title",
  do: "task",
  then: "outcome",
};

const FAILURE_ANSWERS: Readonly<Record<string, FailureAnswer>> = {
  r: "retry",
  retry: "retry",
  s: "skip",
  skip: "skip",
  c: "change",
  change: "change",
  x: "stop",
  stop: "stop",
};

function placeOf(number: string, steps: readonly PlanStep[], first: number): number | undefined {
  const at = /^\d{1,3}$/.test(number) ? Number(number) - first : -1;
  return at >= 0 && at < steps.length ? at : undefined;
}

function noStep(number: string, steps: readonly PlanStep[], first: number): TypedReview {
  const last = first + steps.length - 1;
  return {
    kind: "wrong",
    message: `${
      number === "" ? "name a step" : `there is no open step ${number}`
    }: ${first} to ${last}`,
  };
}

function removed(steps: readonly PlanStep[], at: number): TypedReview {
  if (steps.length === 1) {
    return { kind: "wrong", message: "it is the only step; n leaves the plan" };
  }
  return { kind: "steps", steps: steps.toSpliced(at, 1) };
}
