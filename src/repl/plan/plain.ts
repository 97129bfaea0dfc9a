/**
 * Plans in plain lines: shown, and changed and agreed to by what is typed.
 * @module
 */
import type { Plan } from "../../agent/planner.ts";
import {
  type FailureAnswer,
  NOBODY,
  type PlanPerson,
  type Review,
} from "../../chat/plan_person.ts";
import { eventLine, type PlanLine, planLines } from "../../chat/plan_text.ts";
import { TypedPlans } from "../../chat/plan_typed.ts";
import type { PlanEvent } from "../../protocol/plan.ts";
import type { PlanSurface } from "../command.ts";
import { dropEarly } from "../plain_approval.ts";
import { sanitize, sanitizeLine } from "../sanitize.ts";
import type { TypedLines } from "../typed_lines.ts";

/** What plans in lines need. */
export interface PlainPlanPorts {
  readonly write: (text: string) => void;
  /** The lines that are typed; absent where no person types. */
  readonly lines: TypedLines | undefined;
}

/** Plans in lines. */
export class PlainPlans implements PlanSurface {
  readonly #ports: PlainPlanPorts;
  readonly #person: PlanPerson;

  constructor(ports: PlainPlanPorts) {
    const { lines } = ports;
    this.#ports = ports;
    this.#person = lines === undefined ? NOBODY : new TypedPlans({
      line: (line) => this.#line(line),
      quiet: (signal) =>
        dropEarly(lines, signal, (text) => {
          this.#line({ kind: "step", text: `what was typed before this is no answer: ${text}` });
        }),
      typed: (words, signal) => this.#asked(words, lines, signal),
    });
  }

  async review(plan: Plan, signal: AbortSignal): Promise<Review> {
    if (this.#person === NOBODY) this.list(plan);
    return await this.#person.review(plan, signal);
  }

  failed(plan: Plan, at: number, signal: AbortSignal): Promise<FailureAnswer> {
    return this.#person.failed(plan, at, signal);
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
