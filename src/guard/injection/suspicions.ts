/**
 * All that is suspicious in a text, in words, signs, hidden and encoded, weighed by what stands around it.
 * @module
 */
import { reversed, rotated } from "./ciphers.ts";
import { type Cipher, decodedIn } from "./encoded.ts";
import { type Grammar, grammarOf, type Match, matchesIn } from "./grammar.ts";
import { type Hidden, invisibleIn, unseenIn } from "./hidden.ts";
import { type Lexicon, lexicon } from "./lexicon.ts";
import { type Mark, marksIn } from "./markers.ts";
import { PATTERNS } from "./patterns.ts";
import { INNER } from "./surroundings.ts";
import type { Tokens } from "./token_lists.ts";
import { tokensOf } from "./tokens.ts";

/** How near two hints must be to count as an attack, in UTF-16 units. */
const NEAR = 240;
/** How near talk about attacks must be, in words. */
const ABOUT_NEAR = 14;
/** And how near words that lead up to an example. */
const CITED_NEAR = 4;
/** How near before a word what negates it stands, in words. */
const NEGATION_NEAR = 3;
/** How often what was decoded is decoded again. */
const MAX_DEPTH = 3;
/** Words in look-alikes or leet that are more than chance. */
const DISGUISED_WORDS = 3;
const NOTHING_HIDDEN: Hidden = { marks: [], spelled: [] };

/** What a scan needs, made once. */
interface Means {
  readonly words: Lexicon;
  readonly grammar: Grammar;
  readonly ciphers: readonly Cipher[];
  readonly isAbout: (word: number) => boolean;
  readonly isCiting: (word: number) => boolean;
  readonly isNegation: (word: number) => boolean;
}

let made: Means | undefined;

function means(): Means {
  if (made !== undefined) return made;
  const words = lexicon();
  const member = (name: string): (word: number) => boolean => {
    const from = words.concept(name) * words.words;
    return (word) => words.concepts[from + word] === 1;
  };
  return made = {
    words,
    grammar: grammarOf(PATTERNS, words),
    ciphers: [
      { encoding: "rot13", has: member("rot13"), decode: rotated },
      { encoding: "reversed text", has: member("reversed"), decode: reversed },
    ],
    isAbout: member("about"),
    isCiting: member("citing"),
    isNegation: member("negation"),
  };
}

/** The suspicions of a text, in no order; none has more than 3 points. */
export function suspicionsIn(text: string, depth = 0): Mark[] {
  const use = means();
  const tokens = tokensOf(text, use.words);
  const seen = [
    ...matchesIn(tokens, use.grammar).map((match) => weighed(match, tokens, use)),
    ...marksIn(text, tokens.signs).map((mark) => aboutLess(mark, tokens, use)),
    ...disguised(tokens),
  ];
  joinHints(seen);
  const hidden = tokens.invisible ? invisibleIn(text) : NOTHING_HIDDEN;
  const found = [...seen, ...hidden.marks, ...unseen(text, seen)];
  if (depth >= MAX_DEPTH) return found;
  for (const { text: plain, start, end } of hidden.spelled) {
    found.push(...within(plain, start, end, "tag characters", depth));
  }
  for (const { encoding, text: plain, start, end } of decodedIn(text, tokens, use.ciphers)) {
    found.push(...within(plain, start, end, encoding, depth));
  }
  return found;
}

/** The worst of what a decoded text holds, at the place of the encoded one. */
function within(
  plain: string,
  start: number,
  end: number,
  encoding: string,
  depth: number,
): Mark[] {
  const worst = suspicionsIn(plain, depth + 1).reduce<Mark | undefined>(
    (most, one) => one.points > (most?.points ?? 0) ? one : most,
    undefined,
  );
  if (worst === undefined) return [];
  // Who encodes an order hides it.
  const points = Math.min(3, worst.points + 1);
  const label = worst.category === "encoded_payload" ? worst.label : `${encoding}: ${worst.label}`;
  return [{ category: "encoded_payload", label, points, start, end }];
}

