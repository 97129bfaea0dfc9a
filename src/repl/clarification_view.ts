/**
 * The model's question in the editor's place: a number chooses, 0 begins an answer in one's own words.
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
import type { Clarification, ClarificationAnswer } from "../tools/clarification.ts";
import { type Palette, styled } from "./style.ts";
import { wrapped } from "./transcript.ts";

/** A question that has just come up takes no answer, ms: the person may be typing something else. */
const QUIET_MS = 400;
const OWN_KEYS = "Enter sends it · Esc goes back";

/** What the question needs. */
export interface ClarificationPorts {
  readonly palette: Palette;
  /** Draws the screen. */
  readonly refresh: () => void;
  /** Takes what was typed before the question could be read. */
  readonly early: (data: string) => void;
  /** Is called once. */
  readonly answered: (answer: ClarificationAnswer) => void;
}

/** The keys for the answers. */
export class ClarificationView implements Component, Focusable {
  focused = false;
  readonly #count: number;
  readonly #ports: ClarificationPorts;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #own: Input | undefined;

  constructor({ choices }: Clarification, ports: ClarificationPorts) {
    this.#count = choices.length;
    this.#ports = ports;
    this.#wait = setTimeout(() => {
      this.#wait = undefined;
      ports.refresh();
    }, QUIET_MS);
  }

  invalidate(): void {
    // Nothing is cached.
  }

  render(width: number): string[] {
    const { palette } = this.#ports;
    if (this.#own !== undefined) {
      return [...this.#own.render(width), ...wrapped(OWN_KEYS, width, palette.strong)];
    }
    const keys = `1–${this.#count} chooses · 0 in your own words · Esc no answer`;
    return wrapped(this.#wait === undefined ? keys : "…", width, palette.strong);
  }

  handleInput(data: string): void {
    if (isKeyRelease(data)) return;
    if (this.#own !== undefined) {
      this.#own.handleInput(data);
      return this.#ports.refresh();
    }
    if (this.#wait !== undefined) return this.#ports.early(data);
    if (matchesKey(data, "escape")) return this.#ports.answered({ kind: "none" });
    const key = decodeKittyPrintable(data) ?? data;
    if (key === "0") this.#begin();
    else if (/^[1-9]$/.test(key) && Number(key) <= this.#count) {
      this.#ports.answered({ kind: "chosen", at: Number(key) - 1 });
    }
  }

  /** The question is over. */
  end(): void {
    clearTimeout(this.#wait);
  }

  #begin(): void {
    const input = new Input({ prompt: styled(this.#ports.palette.accent, "> ") });
    input.focused = true;
    input.onSubmit = (words) => {
      if (words.trim() !== "") this.#ports.answered({ kind: "own", words });
    };
    input.onEscape = () => this.#own = undefined;
    this.#own = input;
    this.#ports.refresh();
  }
}
