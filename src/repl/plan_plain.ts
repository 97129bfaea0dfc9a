/**
 * Plans in plain lines: shown, and changed and agreed to by what is typed.
 * @module
 */
import { openSteps, type Plan } from "../agent/planner.ts";
import { type FailureAnswer, NOBODY, type Review } from "../chat/plan_person.ts";
import {
  eventLine,
  FAILURE_WORDS,
  type PlanLine,
  planLines,
  REVIEW_WORDS,
  typedFailure,
  typedReview,
} from "../chat/plan_text.ts";
import type { PlanEvent } from "../protocol/plan.ts";
import type { PlanSurface } from "./command.ts";
import { dropEarly } from "./plain_approval.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import type { TypedLines } from "./typed_lines.ts";

/** What plans in lines need. */
export interface PlainPlanPorts {
  readonly write: (text: string) => void;
  /** The lines that are typed; absent where no person types. */
  readonly lines: TypedLines | undefined;
}

/** Answers that are none are asked about again, so often. */
const TRIES = 5;
/** Changes of one plan; who wants more begins a new one. */
const CHANGES = 200;

/** Plans in lines. */
export class PlainPlans implements PlanSurface {
  readonly #ports: PlainPlanPorts;

  constructor(ports: PlainPlanPorts) {
    this.#ports = ports;
  }

  async review(plan: Plan, signal: AbortSignal): Promise<Review> {
    const { lines } = this.#ports;
    this.list(plan);
    if (lines === undefined) return await NOBODY.review(plan, signal);
    let steps = openSteps(plan);
    const first = plan.steps.length - steps.length + 1;
    await this.#quiet(lines, signal);
    for (let asked = 0; asked < CHANGES; asked++) {
      const line = await this.#asked(REVIEW_WORDS, lines, signal);
      // The end of the input is no answer: the plan waits.
      if (line === undefined) return { kind: "later" };
      const typed = typedReview(line, steps, first);
      if (typed.kind === "approve") return { kind: "approve", steps };
      if (typed.kind === "stop") return { kind: "stop" };
      if (typed.kind === "wrong") this.#line({ kind: "warning", text: typed.message });
      else if (typed.kind === "steps") steps = typed.steps;
      if (typed.kind !== "wrong") this.#steps(steps, { first, isWhole: typed.kind === "show" });
    }
    return { kind: "later" };
  }

  async failed(plan: Plan, at: number, signal: AbortSignal): Promise<FailureAnswer> {
    const { lines } = this.#ports;
    if (lines === undefined) return await NOBODY.failed(plan, at, signal);
    this.#line({ kind: "warning", text: `step ${at + 1} of ${plan.steps.length} failed twice` });
    await this.#quiet(lines, signal);
    for (let asked = 0; asked < TRIES; asked++) {
      const line = await this.#asked(FAILURE_WORDS, lines, signal);
      if (line === undefined) return "later";
      const answer = typedFailure(line);
      if (answer !== undefined) return answer;
    }
    return "later";
  }

  list(plan: Plan): void {
    for (const line of planLines(plan)) this.#line(line);
  }

  show(plan: Plan, event: PlanEvent): void {
    const line = eventLine(plan, event);
    if (line !== undefined) this.#line(line);
  }

  end(): void {
    // Nothing stays on a line.
  }

  #steps(
    steps: Plan["steps"] | ReturnType<typeof openSteps>,
    { first, isWhole }: { readonly first: number; readonly isWhole: boolean },
  ): void {
    for (const [at, { title, task, outcome }] of steps.entries()) {
      this.#line({ kind: "step", text: `${first + at}. ${title}` });
      if (!isWhole) continue;
      this.#line({ kind: "detail", text: `do: ${task}` });
      this.#line({ kind: "detail", text: `then: ${outcome}` });
    }
  }

  async #quiet(lines: TypedLines, signal: AbortSignal): Promise<void> {
    await dropEarly(lines, signal, (text) => {
      const told = `what was typed before this is no answer: ${text}`;
      this.#line({ kind: "detail", text: told });
    });
  }

  async #asked(
    words: string,
    lines: TypedLines,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    this.#ports.write(`${words} [n] `);
    try {
      return (await lines.next(signal))?.text;
    } catch (thrown) {
      // Ctrl-C left the cursor behind the question.
      this.#ports.write("\n");
      throw thrown;
    }
  }

  #line({ kind, text }: PlanLine): void {
    const indent = kind === "detail" ? "      " : "";
    const clean = kind === "detail" ? sanitize(text) : sanitizeLine(text);
    for (const line of clean.split("\n")) this.#ports.write(`${indent}${line}\n`);
  }
}
