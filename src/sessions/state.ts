/**
 * What a session's events amount to.
 * @module
 */
import type { Message, Part, Usage } from "../protocol/message.ts";
import type { DoneReason } from "../protocol/turn_event.ts";

/** One question and what came of it. */
export interface SessionTurn {
  /** When it was asked: ISO 8601, UTC. */
  readonly at: string;
  readonly question: readonly Part[];
  /** What the model and the tools said; whole tool rounds only. */
  readonly answer: readonly Message[];
  /** Absent when the program was killed in the turn. */
  readonly finish?: DoneReason;
  readonly provider: string;
  readonly model: string;
}

/** What one provider and model used. */
export interface SessionUsage {
  readonly provider: string;
  readonly model: string;
  readonly requests: number;
  readonly usage: Usage;
}

/** A session as it was read. */
export interface SessionState {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** The id of the session that this one was forked from. */
  readonly parent?: string;
  readonly title: string;
  /** Empty if the header was lost. */
  readonly provider: string;
  readonly model: string;
  /** The person's system text; may be empty. */
  readonly system: string;
  readonly turns: readonly SessionTurn[];
  /** Everything that was asked of models, taken-back turns included. */
  readonly usage: readonly SessionUsage[];
  /** What was found wrong with the file: one sentence each, 20 at most. */
  readonly warnings: readonly string[];
}
