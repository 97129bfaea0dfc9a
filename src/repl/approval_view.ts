/**
 * The answers to the question whether the model may use a tool, in place of the editor: one key gives
 * one, if it comes alone. A word that is being typed is none, whatever letters are in it.
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
import { hanging, laidOut } from "../tools/question_layout.ts";
import { LineWriter } from "./line_writer.ts";
import { sanitizeLine } from "./sanitize.ts";
import { type Palette, styled } from "./style.ts";
import { textWidth } from "./text_width.ts";
import { type Entry, wrapped } from "./transcript.ts";

/** A question that has just come up takes no answer, ms: the person may be typing something else. */
const QUIET_MS = 400;
/** Nor does it after a key that is no answer, ms: the next ones belong to the same word. */
const DEAF_MS = 1_000;
/** A key is an answer if none follows within this time, ms. */
const ALONE_MS = 150;

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
  /** The question was never seen to take answers. */
  #isNew = true;
  /** When it takes answers (again), ms. */
  #hears = 0;
  #wait: ReturnType<typeof setTimeout> | undefined;
  /** A key that is an answer unless another one follows. */
  #held: ReturnType<typeof setTimeout> | undefined;

  constructor(requests: readonly ApprovalRequest[], ports: AnswerPorts) {
    this.#answers = answerLine(requests);
    this.#rules = offeredRules(requests);
    this.#ports = ports;
    this.#deafen(QUIET_MS);
  }

  invalidate(): void {
    // Nothing is cached.
  }

  render(width: number): string[] {
    const { palette } = this.#ports;
    const rules = this.#rules.flatMap((rule) =>
      wrapped(`always: ${sanitizeLine(rule)}`, width, palette.dim)
    );
    // While it takes no answers it does not look as if it did.
    const answers = this.#wait === undefined ? this.#answers : "…";
    return [...rules, ...wrapped(answers, width, palette.strong)];
  }

  handleInput(data: string): void {
    if (isKeyRelease(data)) return;
    const key = this.#keyOf(data);
    if (this.#wait !== undefined) {
      this.#deafen(key === undefined ? DEAF_MS : QUIET_MS);
      if (this.#isNew) this.#ports.early(data);
      return;
    }
    if (key === undefined || this.#held !== undefined) return this.#deafen(DEAF_MS);
    this.#held = setTimeout(() => {
      this.#held = undefined;
      if (key === "?") this.#ports.details();
      else this.#ports.answered(key);
    }, ALONE_MS);
  }

  /** The question is over. */
  end(): void {
    clearTimeout(this.#wait);
    clearTimeout(this.#held);
  }

  #keyOf(data: string): AnswerKey | "?" | undefined {
    const key = (decodeKittyPrintable(data) ?? data).toLowerCase();
    if (key === "y" || key === "n" || key === "?") return key;
    if (key === "a") return this.#rules.length > 0 ? key : undefined;
    return matchesKey(data, "enter") || matchesKey(data, "escape") ? "n" : undefined;
  }

  /** Takes no answer for so long; what was pressed just before is none either. */
  #deafen(ms: number): void {
    this.end();
    this.#held = undefined;
    this.#hears = Math.max(this.#hears, performance.now() + ms);
    this.#wait = setTimeout(() => {
      this.#wait = undefined;
      this.#isNew = false;
      this.#ports.refresh();
    }, this.#hears - performance.now());
    this.#ports.refresh();
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
    lines.flatMap((line) => {
      const { kind, prefix, text } = line;
      if (kind === "fact") {
        return laidOut(line, columns, textWidth).map((part) => styled(palette.dim, part));
      }
      let written = "";
      const isOwn = kind === "title" || kind === "warning";
      const writer = new LineWriter((part) => written += part, Math.max(8, columns), () => {
        const before = isOwn && written !== "" ? hanging(prefix) : prefix;
        return { text: styled(palette.dim, before), columns: textWidth(before) };
      });
      if (isOwn) writer.text(text, styles[kind]);
      else writer.verbatim(text, styles[kind]);
      writer.newline();
      return written.replace(/\n$/, "").split("\n");
    });
}
