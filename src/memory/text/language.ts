/**
 * Which language a text is in, told by its script and its small words: cheap, and right where it counts,
 * since a text without small words has little to stem.
 * @module
 */
import { fold } from "./fold.ts";
import { FUNCTION_WORD_LANGUAGES, isFunctionWord } from "./function_words.ts";

/** Words that are looked at; more do not change the answer. */
const WORD_LIMIT = 300;
/** Small words that must be there before a language is believed against the script's first one. */
const ENOUGH = 2;

/** The language taken if the small words do not tell, by script. */
const SCRIPTS: readonly (readonly [script: RegExp, language: string])[] = [
  [/\p{sc=Latin}/u, "en"],
  [/\p{sc=Cyrillic}/u, "ru"],
  [/\p{sc=Greek}/u, "el"],
  [/\p{sc=Arabic}/u, "ar"],
  [/\p{sc=Devanagari}/u, "hi"],
  [/\p{sc=Armenian}/u, "hy"],
  [/\p{sc=Tamil}/u, "ta"],
];

/** The language of a text as ISO 639-1; empty if nothing is known about its script. */
export function languageOf(text: string): string {
  const words: string[] = [];
  for (const match of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    words.push(fold(match[0]));
    if (words.length === WORD_LIMIT) break;
  }
  const counts = new Map<string, number>();
  for (const language of FUNCTION_WORD_LANGUAGES) {
    const count = words.reduce((sum, word) => sum + (isFunctionWord(word, language) ? 1 : 0), 0);
    if (count > 0) counts.set(language, count);
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
    count: sample.match(new RegExp(script.source, "gu"))?.length ?? 0,
  }));
  const best = counted.reduce((a, b) => b.count > a.count ? b : a);
  return best.count > 0 ? best.language : "";
}
