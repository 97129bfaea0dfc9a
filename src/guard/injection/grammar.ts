/**
 * Looks for patterns of concepts among the words of a text. Each step of a pattern is a handful of words
 * further on, so that the work grows with the text alone.
 * @module
 */
import type { Category } from "../finding.ts";
import type { Lexicon } from "./lexicon.ts";
import { FIRST, LABEL, MEMBER, PATH, TAGGED, VALUE } from "./surroundings.ts";
import type { Tokens } from "./token_lists.ts";

/** Patterns that mean the same; see `patterns.ts` for how they are written. */
export interface PatternGroup {
  readonly category: Category;
  readonly label: string;
  /** How much each means. */
  readonly high?: readonly string[];
  readonly medium?: readonly string[];
  readonly low?: readonly string[];
}

/** A pattern as it is looked for. */
export interface Pattern {
  readonly points: number;
  readonly category: Category;
  readonly label: string;
  readonly steps: readonly Step[];
}

interface Step {
  /** Words of the lexicon that fit: 1 each. */
  readonly fits: Uint8Array;
  /** Flags that the word must have. */
  readonly flags: number;
  /** Which flags are looked at. */
  readonly mask: number;
  /** How many words later at most; 0 for the first step. */
  readonly gap: number;
  /** It must not be there, between its neighbours. */
  readonly absent: boolean;
}

/** Where a pattern was found. */
export interface Match {
  readonly pattern: Pattern;
  readonly start: number;
  readonly end: number;
  /** The first and the last word, as numbers in the lists of tokens. */
  readonly first: number;
  readonly last: number;
}

/** Patterns by the words they may begin with. */
export interface Grammar {
  /** Those that may begin anywhere, */
  readonly anywhere: readonly (readonly Pattern[])[];
  /** and those that must begin where an order does, or a text, or a path. */
  readonly marked: readonly (readonly Pattern[])[];
}

/** Words looked at for one pattern at one place, so that no text makes the steps go back and forth. */
const TRIES = 64;
const SIGNS: Readonly<Record<string, number>> = { "^": FIRST, "[": TAGGED, "/": PATH, '"': VALUE };

/** Prepares the patterns. */
export function grammarOf(groups: readonly PatternGroup[], lexicon: Lexicon): Grammar {
  const lists = (): Pattern[][] => Array.from({ length: lexicon.words }, () => []);
  const [anywhere, marked] = [lists(), lists()];
  for (const { category, label, high = [], medium = [], low = [] } of groups) {
    for (const [points, written] of [[3, high], [2, medium], [1, low]] as const) {
      for (const one of written) {
        const pattern = { points, category, label, steps: stepsOf(one, lexicon) };
        const [first] = pattern.steps;
        const list = first?.flags === 0 ? anywhere : marked;
        first?.fits.forEach((fits, word) => fits === 1 && list[word]?.push(pattern));
      }
    }
  }
  return { anywhere, marked };
}

function stepsOf(written: string, lexicon: Lexicon): Step[] {
  const steps: Step[] = [];
  let gap = 0;
  for (const part of written.split(" ")) {
    if (/^\d+$/u.test(part)) gap = Number(part);
    else {
      steps.push(stepOf(part, gap, lexicon));
      gap = 1;
    }
  }
  return steps;
}

function stepOf(part: string, gap: number, lexicon: Lexicon): Step {
  const absent = part.startsWith("!");
  let flags = part.endsWith(":") ? LABEL : 0;
  let names = part.replace(/^!/u, "").replace(/:$/u, "");
  for (let sign = SIGNS[names.charAt(0)]; sign !== undefined; sign = SIGNS[names.charAt(0)]) {
    flags |= sign;
    names = names.slice(1);
  }
  const fits = new Uint8Array(lexicon.words);
  for (const name of names.split("|")) {
    const from = lexicon.concept(name) * lexicon.words;
    for (let word = 0; word < fits.length; word++) {
      fits[word] ||= lexicon.concepts[from + word] ?? 0;
    }
  }
  // Later parts of names are no words, unless a path is looked for.
  const mask = (flags & PATH) === 0 ? flags | MEMBER : flags;
  return { fits, flags, mask, gap, absent };
}

/** Where patterns were found. */
export function matchesIn(tokens: Tokens, { anywhere, marked }: Grammar): Match[] {
  const found: Match[] = [];
  const seek = (patterns: readonly Pattern[] | undefined, first: number): void => {
    for (const pattern of patterns ?? []) {
      const last = fit(tokens, pattern.steps, 0, first, { tries: TRIES });
      if (last < 0) continue;
      const [start, end] = [tokens.start[first] ?? 0, tokens.end[last] ?? 0];
      found.push({ pattern, start, end, first, last });
    }
  };
  for (let i = 0; i < tokens.word.length; i++) {
    const word = tokens.word[i] ?? 0;
    seek(anywhere[word], i);
    if (tokens.flags[i] !== 0) seek(marked[word], i);
  }
  return found;
}

/** The token with which the steps from `step` end, if token `at` fits that one; -1 if not. */
function fit(
  tokens: Tokens,
  steps: readonly Step[],
  step: number,
  at: number,
  left: { tries: number },
): number {
  if (left.tries-- <= 0) return -1;
  const { fits, flags, mask } = steps[step] ?? NO_STEP;
  if (fits[tokens.word[at] ?? 0] !== 1 || ((tokens.flags[at] ?? 0) & mask) !== flags) return -1;
  let following = step + 1;
  const forbidden = steps[following]?.absent === true ? steps[following++] : undefined;
  const wanted = steps[following];
  if (wanted === undefined) return at;
  const until = (tokens.place[at] ?? 0) + wanted.gap;
  for (let next = at + 1; next < tokens.word.length && (tokens.place[next] ?? 0) <= until; next++) {
    const last = fit(tokens, steps, following, next, left);
    if (last >= 0) return last;
    if (forbidden?.fits[tokens.word[next] ?? 0] === 1) return -1;
  }
  return -1;
}

const NO_STEP: Step = { fits: new Uint8Array(0), flags: 0, mask: 0, gap: 0, absent: false };
