/**
 * The analysers, one a language, made when a text in it is first met.
 * @module
 */
import { Analyser, type Stem } from "./analysis.ts";
import { dateFinder } from "./dates.ts";

const made = new Map<string, Promise<Analyser>>();

/** The analyser of a language (ISO 639-1); of one that has no stemmer, it only folds. */
export function analyserOf(language: string): Promise<Analyser> {
  const known = made.get(language);
  if (known !== undefined) return known;
  const analyser = stemmerOf(language).then((stem) => new Analyser(stem, dateFinder(language)));
  made.set(language, analyser);
  return analyser;
}

async function stemmerOf(language: string): Promise<Stem> {
  if (language === "") return (word) => word;
  if (language === "en") return (await import("./english_stemmer.ts")).stemEnglish;
  const { STEMMERS } = await import("./stemmers.ts");
  return STEMMERS.get(language) ?? ((word) => word);
}
