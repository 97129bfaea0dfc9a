/**
 * A turn while it runs.
 * @module
 */
import { asPyraError } from "../protocol/error.ts";
import type { Message } from "../protocol/message.ts";
import type { Marks } from "../protocol/tool.ts";
import type { DoneReason, TurnEvent } from "../protocol/turn_event.ts";
import type { SessionEvent } from "../sessions/event.ts";
import type { SessionTurn } from "../sessions/state.ts";
import { TurnFold } from "../sessions/turn_fold.ts";

/** Keeps what a turn amounts to, however it ends. */
export class RunningTurn {
  readonly asked: SessionTurn;
  /** What holds if the reader leaves before the turn has ended. */
  finish: DoneReason = "cancelled";
  readonly #fold = new TurnFold();
  #error: string | undefined;
  #state: "new" | "asked" | "ended" = "new";
  #answer: readonly Message[] | undefined;
  readonly #read: { untrusted?: string; sensitive?: string } = {};

  /** @param asked the question; its answer is empty */
  constructor(asked: SessionTurn) {
    this.asked = asked;
  }

  /** The question is in the session file. */
  begin(): void {
    this.#state = "asked";
  }

  /** Takes notice of an event that is about to be shown. */
  note(event: TurnEvent): void {
    this.#fold.add(event);
    if (event.type === "error") this.#error = event.error.code;
    if (event.type === "done") this.finish = event.reason;
  }

  /** Takes notice of what the turn has read. @returns the lines for what is new of it */
  read(marks: Marks): SessionEvent[] {
    return (["untrusted", "sensitive"] as const).flatMap((type) => {
      const from = marks[type]?.from;
      if (from === undefined || this.#read[type] !== undefined) return [];
      this.#read[type] = from;
      return [{ type, from }];
    });
  }

  /** The turn has ended by itself, and these are its messages. */
  complete(answer: readonly Message[]): void {
    this.#answer = answer;
  }

  /** The turn cannot go on. @returns the event that says so, unless that was said before */
  fail(thrown: unknown): TurnEvent[] {
    const error = asPyraError(thrown).report();
    this.finish = "error";
    if (this.#error === error.code) return [];
    this.#error = error.code;
    return [{ type: "error", error }];
  }

  /** The turn as the history keeps it: once, and only if it has begun. */
  end(): SessionTurn | undefined {
    if (this.#state !== "asked") return undefined;
    this.#state = "ended";
    return {
      ...this.asked,
      answer: this.#answer ?? this.#fold.messages(),
      finish: this.finish,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...this.#read,
    };
  }
}
