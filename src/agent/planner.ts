/**
 * A plan as a state machine: what its events make of it, and what is to be done next. Events that do not
 * fit change nothing, so that a damaged session file, or a caller that is wrong, ends in a defined state.
 * @module
 */
import { MAX_STEPS, type PlanEvent, type PlanStep } from "../protocol/plan.ts";

/** Rounds of tools that one try of a step may have. */
export const STEP_ROUNDS = 5;
/** Rounds of tools that a plan may have in all. A try that was cut off counts with all it could have had. */
export const PLAN_ROUNDS = 150;
/** Tries that a plan may have in all, whatever the person answers. */
export const PLAN_TRIES = 60;
/** A step that failed so often is the person's question. */
const TRIES_UNASKED = 2;

/** How a step stands. `open`: not begun, or to be begun again. */
export type StepMark = "open" | "running" | "done" | "failed" | "skipped";

/** A step and how it stands. */
export interface PlannedStep extends PlanStep {
  readonly mark: StepMark;
  /** How often it was begun. */
  readonly tries: number;
  /** How often it failed since the person last spoke about it. */
  readonly failures: number;
  /** What its last verification, or failure, said; empty if there was none. */
  readonly why: string;
}

/**
 * Where a plan is. `proposed`: the person has not agreed yet; `asking`: a step failed, and the person is to
 * say what to do; `over`: all steps are done or skipped; `stopped`: it was given up.
 */
export type PlanPhase = "proposed" | "running" | "asking" | "over" | "stopped";

/** A plan and what became of it. */
export interface Plan {
  readonly goal: string;
  /** Set if the model that proposed it had read text that nobody vouches for: where that came from. */
  readonly untrusted?: string;
  readonly steps: readonly PlannedStep[];
  readonly phase: PlanPhase;
  /** Rounds of tools that were used, or may have been. */
  readonly rounds: number;
  /** Those of them that the running step may use. */
  readonly reserved: number;
  readonly tries: number;
  /** Why it stopped. */
  readonly why: string;
}

/** What is to be done with a plan. */
export type NextMove =
  /** The person looks at the steps and agrees, or does not. */
  | { readonly kind: "review" }
  /** It was cut off in a step: whoever goes on says so first (`resumed`). */
  | { readonly kind: "resume"; readonly step: number }
  | { readonly kind: "run"; readonly step: number; readonly rounds: number }
  /** The person says what to do about a step that failed. */
  | { readonly kind: "ask"; readonly step: number }
  /** It has used up its rounds or tries: it is to be stopped. */
  | { readonly kind: "exhausted"; readonly why: string }
  | { readonly kind: "nothing" };

/** The plan after an event; as it was if the event does not fit. */
export function planAfter(plan: Plan | undefined, event: PlanEvent): Plan | undefined {
  if (event.kind === "proposed") return proposed(event);
  return plan === undefined ? undefined : settled(changed(plan, event));
}

/** What is to be done next. */
export function nextMove(plan: Plan): NextMove {
  const step = plan.steps.findIndex(({ mark }) => mark !== "done" && mark !== "skipped");
  switch (plan.phase) {
    case "over":
    case "stopped":
      return { kind: "nothing" };
    case "proposed":
      return { kind: "review" };
    case "asking":
      return { kind: "ask", step };
    case "running": {
      if (plan.steps[step]?.mark === "running") return { kind: "resume", step };
      const rounds = Math.min(STEP_ROUNDS, PLAN_ROUNDS - plan.rounds);
      if (rounds <= 0) return { kind: "exhausted", why: `it has used its ${PLAN_ROUNDS} rounds` };
      if (plan.tries >= PLAN_TRIES) {
        return { kind: "exhausted", why: `it has used its ${PLAN_TRIES} tries` };
      }
      return { kind: "run", step, rounds };
    }
  }
}

/** Whether there is something left to do. */
export function isUnfinished(plan: Plan | undefined): plan is Plan {
  return plan !== undefined && plan.phase !== "over" && plan.phase !== "stopped";
}

/** The steps that the person may still change: those that are neither done nor skipped. */
export function openSteps(plan: Plan): readonly PlanStep[] {
  return plan.steps.filter(isOpen).map(({ title, task, outcome }) => ({ title, task, outcome }));
}

function isOpen({ mark }: PlannedStep): boolean {
  return mark !== "done" && mark !== "skipped";
}

