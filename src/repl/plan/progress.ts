/**
 * The steps of a plan with their marks, above the editor while it is carried out.
 * @module
 */
import type { Component } from "@earendil-works/pi-tui";
import type { Plan } from "../../agent/planner.ts";
import { progressLines } from "../../chat/plan_text.ts";
import { sanitizeLine } from "../sanitize.ts";
import { type Palette, styled } from "../style.ts";
import { shorten } from "../text_width.ts";

/** Rows at most; the steps around the running one are shown. */
export const PROGRESS_ROWS = 6;

/** How a plan stands. */
export class PlanProgress implements Component {
  readonly #palette: Palette;
  #plan: Plan | undefined;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** Shows this plan from now on; nothing if there is none. */
  set plan(plan: Plan | undefined) {
    this.#plan = plan;
  }

  /** Rows that it takes. */
  get rows(): number {
    return Math.min(PROGRESS_ROWS, this.#plan?.steps.length ?? 0);
  }

  invalidate(): void {
    // Nothing is cached.
  }

  render(width: number): string[] {
    if (this.#plan === undefined) return [];
    const { steps } = this.#plan;
    const open = steps.findIndex(({ mark }) => mark !== "done" && mark !== "skipped");
    const at = open < 0 ? steps.length - 1 : open;
    const from = Math.max(0, Math.min(at - 2, steps.length - PROGRESS_ROWS));
    return progressLines(this.#plan).slice(from, from + PROGRESS_ROWS).map((line, index) =>
      styled(
        from + index === at ? this.#palette.accent : this.#palette.dim,
        shorten(sanitizeLine(line), width),
      )
    );
  }
}
