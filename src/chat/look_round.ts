/**
 * What a model is told of the machine and the workspace. It helps; it never stops a question.
 * @module
 */
import type { QuestionSurroundings } from "../context/surroundings.ts";
import type { Part, ToolDescription } from "../protocol/message.ts";
import { CLARIFICATION, nameOfModel } from "../tools/tool_name.ts";

/** Looks round; `undefined` if nothing can be told in time. */
export type LookRound = (signal: AbortSignal) => Promise<QuestionSurroundings | undefined>;

/** What goes with a question to a model with these tools. */
export interface SentSurroundings {
  /** For the system prompt; may be empty. */
  readonly standing: string;
  /** Before the question; may be empty. */
  readonly current: string;
  /** What nobody agreed to, to be sent as data. */
  readonly foreign: QuestionSurroundings["foreign"];
  /** What the person should be told, one sentence each. */
  readonly notices: readonly string[];
}

/**
 * Else a model says that it cannot, and the person never learns that it could. Only where one is there who may
 * be asked, too: a script installs nothing, and pays for each word.
 */
const WITHOUT_HANDS = "You have no tools for files or programs; if a wish needs some, say that " +
  "`pyra plugin install files shell system` adds them.";

/**
 * What of it goes with a question: the machine only where tools of plugins are on offer, since notes and
 * plans have nothing to do with it.
 */
export function sentSurroundings(
  { machine, instructions, current, foreign, notices }: QuestionSurroundings,
  tools: readonly ToolDescription[],
): SentSurroundings {
  const actsOnMachine = tools.some(({ name }) => nameOfModel(name).includes("."));
  const isThere = tools.some(({ name }) => name === CLARIFICATION);
  const ground = actsOnMachine ? machine : isThere ? WITHOUT_HANDS : "";
  const standing = [ground, instructions].filter((text) => text !== "");
  const shown = { foreign, notices, standing: standing.join("\n\n") };
  return { ...shown, current: actsOnMachine ? current : "" };
}

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

  /** What went with the question of that turn, if anything did. */
  lineOf(marker: string | undefined): string | undefined {
    return marker === undefined ? undefined : this.#lines.get(marker);
  }

  /** A question's parts as they are sent, with its line in front. */
  withLine(marker: string | undefined, parts: readonly Part[]): Part[] {
    const text = marker === undefined ? undefined : this.#lines.get(marker);
    return text === undefined ? [...parts] : [{ type: "text", text }, ...parts];
  }
}
