/**
 * What of the memory goes with a question.
 * @module
 */
import type { Section } from "./context/block.ts";
import type { ContextPorts } from "./context/ports.ts";
import { relevantNotes } from "./context/relevant.ts";
import { standingNotes } from "./context/standing.ts";

export type { ContextPorts } from "./context/ports.ts";

/** What to choose from and how much. */
export interface ContextOptions {
  /** Tokens that all of it may take, about. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/**
 * Notes as a model reads them, each labelled with its file and fenced as data. Either text is empty if
 * there is nothing for it.
 */
export interface MemoryContext {
  /** The profile and pinned notes: the same for every question until a note changes. */
  readonly standing: string;
  /** What has to do with this question. */
  readonly relevant: string;
  /** The names of the notes in both. */
  readonly files: readonly string[];
  /** Those of them that came from an untrusted source: whoever reads them has read untrusted text. */
  readonly untrusted: readonly string[];
  /** Which of the texts hold any of them. */
  readonly foreign: readonly ("standing" | "relevant")[];
}

/** What the standing notes may take of all, so that there is room for what a question is about. */
const STANDING_SHARE = 0.6;

/**
 * Chooses what goes with a question: the profile and the pinned notes, then what the question's words
 * find. The same notes and question give the same text. `undefined` if there is nothing to send.
 *
 * @throws what the ports throw, but a note that is gone or cannot be read is left out; the signal's
 * reason
 */
export async function loadContextForSession(
  question: string,
  { maxTokens, signal }: ContextOptions,
  ports: ContextPorts,
): Promise<MemoryContext | undefined> {
  const standing = await standingNotes(ports, Math.floor(maxTokens * STANDING_SHARE), signal);
  const relevant = await relevantNotes(question, ports, {
    tokens: maxTokens - standing.tokens,
    without: standing.blocks,
    signal,
  });
  const blocks = [...standing.blocks, ...relevant.blocks];
  if (blocks.length === 0) return undefined;
  const isForeign = ({ blocks }: Section) => blocks.some(({ trust }) => trust === "untrusted");
  return {
    standing: standing.text,
    relevant: relevant.text,
    files: [...new Set(blocks.map(({ name }) => name))],
    untrusted: [
      ...new Set(blocks.filter(({ trust }) => trust === "untrusted").map(({ name }) => name)),
    ],
    foreign: [
      ...(isForeign(standing) ? ["standing" as const] : []),
      ...(isForeign(relevant) ? ["relevant" as const] : []),
    ],
  };
}
