/**
 * A request that a model refused because it was too long, before it said anything: it can be made anew,
 * shorter.
 * @module
 */
import type { DoneReason, TurnEvent } from "../protocol/turn_event.ts";

/** What came of a turn. */
export type Tried<R> =
  | { readonly kind: "over"; readonly result: R }
  /** Nothing was said; `held` is what the turn would have ended with. */
  | { readonly kind: "too long"; readonly result: R; readonly held: readonly TurnEvent[] };

/** A model that takes so much less than what it refused, as a part of that. */
export const TAKEN_SHARE = 0.9;

/** Streams a turn; its end is held back if the request was too long and nothing came before. */
export async function* untilTooLong<R>(
  turn: AsyncGenerator<TurnEvent, R, undefined>,
): AsyncGenerator<TurnEvent, Tried<R>, undefined> {
  // Whoever leaves early ends the turn too.
  await using _leaving = turn;
  const held: TurnEvent[] = [];
  let hasSaid = false;
  let reason: DoneReason | undefined;
  for (;;) {
    const step = await turn.next();
    if (step.done === true) {
      const { value: result } = step;
      const isTooLong = held.length > 0 && reason === "error";
      return isTooLong ? { kind: "too long", result, held } : { kind: "over", result };
    }
    const event = step.value;
    if (event.type === "done") reason = event.reason;
    const isRefusal = event.type === "error" && event.error.code === "context_too_long";
    if ((isRefusal && !hasSaid) || held.length > 0) held.push(event);
    else {
      hasSaid ||= event.type !== "warning";
      yield event;
    }
  }
}
