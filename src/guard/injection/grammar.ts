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
  /** As it was written; read when a text first holds a word it may begin with. */
  readonly written: string;
  sought?: Sought;
}

interface Step {
  /** Where the concepts that fit begin in the lexicon's table. */
  readonly concepts: readonly number[];
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

/** The patterns of a lexicon's words. */
export interface Grammar {
  readonly lexicon: Lexicon;
  /** Patterns by the concepts they may begin with, as places in the lexicon's table. */
  readonly byConcept: ReadonlyMap<number, readonly Pattern[]>;
  /** And by words, each found when it is first met. */
  readonly byWord: (Beginnings | undefined)[];
}

/** The patterns that a word may begin. */
interface Beginnings {
  /** Those that may begin anywhere, */
  readonly anywhere: readonly Pattern[];
  /** and those that must begin where an order does, or a text, or a path. */
  readonly marked: readonly Pattern[];
}

/** Words looked at for one pattern at one place, so that no text makes the steps go back and forth. */
const TRIES = 64;
const SIGNS: Readonly<Record<string, number>> = { "^": FIRST, "[": TAGGED, "/": PATH, '"': VALUE };

/** Sorts the patterns by their beginnings; nothing else is done before a text needs it. */
export function grammarOf(groups: readonly PatternGroup[], lexicon: Lexicon): Grammar {
  const byConcept = new Map<number, Pattern[]>();
  for (const { category, label, high = [], medium = [], low = [] } of groups) {
    for (const [points, list] of [[3, high], [2, medium], [1, low]] as const) {
      for (const written of list) {
        const pattern = { points, category, label, written };
        const end = written.indexOf(" ");
        const [, first = ""] = BEGINNING.exec(end < 0 ? written : written.slice(0, end)) ?? [];
        for (const name of first.split("|")) {
          const concept = lexicon.concept(name) * lexicon.words;
          const known = byConcept.get(concept);
          if (known === undefined) byConcept.set(concept, [pattern]);
          else known.push(pattern);
        }
      }
    }
  }
  return { lexicon, byConcept, byWord: Array.from({ length: lexicon.words }) };
}

/** The first step's names without its signs. */
const BEGINNING = /^[\^["/]*([^:]*):?$/;

function beginningsOf(word: number, { lexicon, byConcept, byWord }: Grammar): Beginnings {
  const known = byWord[word];
  if (known !== undefined) return known;
  const found = new Set<Pattern>();
  for (const [concept, patterns] of byConcept) {
    if (lexicon.concepts[concept + word] !== 1) continue;
    for (const pattern of patterns) found.add(pattern);
  }
  const { anywhere = [], marked = [] } = Object.groupBy(
    found,
    (pattern) =>
      (pattern.sought ??= soughtOf(pattern.written, lexicon)).steps[0]?.flags === 0
        ? "anywhere"
        : "marked",
  );
  return byWord[word] = { anywhere, marked };
}

function soughtOf(written: string, lexicon: Lexicon): Sought {
  const steps: Step[] = [];
  let gap = 0;
  for (const part of written.split(" ")) {
    if (/^\d+$/u.test(part)) gap = Number(part);
    else {
      steps.push(stepOf(part, gap, lexicon));
      gap = 1;
    }
  }
  return { steps, table: lexicon.concepts };
}

function stepOf(part: string, gap: number, lexicon: Lexicon): Step {
  const absent = part.startsWith("!");
  let flags = part.endsWith(":") ? LABEL : 0;
  let names = part.replace(/^!/u, "").replace(/:$/u, "");
  for (let sign = SIGNS[names.charAt(0)]; sign !== undefined; sign = SIGNS[names.charAt(0)]) {
    flags |= sign;
    names = names.slice(1);
  }
  const concepts = names.split("|").map((name) => lexicon.concept(name) * lexicon.words);
  // Later parts of names are no words, unless a path is looked for.
  const mask = (flags & PATH) === 0 ? flags | MEMBER : flags;
  return { concepts, flags, mask, gap, absent };
}

/** Where patterns were found. */
export function matchesIn(tokens: Tokens, grammar: Grammar): Match[] {
  const found: Match[] = [];
  const left = { tries: 0 };
  const seek = (patterns: readonly Pattern[], first: number): void => {
    for (let i = 0; i < patterns.length; i++) {
      const pattern = patterns[i];
      const beginning = pattern?.sought?.steps[0];
      if (pattern?.sought === undefined || beginning === undefined) continue;
      if (((tokens.flags[first] ?? 0) & beginning.mask) !== beginning.flags) continue;
      left.tries = TRIES;
      const last = rest(tokens, pattern.sought, 1, first, left);
      if (last < 0) continue;
      const [start, end] = [tokens.start[first] ?? 0, tokens.end[last] ?? 0];
      found.push({ pattern, start, end, first, last });
    }
  };
  for (let i = 0; i < tokens.word.length; i++) {
    const { anywhere, marked } = beginningsOf(tokens.word[i] ?? 0, grammar);
    if (anywhere.length > 0) seek(anywhere, i);
    if (tokens.flags[i] !== 0 && marked.length > 0) seek(marked, i);
  }
  return found;
}

/** The token with which the steps from `step` end, if the one before is token `at`; -1 if they do not follow. */
function rest(
  tokens: Tokens,
  pattern: Sought,
  step: number,
  at: number,
  left: { tries: number },
): number {
  const { steps, table } = pattern;
  const forbidden = steps[step]?.absent === true ? steps[step] : undefined;
  const following = forbidden === undefined ? step : step + 1;
  const wanted = steps[following];
  if (wanted === undefined) return at;
  const until = (tokens.place[at] ?? 0) + wanted.gap;
  for (let next = at + 1; next < tokens.word.length && (tokens.place[next] ?? 0) <= until; next++) {
    if (left.tries-- <= 0) return -1;
    const word = tokens.word[next] ?? 0;
    if (
      ((tokens.flags[next] ?? 0) & wanted.mask) === wanted.flags &&
      isOneOf(word, wanted.concepts, table)
    ) {
      const last = rest(tokens, pattern, following + 1, next, left);
      if (last >= 0) return last;
    }
    if (forbidden !== undefined && isOneOf(word, forbidden.concepts, table)) return -1;
  }
  return -1;
}

/** The steps of a pattern, and the table of the words of each concept. */
interface Sought {
  readonly steps: readonly Step[];
  readonly table: Uint8Array;
}

function isOneOf(word: number, concepts: readonly number[], table: Uint8Array): boolean {
  for (let i = 0; i < concepts.length; i++) if (table[(concepts[i] ?? 0) + word] === 1) return true;
  return false;
}
