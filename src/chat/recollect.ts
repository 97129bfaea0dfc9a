/**
 * What of the person's notes goes with a question. Notes help; they never stop a question.
 * @module
 */
import { estimateMessage } from "../agent/budget.ts";
import type { MemoryContext } from "../memory/context.ts";
import { asPyraError } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import { until } from "../protocol/waiting.ts";
import type { SessionTurn } from "../sessions/state.ts";
import type { QuestionMemory } from "./ports.ts";

/** What came of it. `failed`: the question goes without, and `warning` says why. */
export type Recollection =
  | { readonly kind: "found"; readonly context: MemoryContext }
  | { readonly kind: "nothing" }
  | { readonly kind: "failed"; readonly warning: string };

/** A question waits no longer for notes, ms. */
export const MEMORY_LIMIT_MS = 400;
/** Of what a model takes, notes may fill this part. */
const WINDOW_SHARE = 0.25;
/** And question and notes together this one, so that there is room for an answer. */
const QUESTION_SHARE = 0.6;

/** Looks for the notes that go with a question, and gives up after 400 ms. Never rejects. */
export async function recollect(
  memory: QuestionMemory,
  question: readonly Part[],
  { room, signal }: { readonly room: number | undefined; readonly signal: AbortSignal },
): Promise<Recollection> {
  if (room !== undefined && room <= 0) return { kind: "nothing" };
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), MEMORY_LIMIT_MS);
  const ending = AbortSignal.any([signal, timeUp.signal]);
  try {
    const asked = memory.contextFor(questionWords(question), { room, signal: ending });
    const context = await until(asked, ending);
    return context === undefined ? { kind: "nothing" } : { kind: "found", context };
  } catch (thrown) {
    if (signal.aborted) return { kind: "nothing" };
    const why = timeUp.signal.aborted
      ? "your notes were not found in time"
      : `your notes could not be read: ${asPyraError(thrown).message}`;
    return { kind: "failed", warning: `${why}; this question goes without them` };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tokens that notes may take beside this question, as they are estimated.
 * @param window what the model takes, as it counts @param ratio its tokens per estimated one
 */
export function roomForNotes(
  question: readonly Part[],
  window: number | undefined,
  ratio = 1,
): number | undefined {
  if (window === undefined) return undefined;
  const free = window * QUESTION_SHARE / ratio -
    estimateMessage({ role: "user", parts: [...question] });
  return Math.max(0, Math.floor(Math.min(free, window * WINDOW_SHARE / ratio)));
}

/** What the person says, without the files that go with it. */
export function questionWords(parts: readonly Part[]): string {
  return parts.flatMap((part) => isSaid(part) && part.type === "text" ? [part.text] : []).join(
    "\n",
  );
}

/** What the person wrote themselves in a turn; empty if its question is not theirs. */
export function personWords({ question, from }: SessionTurn): string {
  return from === undefined ? questionWords(question) : "";
}

/** Whether a part is the person's own. Older files have no origins: attached files begin with their names. */
function isSaid(part: Part): boolean {
  if (part.origin !== undefined) return part.origin.kind === "person";
  return part.type !== "text" || !/^File [^\n]*:\n```/.test(part.text);
}
