/**
 * A plan in the editor's place: the person looks at its steps, puts them in another order, takes some out,
 * writes them otherwise, and lets it run or not. Only the arrow keys and the letters that are shown do
 * anything; Enter does nothing, so that nobody agrees by habit.
 * @module
 */
import {
  type Component,
  decodeKittyPrintable,
  type Focusable,
  Input,
  isKeyRelease,
  matchesKey,
} from "@earendil-works/pi-tui";
import { readStep } from "../../agent/planner/proposal.ts";
import { openSteps, type Plan } from "../../agent/planner.ts";
import type { Review } from "../../chat/plan_person.ts";
import { movedTo } from "../../chat/plan_text.ts";
import type { PlanStep } from "../../protocol/plan.ts";
import { sanitize, sanitizeLine } from "../sanitize.ts";
import { type Palette, styled } from "../style.ts";
import { shorten } from "../text_width.ts";
import { wrapped } from "../transcript.ts";

/** A plan that has just come up takes no answer, ms: the person may be typing something else. */
const QUIET_MS = 400;
/** Lines of a step's text that are shown. */
const TEXT_LINES = 4;
const KEYS = "y runs it · n leaves it · ↑↓ step · K/J moves it · x takes it out · t/d/o edits";
/** Puts the cursor behind the text. */
const END = "\x05";
const EDIT_KEYS = "Enter keeps it · Esc leaves it as it was";

/** What looking at a plan needs. */
export interface PlanViewPorts {
  readonly palette: Palette;
  /** Rows of the screen. */
  readonly rows: () => number;
  /** Draws the screen. */
  readonly refresh: () => void;
  /** Is called once. */
  readonly answered: (review: Review) => void;
}

/** The open steps of a plan, and the keys for them. */
export class PlanView implements Component, Focusable {
  focused = false;
  readonly #ports: PlanViewPorts;
  /** The number that the first open step is shown with. */
  readonly #first: number;
  #steps: readonly PlanStep[];
  #at = 0;
  #editing: { readonly field: keyof PlanStep; readonly input: Input } | undefined;
  #hears: number;
  #wait: ReturnType<typeof setTimeout> | undefined;

  constructor(plan: Plan, ports: PlanViewPorts) {
    this.#ports = ports;
    this.#steps = openSteps(plan);
    this.#first = plan.steps.length - this.#steps.length + 1;
    this.#hears = performance.now() + QUIET_MS;
    this.#wait = setTimeout(() => {
      this.#wait = undefined;
      ports.refresh();
    }, QUIET_MS);
  }

  invalidate(): void {
    // Nothing is cached.
  }

  /** The question is over. */
  end(): void {
    clearTimeout(this.#wait);
  }

  render(width: number): string[] {
    const { palette } = this.#ports;
    const keys = this.#editing !== undefined ? EDIT_KEYS : this.#wait === undefined ? KEYS : "…";
    return [
      ...this.#list(width),
      ...this.#chosen(width),
      ...wrapped(keys, width, palette.strong),
    ];
  }

  handleInput(data: string): void {
    if (isKeyRelease(data)) return;
    if (this.#editing !== undefined) {
      this.#editing.input.handleInput(data);
      return this.#ports.refresh();
    }
    if (performance.now() < this.#hears) return;
    if (matchesKey(data, "up")) this.#at = Math.max(0, this.#at - 1);
    else if (matchesKey(data, "down")) this.#at = Math.min(this.#steps.length - 1, this.#at + 1);
    else if (matchesKey(data, "escape")) return this.#ports.answered({ kind: "later" });
    else this.#letter(decodeKittyPrintable(data) ?? data);
    this.#ports.refresh();
  }

  #letter(key: string): void {
    const field = FIELDS[key];
    if (key === "y") return this.#ports.answered({ kind: "approve", steps: this.#steps });
    if (key === "n") return this.#ports.answered({ kind: "stop" });
    if (key === "K" || key === "J") {
      const to = Math.min(this.#steps.length - 1, Math.max(0, this.#at + (key === "K" ? -1 : 1)));
      this.#steps = movedTo(this.#steps, this.#at, to);
      this.#at = to;
    } else if (key === "x" && this.#steps.length > 1) {
      this.#steps = this.#steps.toSpliced(this.#at, 1);
      this.#at = Math.min(this.#at, this.#steps.length - 1);
    } else if (field !== undefined) this.#edit(field);
  }

  #edit(field: keyof PlanStep): void {
    const step = this.#steps[this.#at];
    if (step === undefined) return;
    const input = new Input({ prompt: "> " });
    input.focused = true;
    input.setValue(sanitizeLine(step[field]));
    input.handleInput(END);
    input.onSubmit = (text) => {
      // What would say nothing leaves the step as it was.
      const changed = readStep({ ...step, [field]: text });
      if (changed !== undefined) this.#steps = this.#steps.with(this.#at, changed);
      this.#editing = undefined;
    };
    input.onEscape = () => this.#editing = undefined;
    this.#editing = { field, input };
  }

  /** The steps, as many as there is room for around the chosen one. */
  #list(width: number): string[] {
    const { palette, rows } = this.#ports;
    const room = Math.max(3, rows() - 16);
    const from = Math.max(0, Math.min(this.#at - Math.floor(room / 2), this.#steps.length - room));
    const shown = this.#steps.slice(from, from + room).map(({ title }, index) => {
      const isChosen = from + index === this.#at;
      const number = `${this.#first + from + index}. `;
      const line = shorten(`${isChosen ? "›" : " "} ${number}${sanitizeLine(title)}`, width);
      return isChosen ? styled(palette.accent, line) : line;
    });
    const below = this.#steps.length - from - shown.length;
    // `y` agrees to these, too.
    const hidden = (count: number, where: string) =>
      count === 0 ? [] : [styled(palette.dim, shorten(`  … ${count} more steps ${where}`, width))];
    return [...hidden(from, "above"), ...shown, ...hidden(below, "below")];
  }

  #chosen(width: number): string[] {
    const { palette } = this.#ports;
    const step = this.#steps[this.#at];
    if (step === undefined) return [];
    if (this.#editing !== undefined) {
      const { field, input } = this.#editing;
      return [styled(palette.dim, `  ${LABELS[field]}`), ...input.render(width)];
    }
    const lines = (field: "task" | "outcome"): string[] => {
      const all = wrapped(sanitize(step[field]), width, palette.dim, `  ${LABELS[field]}: `);
      return all.length <= TEXT_LINES ? all : [
        ...all.slice(0, TEXT_LINES - 1),
        styled(palette.dim, `  … ${all.length - TEXT_LINES + 1} more lines above`),
      ];
    };
    return [...lines("task"), ...lines("outcome")];
  }
}

const FIELDS: Readonly<Record<string, keyof PlanStep>> = { t: "title", d: "task", o: "outcome" };
const LABELS: Readonly<Record<keyof PlanStep, string>> = {
  title: "title",
  task: "do",
  outcome: "then",
};
