/**
 * Notes and queries whose words are as rare and as common as words are (Zipf's law): the most frequent
 * ones are English function words, the others are made up. The same seed gives the same notes.
 * @module
 */

const FUNCTION_WORDS = (
  "the of and to a in is that it was for on with as be at by this had not are but from or have an they " +
  "which one you were her all she there would their we him been has when who will more no if out so said " +
  "what up its about into than them can only other new some could time these two may then do first any my"
).split(" ");
const VOCABULARY = 40_000;
/** Mandelbrot's shift: the first words are not quite as frequent as Zipf has them. */
const SHIFT = 2.7;
const WORDS_IN_A_PARAGRAPH = 70;
const NOTES_IN_A_FOLDER = 200;

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), seed | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Words by rank, and a way to pick one as often as its rank has it. */
export class ZipfWords {
  readonly words: readonly string[];
  readonly #sums: Float64Array;

  constructor() {
    const number = random(1);
    const made = new Set(FUNCTION_WORDS);
    while (made.size < VOCABULARY) made.add(madeUp(made.size, number));
    this.words = [...made];
    this.#sums = new Float64Array(VOCABULARY);
    let sum = 0;
    for (let rank = 0; rank < VOCABULARY; rank++) this.#sums[rank] = sum += 1 / (rank + SHIFT);
  }

  /** The word that a number from 0 to below 1 falls on. */
  pick(at: number): string {
    const sought = at * (this.#sums[VOCABULARY - 1] ?? 0);
    let low = 0;
    for (let high = VOCABULARY - 1; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] ?? 0) < sought) low = middle + 1;
      else high = middle;
    }
    return this.word(low);
  }

  /** The word of a rank, from 0. */
  word(rank: number): string {
    return this.words[rank % VOCABULARY] ?? "";
  }
}

/** Syllables; a frequent word has fewer of them. */
function madeUp(rank: number, number: () => number): string {
  const least = rank < 400 ? 1 : rank < 6_000 ? 2 : 3;
  let word = "";
  for (let left = least + Math.floor(number() * 2); left > 0; left--) {
    word += "bcdfghklmnprstvw"[Math.floor(number() * 16)] ?? "";
    word += "aeiou"[Math.floor(number() * 5)] ?? "";
    if (number() < 0.4) word += "nrstlm"[Math.floor(number() * 6)] ?? "";
  }
  return word;
}

/** A note of that many bytes or a little more, with front matter, headings and paragraphs. */
export function zipfNote(words: ZipfWords, number: () => number, size: number): string {
  const some = (count: number) => Array.from({ length: count }, () => words.pick(number()));
  const rare = () => words.word(Math.floor(number() * 8_000) + 100);
  let text = `---\nsummary: ${some(8).join(" ")}\nkeywords: [${rare()}, ${rare()}]\n` +
    `created: 2025-0${1 + Math.floor(number() * 9)}-11T10:00:00Z\n---\n# ${rare()} ${rare()}\n`;
  for (let paragraph = 1; text.length < size; paragraph++) {
    if (paragraph % 3 === 0) text += `\n## ${rare()} ${rare()}\n`;
    text += `\n${some(WORDS_IN_A_PARAGRAPH).join(" ")}.\n`;
  }
  return text.slice(0, size);
}

/** Writes notes into folders below `folder`. @returns their names */
export async function writeZipfNotes(
  folder: string,
  options: { readonly count: number; readonly size: number; readonly words: ZipfWords },
): Promise<void> {
  const number = random(options.count);
  let waiting: Promise<void>[] = [];
  for (let at = 0; at < options.count; at++) {
    const inside = `${folder}/knowledge/${Math.floor(at / NOTES_IN_A_FOLDER)}`;
    if (at % NOTES_IN_A_FOLDER === 0) await Deno.mkdir(inside, { recursive: true });
    const text = zipfNote(options.words, number, options.size);
    waiting.push(Deno.writeTextFile(`${inside}/note-${at}.md`, text));
    if (waiting.length === 100) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
}

/** Queries such as people type: words, questions with common words in them, phrases, beginnings. */
export function zipfQueries(words: ZipfWords, count: number): string[] {
  const number = random(99);
  const common = () => words.word(Math.floor(number() * 60));
  const known = () => words.word(60 + Math.floor(number() ** 2 * 12_000));
  const several = (length: number) => Array.from({ length }, known).join(" ");
  return Array.from({ length: count }, (_, at) => {
    switch (at % 5) {
      case 0:
        return several(1 + at % 2);
      case 1:
        return several(3 + at % 6);
      case 2:
        return `what did ${known()} say about the ${known()} of ${common()} ${known()} and ${known()}?`;
      case 3:
        return `"${words.pick(number())} ${words.pick(number())}" ${known()}`;
      default:
        return `${known().slice(0, 4)}* ${known()}`;
    }
  });
}
