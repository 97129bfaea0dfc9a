/**
 * What the planner hears of a turn: the calls of its own tools that were let through, the rounds that were
 * used, and how it ended.
 * @module
 */
import type { ToolCall } from "../../protocol/message.ts";
import type { DoneReason, TurnEvent } from "../../protocol/turn_event.ts";
import { type Proposal, readProposal, readVerdict, type Verdict } from "./proposal.ts";
import { PROPOSE_PLAN, REPORT_OUTCOME } from "./tool_names.ts";

/** Takes notice of one turn's events. */
export class HeardTurn {
  /** How it ended; `undefined` before. */
  reason: DoneReason | undefined;
  /** The sentence of the error that ended it. */
  error = "";
  /** Rounds of tools so far. */
  rounds = 0;
  readonly #calls = new Map<string, ToolCall>();
  readonly #proposals: Proposal[] = [];
  readonly #verdicts: Verdict[] = [];
  #isInRound = false;

  /** Takes notice of an event. */
  note(event: TurnEvent): void {
    if (event.type === "done") this.reason = event.reason;
    else if (event.type === "error") this.error = event.error.message;
    else if (event.type === "tool_call") {
      if (!this.#isInRound) this.rounds++;
      this.#isInRound = true;
      if (event.call.name === PROPOSE_PLAN || event.call.name === REPORT_OUTCOME) {
        this.#calls.set(event.call.id, event.call);
      }
    } else if (event.type === "tool_result") {
      this.#isInRound = false;
      const call = this.#calls.get(event.call_id);
      this.#calls.delete(event.call_id);
      if (call !== undefined && event.status === "ok") this.#take(call);
    }
  }

  /** The plan that was proposed last; `undefined` if there was none. */
  get proposal(): Proposal | undefined {
    return this.#proposals.at(-1);
  }

  /** What the verification came to. One that is missing, or that contradicts itself, is a no. */
  get verdict(): Verdict {
    const [first] = this.#verdicts;
    if (first === undefined) {
      const why = this.error === "" ? "it was not said whether the outcome is met" : this.error;
      return { met: false, why };
    }
    const isAgreed = this.#verdicts.every(({ met }) => met === first.met);
    return isAgreed ? first : { met: false, why: "the verdicts contradict each other" };
  }

  #take({ name, arguments: given }: ToolCall): void {
    const value = parsed(given);
    if (name === PROPOSE_PLAN) {
      const read = readProposal(value);
      if (read.kind === "read") this.#proposals.push(read.value);
    } else {
      const read = readVerdict(value);
      if (read.kind === "read") this.#verdicts.push(read.value);
    }
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
