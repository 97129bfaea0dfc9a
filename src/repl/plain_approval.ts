/**
 * Asks the person in plain lines whether the model may use a tool; the next line that they type is the
 * answer.
 * @module
 */
import { AnnouncedCalls } from "../tools/announced_calls.ts";
import type { Answer, ApprovalRequest } from "../tools/approval.ts";
import {
  type Clarification,
  type ClarificationAnswer,
  clarificationLines,
  typedAnswer,
  typedPrompt,
} from "../tools/clarification.ts";
import {
  answerLine,
  answersOf,
  answerTyped,
  offeredRules,
  type QuestionLine,
  questionLines,
} from "../tools/question.ts";
import { ProgramLines } from "../tools/program_lines.ts";
import { laidOut } from "../tools/question_layout.ts";
import { CLARIFICATION } from "../tools/tool_name.ts";
import type { ApprovalSurface } from "./ports.ts";
import { sanitizeLine } from "./sanitize.ts";
import { textWidth } from "./text_width.ts";
import type { TypedLines } from "./typed_lines.ts";

/** What asking in lines needs. */
export interface PlainApprovalPorts {
  readonly write: (text: string) => void;
  /** The lines that are typed. */
  readonly lines: TypedLines;
  /** The terminal's; `undefined` where none is known. */
  readonly columns: () => number | undefined;
}

/** Answers that are none are asked about again, so often. */
const TRIES = 5;
/** A line that comes sooner after the question, ms, was typed before it could be read. */
const QUIET_MS = 200;
const QUIET_ROUNDS = 20;
/** Lines that are shown of what a program writes. */
const FIRST_LINES = 12;

/** Asks in lines. One question at a time. */
export class PlainApproval implements ApprovalSurface {
  readonly name = "terminal";
  /** Told of each question as soon as what led to it is shown. */
  readonly announced = new AnnouncedCalls();
  readonly #ports: PlainApprovalPorts;
  /** What the program of the call wrote that wrote last. */
  #program: { readonly callId: string; readonly lines: ProgramLines } | undefined;

  constructor(ports: PlainApprovalPorts) {
    this.#ports = ports;
  }

  async ask(
    requests: readonly ApprovalRequest[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Answer>> {
    await this.announced.wait(requests, signal);
    this.#show(requests, "short");
    for (const rule of offeredRules(requests)) {
      this.#line({ kind: "fact", prefix: "", text: `always: ${rule}` });
    }
    await dropEarly(this.#ports.lines, signal, (typed) => {
      const text = `what was typed before this is no answer: ${typed}`;
      this.#line({ kind: "fact", prefix: "", text });
    });
    for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
      this.#ports.write(`${answerLine(requests)} [n] `);
      const typed = await this.#ports.lines.next(signal).catch((thrown) => {
        // Ctrl-C left the cursor behind the question.
        this.#ports.write("\n");
        throw thrown;
      });
      const answer = answerTyped(typed?.text ?? "n", requests);
      if (answer === "?") this.#show(requests, "whole");
      else if (answer !== undefined) return answersOf(requests, answer);
    }
    return answersOf(requests, "n");
  }

  readonly clarify = async (
    question: Clarification,
    signal: AbortSignal,
  ): Promise<ClarificationAnswer> => {
    const { lines, write } = this.#ports;
    await this.announced.waitForCall(CLARIFICATION, signal);
    for (const line of clarificationLines(question)) this.#line(line);
    await dropEarly(lines, signal, (typed) => {
      const text = `what was typed before this is no answer: ${typed}`;
      this.#line({ kind: "fact", prefix: "", text });
    });
    write(typedPrompt(question));
    const typed = await lines.next(signal).catch((thrown) => {
      write("\n");
      throw thrown;
    });
    return typedAnswer(typed?.text ?? "", question);
  };

  progress(_callId: string, text: string): void {
    this.#ports.write(`${sanitizeLine(text)}\n`);
  }

  output(callId: string, text: string): void {
    if (callId !== this.#program?.callId) {
      this.#program = { callId, lines: new ProgramLines(FIRST_LINES, "first") };
    }
    const { lines } = this.#program;
    const wasWhole = lines.left === 0;
    for (const line of lines.add(text)) this.#line({ kind: "foreign", prefix: "  │ ", text: line });
    if (wasWhole && lines.left > 0) this.#line({ kind: "fact", prefix: "  ", text: "… and more" });
  }

  #show(requests: readonly ApprovalRequest[], extent: "short" | "whole"): void {
    for (const line of questionLines(requests, extent)) this.#line(line);
  }

  #line(line: QuestionLine): void {
    const clean = { ...line, text: sanitizeLine(line.text) };
    for (const part of laidOut(clean, this.#ports.columns(), textWidth)) {
      this.#ports.write(`${part}\n`);
    }
  }
}

/** Drops what was typed ahead, until nothing more comes. @param told is called with each line */
export async function dropEarly(
  lines: TypedLines,
  signal: AbortSignal,
  told: (text: string) => void,
): Promise<void> {
  for (let round = 0; round < QUIET_ROUNDS && !signal.aborted; round++) {
    const { promise: quiet, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), QUIET_MS);
    const line = await Promise.race([lines.coming(), quiet]).finally(() => clearTimeout(timer));
    // The end of the input stays: it is a no.
    if (line?.value === undefined) break;
    lines.take();
    told(line.value.text);
  }
}
