/**
 * Asks the person in plain lines whether the model may use a tool; the next line that they type is the
 * answer.
 * @module
 */
import { AnnouncedCalls } from "../tools/announced_calls.ts";
import type { Answer, ApprovalRequest } from "../tools/approval.ts";
import {
  answerLine,
  answersOf,
  answerTyped,
  offeredRules,
  questionLines,
} from "../tools/question.ts";
import type { ApprovalSurface } from "./ports.ts";
import { sanitizeLine } from "./sanitize.ts";

/** What asking in lines needs. */
export interface PlainApprovalPorts {
  readonly write: (text: string) => void;
  /** What is typed next; `undefined` if nothing more comes. */
  readonly nextLine: () => Promise<string | undefined>;
}

/** Answers that are none are asked about again, so often. */
const TRIES = 5;
/** A line that comes sooner after the question, ms, was typed before it could be read. */
const QUIET_MS = 200;
const QUIET_ROUNDS = 20;
const QUIET = Symbol("quiet");

/** Asks in lines. One question at a time. */
export class PlainApproval implements ApprovalSurface {
  readonly name = "terminal";
  /** Told of each question as soon as what led to it is shown. */
  readonly announced = new AnnouncedCalls();
  readonly #ports: PlainApprovalPorts;

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
      this.#ports.write(`always: ${sanitizeLine(rule)}\n`);
    }
    const { next } = await this.#afterEarly(signal);
    for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
      this.#ports.write(`${answerLine(requests)} [n] `);
      const answer = answerTyped(
        await (tries === 0 ? next : this.#ports.nextLine()) ?? "n",
        requests,
      );
      if (answer === "?") this.#show(requests, "whole");
      else if (answer !== undefined) return answersOf(requests, answer);
    }
    return answersOf(requests, "n");
  }

  progress(_callId: string, text: string): void {
    this.#ports.write(`${sanitizeLine(text)}\n`);
  }

  /** Drops what was typed ahead. @returns the line that is waited for */
  async #afterEarly(signal: AbortSignal): Promise<{ readonly next: Promise<string | undefined> }> {
    let next: Promise<string | undefined> = this.#ports.nextLine();
    for (let round = 0; round < QUIET_ROUNDS && !signal.aborted; round++) {
      const { promise: quiet, resolve } = Promise.withResolvers<typeof QUIET>();
      const timer = setTimeout(() => resolve(QUIET), QUIET_MS);
      const line = await Promise.race([next, quiet]).finally(() => clearTimeout(timer));
      if (line === QUIET || line === undefined) break;
      this.#ports.write(`what was typed before this is no answer: ${sanitizeLine(line)}\n`);
      next = this.#ports.nextLine();
    }
    return { next };
  }

  #show(requests: readonly ApprovalRequest[], extent: "short" | "whole"): void {
    for (const { prefix, text } of questionLines(requests, extent)) {
      this.#ports.write(`${prefix}${sanitizeLine(text)}\n`);
    }
  }
}
