/**
 * Which language a text is in, told by its script and its small words: cheap, and right where it counts,
 * since a text without small words has little to stem.
 * @module
 */
import { fold } from "./fold.ts";
import { languagesOfWord } from "./function_words.ts";

/** Words that are looked at; more do not change the answer. */
const WORD_LIMIT = 300;
/** Small words that must be there before a language is believed against the script's first one. */
const ENOUGH = 2;

/** The language taken if the small words do not tell, by script. */
const SCRIPTS: readonly (readonly [script: RegExp, language: string])[] = [
  [/\p{sc=Latin}+/gu, "en"],
  [/\p{sc=Cyrillic}+/gu, "ru"],
  [/\p{sc=Greek}+/gu, "el"],
  [/\p{sc=Arabic}+/gu, "ar"],
  [/\p{sc=Devanagari}+/gu, "hi"],
  [/\p{sc=Armenian}+/gu, "hy"],
  [/\p{sc=Tamil}+/gu, "ta"],
];

/** The language of a text as ISO 639-1; empty if nothing is known about its script. */
export function languageOf(text: string): string {
  const words: string[] = [];
  for (const match of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    words.push(fold(match[0]));
    if (words.length === WORD_LIMIT) break;
  }
  const counts = new Map<string, number>();
  for (const word of words) {
    for (const language of languagesOfWord(word)) {
      counts.set(language, (counts.get(language) ?? 0) + 1);
    }
  }
  const script = languageOfScript(words);
  let best = script;
  let most = Math.max(counts.get(script) ?? 0, ENOUGH - 1);
  for (const [language, count] of counts) {
    if (count > most) [best, most] = [language, count];
  }
  return best;
}

function languageOfScript(words: readonly string[]): string {
  const sample = words.slice(0, 50).join(" ");
  const counted = SCRIPTS.map(([script, language]) => ({
    language,
    count: sample.match(script)?.length ?? 0,
  }));
  const best = counted.reduce((a, b) => b.count > a.count ? b : a);
  return best.count > 0 ? best.language : "";
}
