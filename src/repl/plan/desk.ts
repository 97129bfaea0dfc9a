/**
 * Plans on the screen: shown for review, asked about when a step fails, and followed while they run.
 * @module
 */
import type { Plan } from "../../agent/planner.ts";
import type { FailureAnswer, Review } from "../../chat/plan_person.ts";
import { eventLine, type PlanLine, planLines } from "../../chat/plan_text.ts";
import type { PlanEvent } from "../../protocol/plan.ts";
import type { DeskPorts } from "../approval_desk.ts";
import type { Choice, PlanSurface, Surface } from "../command.ts";
import { PlanView } from "./view.ts";
import { sanitize, sanitizeLine } from "../sanitize.ts";
import { wrapped } from "../transcript.ts";

const FAILURE_CHOICES: readonly (Choice & { readonly value: FailureAnswer })[] = [
  { value: "retry", label: "try it again" },
  { value: "skip", label: "skip it" },
  { value: "change", label: "change the plan" },
  { value: "stop", label: "stop the plan" },
];

/** The place where plans are shown. */
export class PlanDesk implements PlanSurface {
  readonly #surface: Pick<Surface, "choose">;
  readonly #ports: DeskPorts;
  readonly #rows: () => number;

  /** @param rows of the screen */
  constructor(surface: Pick<Surface, "choose">, ports: DeskPorts, rows: () => number) {
    this.#surface = surface;
    this.#ports = ports;
    this.#rows = rows;
  }

  async review(plan: Plan, signal: AbortSignal): Promise<Review> {
    const { view, palette, put, refresh } = this.#ports;
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<Review>();
    const leave = (): void => resolve({ kind: "later" });
    signal.addEventListener("abort", leave, { once: true });
    view.follow(undefined);
    this.list(plan);
    const steps = new PlanView(plan, { palette, rows: this.#rows, refresh, answered: resolve });
    put(steps);
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", leave);
      steps.end();
      put(undefined);
    }
  }

  async failed(plan: Plan, at: number, signal: AbortSignal): Promise<FailureAnswer> {
    signal.throwIfAborted();
    const title = `step ${at + 1} of ${plan.steps.length} failed twice`;
    const chosen = await this.#surface.choose(title, FAILURE_CHOICES);
    return FAILURE_CHOICES.find(({ value }) => value === chosen)?.value ?? "later";
  }

  list(plan: Plan): void {
    for (const line of planLines(plan)) this.#note(line);
  }

  show(plan: Plan, event: PlanEvent): void {
    const { view } = this.#ports;
    const line = event.kind === "began" ? undefined : eventLine(plan, event);
    if (line !== undefined) this.#note(line);
    view.follow(plan.phase === "running" ? plan : undefined);
  }

  end(): void {
    this.#ports.view.follow(undefined);
  }

  #note({ kind, text }: PlanLine): void {
    const { view, palette } = this.#ports;
    const style = kind === "title" ? palette.strong : kind === "step" ? "" : palette[STYLES[kind]];
    // What a model wrote in several lines cannot pass for a line of the plan.
    const before = kind === "detail" ? "      " : "";
    const shown = kind === "detail" ? sanitize(text) : sanitizeLine(text);
    view.entry((columns) => wrapped(shown, columns, style, before));
  }
}

const STYLES = { detail: "dim", warning: "warning" } as const;
