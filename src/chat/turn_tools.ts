/**
 * The tools of a conversation's turn, and whether the turn has read text that nobody vouches for.
 * @module
 */
import type { ToolEvent } from "../agent/ports.ts";
import { asPyraError } from "../protocol/error.ts";
import type { ToolCall } from "../protocol/message.ts";
import type { Provenance } from "../protocol/tool.ts";
import type { SessionTurn } from "../sessions/state.ts";
import type { QuestionTools, ToolOffer, ToolTurn, TurnTools } from "./ports.ts";

const NOTHING: ToolOffer = { descriptions: [], notices: [] };

/** What a turn has read. It only ever gets worse. */
export class Taint {
  #untrusted: Provenance | undefined;

  /** @param untrusted where such text came from that is in the conversation already */
  constructor(untrusted: Provenance | undefined) {
    this.#untrusted = untrusted;
  }

  /** Where the first such text came from. */
  get untrusted(): Provenance | undefined {
    return this.#untrusted;
  }

  /** Takes notice of where a text came from. */
  mark(untrusted: Provenance | undefined): void {
    this.#untrusted ??= untrusted;
  }
}

/** Where the first text came from that nobody vouches for and that these turns still hold. */
export function untrustedOf(turns: readonly SessionTurn[]): Provenance | undefined {
  const from = turns.find(({ untrusted }) => untrusted !== undefined)?.untrusted;
  return from === undefined ? undefined : { from };
}

/** The tools on offer. A question is asked without them if they cannot be had, and says so. */
export async function offerOf(
  tools: QuestionTools | undefined,
  signal: AbortSignal,
): Promise<ToolOffer> {
  if (tools === undefined) return NOTHING;
  try {
    return await tools.offer(signal);
  } catch (thrown) {
    if (signal.aborted) return NOTHING;
    const why = asPyraError(thrown).message;
    return { descriptions: [], notices: [`this question goes without tools: ${why}`] };
  }
}

/** The tools for one turn; what they read is marked. */
export function turnTools(
  tools: QuestionTools | undefined,
  taint: Taint,
  keep: ToolTurn["keep"],
): TurnTools | undefined {
  if (tools === undefined) return undefined;
  const turn = tools.turn({ untrusted: taint.untrusted, keep });
  return {
    get untrusted() {
      return taint.untrusted;
    },
    async *run(calls: readonly ToolCall[], signal: AbortSignal): AsyncGenerator<ToolEvent> {
      try {
        yield* turn.run(calls, signal);
      } finally {
        taint.mark(turn.untrusted);
      }
    },
  };
}
