/**
 * Asks the person of a single question whether the model may use a tool: on standard error, answered
 * with a line on standard input.
 * @module
 */
import { until } from "../protocol/waiting.ts";
import type { Answer, ApprovalRequest } from "../tools/approval.ts";
import { AnnouncedCalls } from "../tools/announced_calls.ts";
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
import { laidOut } from "../tools/question_layout.ts";
import { CLARIFICATION } from "../tools/tool_name.ts";
import type { CommandContext } from "./context.ts";
import { linePart } from "./errors.ts";
import type { ToolSurface } from "./run_tools.ts";

/** Answers that are none are asked about again, so often. */
const TRIES = 5;
const LINE_BYTES = 1_000;
/** A question takes no answer before nothing was typed for so long, ms: it was not read yet. */
const QUIET_MS = 200;
const QUIET_ROUNDS = 20;

/** The question on the terminal. One at a time. */
export class TerminalApproval implements ToolSurface, AsyncDisposable {
  readonly name = "terminal";
  /** Told of the event that comes before a question. */
  readonly announced = new AnnouncedCalls();
  readonly #context: CommandContext;
  readonly #ended = new AbortController();
  #typed: AsyncIterator<Uint8Array> | undefined;
  /** What comes next, if it is waited for already. */
  #next: Promise<IteratorResult<Uint8Array>> | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  async ask(
    requests: readonly ApprovalRequest[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Answer>> {
    await this.announced.wait(requests, signal);
    await this.#show(questionLines(requests, "short"));
    await this.#show(offeredRules(requests).map((rule) => factLine(`always: ${rule}`)));
    await this.#dropEarly(signal);
    for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
      await this.#context.printError(`${answerLine(requests)} [n] `);
      const answer = answerTyped(await this.#line(signal), requests);
      if (answer === "?") await this.#show(questionLines(requests, "whole"));
      else if (answer !== undefined) return answersOf(requests, answer);
    }
    return answersOf(requests, "n");
  }

  /** Drops what was typed before what is shown now could be read. */
  quiet(signal: AbortSignal): Promise<void> {
    return this.#dropEarly(signal);
  }

  /** Asks for a line, trimmed; `n` where there is none. @throws the signal's reason */
  async typed(prompt: string, signal: AbortSignal): Promise<string> {
    await this.#context.printError(prompt);
    return await this.#line(signal);
  }

  readonly clarify = async (
    question: Clarification,
    signal: AbortSignal,
  ): Promise<ClarificationAnswer> => {
    await this.announced.waitForCall(CLARIFICATION, signal);
    await this.#show(clarificationLines(question));
    await this.#dropEarly(signal);
    await this.#context.printError(typedPrompt(question));
    return typedAnswer(await this.#line(signal, ""), question);
  };

  progress(_callId: string, text: string): void {
    const { boot, printError } = this.#context;
    if (!boot.options.quiet) void printError(`pyra: ${linePart(text)}\n`);
  }

  async #show(lines: readonly QuestionLine[]): Promise<void> {
    const { visibleWidth } = await import("./visible_width.ts");
    const columns = this.#context.columns();
    const shown = lines.flatMap((line) =>
      laidOut({ ...line, text: linePart(line.text) }, columns, visibleWidth)
    );
    await this.#context.printError(shown.map((line) => `${line}\n`).join(""));
  }

  /** Drops what was typed ahead, until nothing more comes. */
  async #dropEarly(signal: AbortSignal): Promise<void> {
    let dropped = 0;
    for (; dropped < QUIET_ROUNDS && !signal.aborted; dropped++) {
      const { promise: quiet, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => resolve(undefined), QUIET_MS);
      const step = await Promise.race([this.#coming(), quiet]).finally(() => clearTimeout(timer));
      // The end of the input stays: it is a no.
      if (step === undefined || step.done === true) break;
      this.#next = undefined;
    }
    if (dropped > 0) await this.#show([factLine("what was typed before this is no answer")]);
  }

  /** What is typed next; the same until it is taken. */
  #coming(): Promise<IteratorResult<Uint8Array>> {
    this.#typed ??= this.#context.streamStdin(
      AbortSignal.any([this.#context.signal, this.#ended.signal]),
    )[Symbol.asyncIterator]();
    if (this.#next === undefined) {
      this.#next = this.#typed.next();
      // It is awaited where it is used, unless the turn ends before.
      this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  /** The next line, trimmed. @param ended stands for one where there is none @throws the signal's reason */
  async #line(signal: AbortSignal, ended = "n"): Promise<string> {
    const decoder = new TextDecoder();
    let line = "";
    while (!line.includes("\n") && line.length < LINE_BYTES) {
      const step = await until(this.#coming(), signal);
      this.#next = undefined;
      if (step.done === true) return line.trim() || ended;
      line += decoder.decode(step.value, { stream: true });
    }
    return (line.split("\n")[0] ?? "").trim();
  }

  /** Reads no further. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    return Promise.resolve();
  }
}

function factLine(text: string): QuestionLine {
  return { kind: "fact", prefix: "", text };
}