function fresh(step: PlanStep): PlannedStep {
  return { ...step, mark: "open", tries: 0, failures: 0, why: "" };
}

function proposed({ goal, steps, untrusted }: Extract<PlanEvent, { kind: "proposed" }>): Plan {
  return {
    goal,
    ...(untrusted === undefined ? {} : { untrusted }),
    steps: steps.map(fresh),
    phase: "proposed",
    rounds: 0,
    reserved: 0,
    tries: 0,
    why: "",
  };
}

function changed(plan: Plan, event: Exclude<PlanEvent, { kind: "proposed" }>): Plan {
  const { phase } = plan;
  if (phase === "over" || phase === "stopped") return plan;
  const isRunning = plan.steps.some(({ mark }) => mark === "running");
  switch (event.kind) {
    case "changed": {
      const kept = plan.steps.filter((step) => !isOpen(step));
      if (isRunning || kept.length + event.steps.length > MAX_STEPS) return plan;
      const steps = [...kept, ...event.steps.map((step) => asBefore(plan, step))];
      // What the person changed they have seen; what a model proposed they still have to agree to.
      return { ...plan, steps, phase: phase === "proposed" ? "proposed" : "running" };
    }
    case "approved":
      return phase === "proposed" ? { ...plan, phase: "running" } : plan;
    case "began": {
      const next = nextMove(plan);
      if (next.kind !== "run" || next.step !== event.step || event.rounds > next.rounds) {
        return plan;
      }
      const { rounds, tries } = plan;
      const more = { rounds: rounds + event.rounds, reserved: event.rounds, tries: tries + 1 };
      return marked({ ...plan, ...more }, event.step, (step) => ({
        ...step,
        mark: "running",
        tries: step.tries + 1,
      }));
    }
    case "done":
    case "failed":
      return ended(plan, event);
    case "retried":
      if (phase !== "asking" || plan.steps[event.step]?.mark !== "failed") return plan;
      return marked({ ...plan, phase: "running" }, event.step, (step) => ({
        ...step,
        mark: "open",
        failures: 0,
      }));
    case "skipped":
      if (phase !== "asking" || plan.steps[event.step]?.mark !== "failed") return plan;
      return marked({ ...plan, phase: "running" }, event.step, (step) => ({
        ...step,
        mark: "skipped",
      }));
    case "resumed":
      return withoutRunning(plan);
    case "stopped":
      return { ...withoutRunning(plan), phase: "stopped", why: event.why };
  }
}

function ended(plan: Plan, event: Extract<PlanEvent, { kind: "done" | "failed" }>): Plan {
  const running = plan.steps[event.step];
  if (running?.mark !== "running") return plan;
  const unused = Math.max(0, plan.reserved - event.rounds);
  const more = { ...plan, rounds: plan.rounds - unused, reserved: 0 };
  const { why } = event;
  if (event.kind === "done") {
    return marked(more, event.step, (step) => ({ ...step, mark: "done", failures: 0, why }));
  }
  const failures = running.failures + 1;
  const isAsked = failures >= TRIES_UNASKED;
  return marked(
    { ...more, phase: isAsked ? "asking" : "running" },
    event.step,
    (step) => ({ ...step, mark: isAsked ? "failed" : "open", failures, why }),
  );
}

/** What was running was cut off: nobody knows how many of its rounds were used. */
function withoutRunning(plan: Plan): Plan {
  const steps = plan.steps.map((step): PlannedStep =>
    step.mark === "running" ? { ...step, mark: "open" } : step
  );
  return { ...plan, steps, reserved: 0 };
}

function marked(plan: Plan, at: number, change: (step: PlannedStep) => PlannedStep): Plan {
  return { ...plan, steps: plan.steps.map((step, index) => index === at ? change(step) : step) };
}

/** A step that stays as it was keeps what is known of it, but may be tried twice again. */
function asBefore(plan: Plan, given: PlanStep): PlannedStep {
  const same = plan.steps.find((step) =>
    isOpen(step) && step.title === given.title && step.task === given.task &&
    step.outcome === given.outcome
  );
  const step = fresh(given);
  return same === undefined ? step : { ...step, tries: same.tries, why: same.why };
}

function settled(plan: Plan): Plan {
  const isOver = plan.phase === "running" && !plan.steps.some(isOpen);
  return isOver ? { ...plan, phase: "over" } : plan;
}
