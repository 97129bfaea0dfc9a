/**
 * What a model is told of the machine and the workspace. It helps; it never stops a question.
 * @module
 */
import type { QuestionSurroundings } from "../context/surroundings.ts";
import type { Part } from "../protocol/message.ts";

/** Looks round; `undefined` if nothing can be told in time. */
export type LookRound = (signal: AbortSignal) => Promise<QuestionSurroundings | undefined>;

/** A question waits no longer for it, ms. */
const LOOK_LIMIT_MS = 300;

/** Looks round, and gives up after 300 ms. Never rejects. */
export async function lookRound(
  look: LookRound | undefined,
  signal: AbortSignal,
): Promise<QuestionSurroundings | undefined> {
  if (look === undefined || signal.aborted) return undefined;
  const { promise: left, resolve } = Promise.withResolvers<undefined>();
  const leave = (): void => resolve(undefined);
  const timer = setTimeout(leave, LOOK_LIMIT_MS);
  signal.addEventListener("abort", leave, { once: true });
  try {
    // The question goes without: there is nothing that the person could do about it.
    return await Promise.race([look(signal).catch(() => undefined), left]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

/**
 * The lines that went with the questions of this run. They stay with them in every later request, so that a
 * provider finds again what it made of it; no file keeps them.
 */
export class KeptLines {
  readonly #lines = new Map<string, string>();

  /** @param marker the turn's */
  keep(marker: string | undefined, line: string): void {
    if (marker !== undefined && line !== "") this.#lines.set(marker, line);
  }

  /** A question's parts as they are sent, with its line in front. */
  withLine(marker: string | undefined, parts: readonly Part[]): Part[] {
    const text = marker === undefined ? undefined : this.#lines.get(marker);
    return text === undefined ? [...parts] : [{ type: "text", text }, ...parts];
  }
}
