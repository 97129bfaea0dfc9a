/**
 * The words the grammar of attacks is made of, as a tree of letters that a text is walked through.
 * @module
 */
import { AGENT_WORDS } from "./agent_words.ts";
import { ENGLISH } from "./english.ts";
import { reversed, rotated } from "./ciphers.ts";
import { EUROPEAN } from "./european.ts";
import { OTHER_SCRIPTS } from "./other_scripts.ts";

/** Letters a node may go on with; 0 is unused. */
export const FAN_OUT = 27;
const A = 97;

/** The lists of a language: a concept's name, and its words; `*` at the end stands for any ending. */
export type WordLists = Readonly<Record<string, string>>;

/** Words by letters, and the concepts of each. */
export interface Lexicon {
  /** `next[node * FAN_OUT + letter]` is the node after that letter; 0 is none. The root is 1. */
  readonly next: Uint16Array;
  /** Which word ends at a node, and which stem; 0 is none. */
  readonly exact: Uint16Array;
  readonly stem: Uint16Array;
  /** Words of scripts without case or spaces, by their first two code units. */
  readonly foreign: ReadonlyMap<number, readonly ForeignWord[]>;
  /** `concepts[concept * words + word]` is 1 where a word belongs to a concept. */
  readonly concepts: Uint8Array;
  readonly words: number;
  /** The number of a concept. @throws {Error} for one that is not there, which is a fault of ours. */
  readonly concept: (name: string) => number;
  /** The number of a word, as it is written in the lists; 0 is none. */
  readonly word: (entry: string) => number;
}

/** A word that is looked for within others. */
export interface ForeignWord {
  readonly text: string;
  readonly word: number;
}

let made: Lexicon | undefined;

/** The lexicon, made on first use. */
export function lexicon(): Lexicon {
  return made ??= makeLexicon([
    ENGLISH,
    AGENT_WORDS,
    EUROPEAN,
    kinIn(EUROPEAN),
    OTHER_SCRIPTS,
    kinIn(OTHER_SCRIPTS),
    ciphered(),
  ]);
}

/** Concepts that English divides more finely than the lists of other languages do: from which one they take. */
const KIN: Readonly<Record<string, readonly string[]>> = {
  send: ["outward", "hand", "deed", "forward"],
  secret: ["credential", "password"],
  instruction: ["orders"],
  override: ["ignoring"],
  reveal: ["printing", "telling", "utter", "urges", "recast"],
  tell: ["report", "mention"],
  user: ["they"],
  approval: ["review", "unasked"],
  secretly: ["unseen"],
  call: ["using"],
  tool: ["tooling"],
  always: ["ever"],
  remember: ["keepit"],
  data: ["contents"],
};

function kinIn(lists: WordLists): WordLists {
  return Object.fromEntries(
    Object.entries(KIN).flatMap(([from, names]) => names.map((name) => [name, lists[from] ?? ""])),
  );
}

/** Words of attacks as they stand in a text in another cipher, which shows that it is one. */
function ciphered(): WordLists {
  const words = CIPHERED.split(" ");
  return { rot13: words.map(rotated).join(" "), reversed: words.map(reversed).join(" ") };
}

const CIPHERED =
  "ignore previous instructions instruction prompt system password secret reveal disregard forget assistant pwned been";

function makeLexicon(lists: readonly WordLists[]): Lexicon {
  const names = new Map<string, number>();
  const numbers = new Map<string, number>();
  // Which concept has which word: pairs of numbers, since a matrix cannot grow.
  const pairs: number[] = [];
  for (const list of lists) {
    for (const [name, entries] of Object.entries(list)) {
      const concept = numbered(names, name, 0);
      for (const entry of entries.split(/\s+/)) {
        if (entry !== "") pairs.push(concept, numbered(numbers, entry, 1));
      }
    }
  }
  const entries = [...numbers.keys()];
  const words = entries.length + 1;
  const concepts = new Uint8Array(names.size * words);
  for (let i = 0; i < pairs.length; i += 2) {
    concepts[(pairs[i] ?? 0) * words + (pairs[i + 1] ?? 0)] = 1;
  }
  const tree = letterTree(entries);
  inheritFromStems(entries, tree, concepts);
  const concept = (name: string): number => {
    const number = names.get(name);
    // deno-lint-ignore pyra/coded-errors -- a misspelt table of ours, which every test would meet
    if (number === undefined) throw new Error(`no words for "${name}"`);
    return number;
  };
  const word = (entry: string): number => numbers.get(entry) ?? 0;
  return { ...tree, foreign: foreignWords(entries), concepts, words, concept, word };
}

