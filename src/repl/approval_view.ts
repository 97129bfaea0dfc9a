/**
 * The answers to the question whether the model may use a tool, in place of the editor: one key gives
 * one.
 * @module
 */
import {
  type Component,
  decodeKittyPrintable,
  type Focusable,
  isKeyRelease,
  matchesKey,
} from "@earendil-works/pi-tui";
import type { ApprovalRequest } from "../tools/approval.ts";
import { type AnswerKey, answerLine, offeredRules, type QuestionLine } from "../tools/question.ts";
import { LineWriter } from "./line_writer.ts";
import { sanitizeLine } from "./sanitize.ts";
import { type Palette, styled } from "./style.ts";
import { textWidth } from "./text_width.ts";
import { type Entry, wrapped } from "./transcript.ts";

/** A question that has just come up takes no answer, ms: the person may be typing something else. */
const QUIET_MS = 350;

/** What the answers lead to. */
export interface AnswerPorts {
  readonly palette: Palette;
  /** Draws the screen. */
  readonly refresh: () => void;
  /** Takes what was typed before the question could be read. */
  readonly early: (data: string) => void;
  /** Shows everything about the calls. */
  readonly details: () => void;
  /** Is called once. */
  readonly answered: (key: AnswerKey) => void;
}

/** The answers on offer, and the keys for them. Enter and Escape are no. */
export class ApprovalView implements Component, Focusable {
  focused = false;
  readonly #answers: string;
  readonly #rules: readonly string[];
  readonly #ports: AnswerPorts;
  #isQuiet = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(requests: readonly ApprovalRequest[], ports: AnswerPorts) {
    this.#answers = answerLine(requests);
    this.#rules = offeredRules(requests);
    this.#ports = ports;
    this.#wait();
  }

  invalidate(): void {
    // Nothing is cached.
  }

  render(width: number): string[] {
    const { palette } = this.#ports;
    const rules = this.#rules.flatMap((rule) =>
      wrapped(`always: ${sanitizeLine(rule)}`, width, palette.dim)
    );
    // Until it takes answers it does not look as if it did.
    const answers = this.#isQuiet ? "…" : this.#answers;
    return [...rules, ...wrapped(answers, width, palette.strong)];
  }

  handleInput(data: string): void {
    if (isKeyRelease(data)) return;
    if (this.#isQuiet) {
      this.#wait();
      return this.#ports.early(data);
    }
    const key = (decodeKittyPrintable(data) ?? data).toLowerCase();
    if (key === "?") return this.#ports.details();
    if (key === "y") return this.#ports.answered("y");
    if (key === "a" && this.#rules.length > 0) return this.#ports.answered("a");
    if (key === "n" || matchesKey(data, "enter") || matchesKey(data, "escape")) {
      this.#ports.answered("n");
    }
  }

  /** The question is over. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isQuiet = false;
      this.#ports.refresh();
    }, QUIET_MS);
  }
}

/** The question as a part of the transcript: what stands behind a bar does so on every line. */
export function approvalEntry(lines: readonly QuestionLine[], palette: Palette): Entry {
  const styles = {
    title: palette.strong,
    fact: palette.dim,
    foreign: "",
    warning: palette.warning,
    added: palette.syntax.addition ?? "",
    removed: palette.syntax.deletion ?? "",
  };
  return (columns) =>
    lines.flatMap(({ kind, prefix, text }) => {
      let written = "";
      const writer = new LineWriter((part) => written += part, Math.max(8, columns), () => ({
        text: styled(palette.dim, prefix),
        columns: textWidth(prefix),
      }));
      if (kind === "title" || kind === "warning") writer.text(text, styles[kind]);
      else writer.verbatim(text, styles[kind]);
      writer.newline();
      return written.replace(/\n$/, "").split("\n");
    });
}