function weighed({ pattern, start, end, first, last }: Match, tokens: Tokens, use: Means): Mark {
  const { category, label, points } = pattern;
  const less = isNegated(tokens, first, use) ? 2 : isTalkAbout(tokens, first, last, use) ? 1 : 0;
  return { category, label, start, end, points: Math.max(0, points - less) };
}

function aboutLess(mark: Mark, tokens: Tokens, use: Means): Mark {
  const at = firstFrom(tokens.start, mark.start);
  return isTalkAbout(tokens, at, at - 1, use) ? { ...mark, points: mark.points - 1 } : mark;
}

/** The place in ascending `numbers` of the first that is at least `least`. */
function firstFrom(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** "Do not ignore …", said to the reader. */
function isNegated(tokens: Tokens, at: number, { isNegation }: Means): boolean {
  if (isNegation(tokens.word[at] ?? 0)) return false;
  const from = (tokens.place[at] ?? 0) - NEGATION_NEAR;
  for (let i = at - 1; i >= 0 && (tokens.place[i] ?? 0) >= from; i--) {
    if (isNegation(tokens.word[i] ?? 0)) return true;
  }
  return false;
}

/** Whether words such as "attacker" or "for example" stand around the tokens `first` to `last`. */
function isTalkAbout(
  tokens: Tokens,
  first: number,
  last: number,
  { isAbout, isCiting }: Means,
): boolean {
  const from = (tokens.place[first] ?? tokens.place.at(-1) ?? 0) - ABOUT_NEAR;
  const to = (tokens.place[Math.max(last, 0)] ?? 0) + ABOUT_NEAR;
  const said = (i: number, isOne: (word: number) => boolean): boolean =>
    ((tokens.flags[i] ?? 0) & INNER) === 0 && isOne(tokens.word[i] ?? 0);
  for (let i = first - 1; i >= 0 && (tokens.place[i] ?? 0) >= from; i--) {
    const isNear = (tokens.place[i] ?? 0) >= from + ABOUT_NEAR - CITED_NEAR;
    if (said(i, isAbout) || (isNear && said(i, isCiting))) return true;
  }
  for (let i = last + 1; i < tokens.word.length && (tokens.place[i] ?? 0) <= to; i++) {
    if (said(i, isAbout)) return true;
  }
  return false;
}

/** Two different hints beside each other are more than a hint. */
function joinHints(marks: Mark[]): void {
  const hints = marks.map((mark, at) => ({ mark, at })).filter(({ mark }) => mark.points === 1)
    .sort((a, b) => a.mark.start - b.mark.start);
  for (let i = 1; i < hints.length; i++) {
    const [a, b] = [hints[i - 1], hints[i]];
    if (a === undefined || b === undefined || a.mark.label === b.mark.label) continue;
    if (b.mark.start - a.mark.end <= NEAR) marks[b.at] = { ...b.mark, points: 2 };
  }
}

/** Words of attacks in look-alikes of other alphabets or in digits. */
function disguised({ disguised, start, end }: Tokens): Mark[] {
  if (disguised.length < DISGUISED_WORDS) return [];
  const [first, last] = [disguised[0] ?? 0, disguised.at(-1) ?? 0];
  return [{
    category: "hidden_text",
    label: "words in look-alike letters",
    points: disguised.length > 2 * DISGUISED_WORDS ? 2 : 1,
    start: start[first] ?? 0,
    end: end[last] ?? 0,
  }];
}

/** Parts that are not shown and in which something is suspicious. */
function unseen(text: string, seen: readonly Mark[]): Mark[] {
  if (seen.length === 0) return [];
  const ordered = [...seen].sort((a, b) => a.start - b.start);
  const starts = ordered.map(({ start }) => start);
  return unseenIn(text).flatMap(({ label, start, end }) => {
    let worst = 0;
    for (let i = firstFrom(starts, start); i < ordered.length; i++) {
      const one = ordered[i];
      if (one === undefined || one.start >= end) break;
      if (one.end <= end) worst = Math.max(worst, one.points);
      if (worst === 3) break;
    }
    if (worst === 0) return [];
    return [{ category: "hidden_text", label, start, end, points: Math.min(3, worst + 1) }];
  });
}