/** The number of `name`, counted from `from` on. */
function numbered(numbers: Map<string, number>, name: string, from: number): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const number = numbers.size + from;
  numbers.set(name, number);
  return number;
}

/** A whole word is also what its stem is. */
function inheritFromStems(
  entries: readonly string[],
  tree: LetterTree,
  concepts: Uint8Array,
): void {
  const { next, stem } = tree;
  const words = entries.length + 1;
  const known = new Map<number, number[]>();
  const conceptsOf = (word: number): number[] => {
    const list = known.get(word) ?? [];
    if (known.has(word)) return list;
    for (let at = 0; at < concepts.length; at += words) {
      if (concepts[at + word] === 1) list.push(at);
    }
    known.set(word, list);
    return list;
  };
  entries.forEach((entry, index) => {
    let node = 1;
    for (let i = 0; i < entry.length && node !== 0; i++) {
      const letter = entry.charCodeAt(i) - A + 1;
      node = letter > 0 && letter < FAN_OUT ? next[node * FAN_OUT + letter] ?? 0 : 0;
      const from = stem[node] ?? 0;
      if (from === 0 || from === index + 1) continue;
      for (const at of conceptsOf(from)) concepts[at + index + 1] = 1;
    }
  });
}

function isLatin(entry: string): boolean {
  return /^[a-z]+\*?$/.test(entry);
}

type LetterTree = Pick<Lexicon, "next" | "exact" | "stem">;

function letterTree(entries: readonly string[]): LetterTree {
  const size = entries.reduce((sum, entry) => sum + entry.length, 2);
  const next = new Uint16Array(size * FAN_OUT);
  const [exact, stem] = [new Uint16Array(size), new Uint16Array(size)];
  let last = 1;
  entries.forEach((entry, index) => {
    if (!isLatin(entry)) return;
    let node = 1;
    const isStem = entry.endsWith("*");
    for (let i = 0; i < entry.length - (isStem ? 1 : 0); i++) {
      const at = node * FAN_OUT + entry.charCodeAt(i) - A + 1;
      if (next[at] === 0) next[at] = ++last;
      node = next[at] ?? 0;
    }
    (isStem ? stem : exact)[node] = index + 1;
  });
  return {
    next: next.subarray(0, (last + 1) * FAN_OUT),
    exact: exact.subarray(0, last + 1),
    stem: stem.subarray(0, last + 1),
  };
}

function foreignWords(entries: readonly string[]): Map<number, ForeignWord[]> {
  const byStart = new Map<number, ForeignWord[]>();
  entries.forEach((text, index) => {
    if (isLatin(text)) return;
    const key = startKey(text, 0);
    const known = byStart.get(key);
    if (known === undefined) byStart.set(key, [{ text, word: index + 1 }]);
    else known.push({ text, word: index + 1 });
  });
  // The longest first, so that a compound is not read as its first half.
  for (const words of byStart.values()) words.sort((a, b) => b.text.length - a.text.length);
  return byStart;
}

/** Two code units as one number. */
export function startKey(text: string, at: number): number {
  return text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1);
}

/** The word a Latin word of lower-case letters is; 0 is none. */
export function wordOf(word: string, { next, exact, stem }: Lexicon): number {
  let [node, found] = [1, 0];
  for (let i = 0; i < word.length; i++) {
    const letter = word.charCodeAt(i) - A + 1;
    node = letter > 0 && letter < FAN_OUT ? next[node * FAN_OUT + letter] ?? 0 : 0;
    if (node === 0) return found;
    found = stem[node] || found;
  }
  return exact[node] || found;
}
