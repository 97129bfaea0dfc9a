/**
 * Asks the person on the screen whether the model may use a tool.
 * @module
 */
import type { Component, Focusable } from "@earendil-works/pi-tui";
import type { Answer, ApprovalRequest } from "../tools/approval.ts";
import {
  answerNote as clarificationNote,
  type Clarification,
  type ClarificationAnswer,
  clarificationLines,
} from "../tools/clarification.ts";
import { type AnswerKey, answersOf, offeredRules, questionLines } from "../tools/question.ts";
import { CLARIFICATION } from "../tools/tool_name.ts";
import { approvalEntry, ApprovalView } from "./approval_view.ts";
import { ClarificationView } from "./clarification_view.ts";
import type { ConversationView } from "./conversation_view.ts";
import type { ApprovalSurface } from "./ports.ts";
import { sanitizeLine } from "./sanitize.ts";
import type { Palette } from "./style.ts";

/** What may stand in the editor's place. */
export type Instead = Component & Focusable;

/** What asking needs of the screen. */
export interface DeskPorts {
  readonly view: ConversationView;
  readonly palette: Palette;
  /** Puts a component into the editor's place, or the editor back. */
  readonly put: (instead: Instead | undefined) => void;
  readonly refresh: () => void;
  /** Gives the editor a key. */
  readonly type: (data: string) => void;
}

/** The place where the person is asked. One question at a time. */
export class ApprovalDesk implements ApprovalSurface {
  readonly name = "terminal";
  readonly #ports: DeskPorts;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  async ask(
    requests: readonly ApprovalRequest[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Answer>> {
    const { view, palette, put, refresh, type } = this.#ports;
    await view.announced.wait(requests, signal);
    if (signal.aborted) return answersOf(requests, "n");
    const { promise, resolve } = Promise.withResolvers<AnswerKey>();
    const show = (extent: "short" | "whole"): void =>
      view.entry(approvalEntry(questionLines(requests, extent), palette));
    const answers = new ApprovalView(requests, {
      palette,
      refresh,
      early: type,
      details: () => show("whole"),
      answered: resolve,
    });
    const leave = (): void => resolve("n");
    signal.addEventListener("abort", leave, { once: true });
    view.rest();
    show("short");
    put(answers);
    try {
      if (signal.aborted) leave();
      const key = await promise;
      if (!signal.aborted) {
        view.note(answerNote(key, requests), "dim");
        // What was agreed to runs now.
        if (key !== "n") view.status(sanitizeLine(requests[0]?.tool ?? ""));
      }
      return answersOf(requests, key);
    } finally {
      signal.removeEventListener("abort", leave);
      answers.end();
      put(undefined);
    }
  }

  readonly clarify = async (
    question: Clarification,
    signal: AbortSignal,
  ): Promise<ClarificationAnswer> => {
    const { view, palette, put, refresh, type } = this.#ports;
    await view.announced.waitForCall(CLARIFICATION, signal);
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<ClarificationAnswer>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    view.rest();
    view.entry(approvalEntry(clarificationLines(question), palette));
    const answers = new ClarificationView(question, {
      palette,
      refresh,
      early: type,
      answered: resolve,
    });
    put(answers);
    try {
      const answer = await promise;
      view.note(sanitizeLine(clarificationNote(answer)), "dim");
      return answer;
    } finally {
      signal.removeEventListener("abort", leave);
      answers.end();
      put(undefined);
    }
  };

  progress(_callId: string, text: string): void {
    this.#ports.view.status(sanitizeLine(text));
  }

  output(callId: string, text: string): void {
    this.#ports.view.output(callId, text);
  }
}

/** What was answered, for the transcript. */
function answerNote(key: AnswerKey, requests: readonly ApprovalRequest[]): string {
  if (key === "n") return "no";
  if (key === "y") return "yes, once";
  return `yes, and always: ${sanitizeLine(offeredRules(requests).join("; "))}`;
}
