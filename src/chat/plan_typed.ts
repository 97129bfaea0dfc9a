/**
 * Asks about plans in lines: the person types what is to become of them.
 * @module
 */
import { openSteps, type Plan } from "../agent/planner.ts";
import type { PlanStep } from "../protocol/plan.ts";
import type { FailureAnswer, PlanPerson, Review } from "./plan_person.ts";
import {
  FAILURE_WORDS,
  type PlanLine,
  planLines,
  REVIEW_WORDS,
  typedFailure,
  typedReview,
} from "./plan_text.ts";

/** What asking in lines needs. */
export interface TypedPlanPorts {
  /** Shows a line; foreign text in it. */
  readonly line: (line: PlanLine) => Promise<void> | void;
  /** Drops what was typed before the question could be read. */
  readonly quiet: (signal: AbortSignal) => Promise<void>;
  /** Asks for a line; `undefined` if nothing more comes. @throws the signal's reason */
  readonly typed: (words: string, signal: AbortSignal) => Promise<string | undefined>;
}

/** Answers that are none are asked about again, so often. */
const TRIES = 5;
/** Changes of one plan; who wants more begins a new one. */
const CHANGES = 200;

/** Asks in lines. */
export class TypedPlans implements PlanPerson {
  readonly #ports: TypedPlanPorts;

  constructor(ports: TypedPlanPorts) {
    this.#ports = ports;
  }

  async review(plan: Plan, signal: AbortSignal): Promise<Review> {
    const { quiet, typed } = this.#ports;
    let steps = openSteps(plan);
    const first = plan.steps.length - steps.length + 1;
    for (const line of planLines(plan)) await this.#ports.line(line);
    await quiet(signal);
    for (let asked = 0; asked < CHANGES; asked++) {
      const line = await typed(REVIEW_WORDS, signal);
      // The end of the input is no answer: the plan waits.
      if (line === undefined) return { kind: "later" };
      const said = typedReview(line, steps, first);
      if (said.kind === "approve") return { kind: "approve", steps };
      if (said.kind === "stop") return { kind: "stop" };
      if (said.kind === "wrong") await this.#ports.line({ kind: "warning", text: said.message });
      if (said.kind === "show") await this.#show(steps, first, "whole");
      if (said.kind === "steps") await this.#show(steps = said.steps, first, "short");
    }
    return { kind: "later" };
  }

  async failed(plan: Plan, at: number, signal: AbortSignal): Promise<FailureAnswer> {
    const { line, quiet, typed } = this.#ports;
    await line({ kind: "warning", text: `step ${at + 1} of ${plan.steps.length} failed twice` });
    await quiet(signal);
    for (let asked = 0; asked < TRIES; asked++) {
      const said = await typed(FAILURE_WORDS, signal);
      if (said === undefined) return "later";
      const answer = typedFailure(said);
      if (answer !== undefined) return answer;
    }
    return "later";
  }

  async #show(steps: readonly PlanStep[], first: number, extent: "short" | "whole"): Promise<void> {
    const { line } = this.#ports;
    for (const [at, { title, task, outcome }] of steps.entries()) {
      await line({ kind: "step", text: `${first + at}. ${title}` });
      if (extent === "short") continue;
      await line({ kind: "detail", text: `do: ${task}` });
      await line({ kind: "detail", text: `then: ${outcome}` });
    }
  }
}
