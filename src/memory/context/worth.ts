/**
 * Which of the notes that were found are worth sending. A search always finds something; what shares one
 * common word with a question is chance, and costs tokens and attention.
 * @module
 */
import type { Hit } from "../search/hit.ts";
import { analyserOf } from "../text/analysers.ts";
import type { Analyser } from "../text/analysis.ts";
import { fold } from "../text/fold.ts";
import { isFunctionWord } from "../text/function_words.ts";
import { languageOf } from "../text/language.ts";
import { tokensOf } from "../text/tokens.ts";
import { isAskingWord } from "./asking_words.ts";

/** Of the best note's score: below it, notes are chance more often than help. */
const LEAST_SCORE = 0.4;
/** Words of the question that a note must have, if the question has as many. */
const LEAST_WORDS = 2;
/** And of a long question this share of them. */
const LEAST_SHARE = 0.25;
/** So many of those that have one word of two, or none and were found by their meaning. */
const MOST_DOUBTFUL = 2;
/** UTF-16 units of a note that are looked at. */
const MAX_TEXT = 4_000;

/**
 * The hits worth sending, in their order. Measured on questions about what two people told each other
 * (LoCoMo): of 100 questions whose answer a search finds, 95 keep it; of ten notes that a search gives to
 * questions about something else, more than seven are dropped.
 */
export async function worthSending(question: string, hits: readonly Hit[]): Promise<Hit[]> {
  const language = languageOf(question);
  const analyser = await analyserOf(language);
  const asked = termsOf(question, analyser, { language, leaveOut: isAskingWord });
  if (asked.size === 0) return [];
  const needed = Math.max(
    Math.min(LEAST_WORDS, asked.size),
    Math.ceil(asked.size * LEAST_SHARE),
  );
  const all = new Set([...tokensOf(question)].map(({ text }) => fold(text)));
  const best = Math.max(...hits.map(({ score }) => score));
  let doubtful = 0;
  return hits.filter((hit) => {
    if (hit.score < best * LEAST_SCORE || hit.passage.trim() === "") return false;
    const text = textOf(hit);
    const shared = Math.max(
      sharedOf(asked, termsOf(text, analyser, { language })),
      // The search knows more: other languages' stems, and what a misspelt word was meant to be.
      marksOf(hit, language),
    );
    if (shared >= needed) return true;
    const mayBe = shared === 0
      // Without any word of the question it was found by its meaning.
      ? hit.snippet.marks.length === 0 &&
        ![...tokensOf(text)].some((one) => all.has(fold(one.text)))
      // Of two words one may be the other's place: "Grace's birthday" is in a note on Grace.
      : asked.size <= LEAST_WORDS;
    return mayBe && ++doubtful <= MOST_DOUBTFUL;
  });
}

/** What can be known of a note from its passage and what is said of it. */
function textOf({ file, summary, keywords, heading, passage }: Hit): string {
  const parts = [file.replace(/\.md$/i, ""), summary, ...keywords, heading, passage];
  return parts.join("\n").slice(0, MAX_TEXT);
}

function sharedOf(asked: ReadonlySet<string>, held: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of asked) if (held.has(term)) shared++;
  return shared;
}

/** How many different words that say something are marked in the snippet. */
function marksOf({ snippet: { text, marks } }: Hit, language: string): number {
  const marked = new Set(marks.map(([start, end]) => fold(text.slice(start, end))));
  return [...marked].filter((word) => !isFunctionWord(word, language) && !isAskingWord(word))
    .length;
}

/** The words that say something; of scripts without spaces each two signs that follow each other. */
function termsOf(
  text: string,
  analyser: Analyser,
  { language, leaveOut = () => false }: {
    readonly language: string;
    readonly leaveOut?: (word: string) => boolean;
  },
): Set<string> {
  const terms = new Set<string>();
  for (const { text: token, kind } of tokensOf(text)) {
    const { folded, term } = analyser.word(token);
    if (kind === "sign" || isFunctionWord(folded, language) || leaveOut(folded)) continue;
    terms.add(kind === "word" ? term : folded);
  }
  return terms;
}
