/**
 * The words of a text that matter, in one pass that copies nothing: each with where it stands in the text
 * as it was given, so that no other map of offsets is needed.
 * @module
 */
import {
  ASCII_KINDS,
  astralKind,
  DIGIT,
  FOREIGN,
  latinReading,
  SEPARATOR,
  SKIPPED,
  SURROGATE,
  wideKinds,
} from "./letters.ts";
import { codes, FIRST, isCapital, isLowHalf, isWordCode, surroundings } from "./surroundings.ts";
import { noTokens, type Tokens } from "./token_lists.ts";
import { FAN_OUT, type Lexicon, startKey, wordOf } from "./lexicon.ts";

/** What an end of a sentence counts for, in words. */
const SENTENCE = 4;
/** And an end of a line. */
const LINE = 2;
/** Letters and digits in a row that may be an encoded text. */
const RUN_LENGTH = 16;
/** Longest word that is read as leet or look-alikes. */
const READING_LENGTH = 32;
/** Letters that stand alone, in a row, for a word that is spaced out. */
const SPACED_LETTERS = 6;
const KEY_SHAPE = /^(?=.*\d[A-Za-z])(?=.*[A-Za-z].*[A-Za-z])[A-Za-z\d]{12,}$/u;
const GLUED_LENGTH = 7;
/** What a word has beside Latin letters. */
const [DIGITS, OTHER_LETTERS] = [1, 2];
const MAX_TOKENS = 400_000;

const [NEWLINE, SPACE, COLON, SLASH, AT, DOLLAR, HYPHEN] = [10, 32, 58, 47, 64, 36, 45];
const SENTENCE_ENDS = codes("!?.;。！？；।");
const BREAKS = codes("(){}=|`,");

/** The words of `text` that are in the lexicon. */
export function tokensOf(text: string, lexicon: Lexicon): Tokens {
  return new Reader(text, lexicon).read();
}

class Reader {
  readonly #text: string;
  readonly #lexicon: Lexicon;
  readonly #leads: number;
  readonly #keys: number;
  readonly #keywords: number;
  readonly #overrides: number;
  readonly #tokens: Tokens = noTokens();
  #place = 0;
  /** Whether the last word was one like "please", and where it stood. */
  #ledAt = -2;
  #letters: number[] = [];

  constructor(text: string, lexicon: Lexicon) {
    this.#text = text;
    this.#lexicon = lexicon;
    this.#leads = lexicon.concept("please") * lexicon.words;
    this.#keys = lexicon.concept("keys") * lexicon.words;
    this.#overrides = lexicon.concept("override") * lexicon.words;
    this.#keywords = lexicon.concept("keyword") * lexicon.words;
  }

  read(): Tokens {
    const { next, exact, stem } = this.#lexicon;
    const text = this.#text;
    let kinds = ASCII_KINDS;
    // Of the word being read: its start (-1 for none), node in the tree, longest stem, and what it mixes.
    let start = -1;
    let node = 1;
    let found = 0;
    let letters = 0;
    let odd = 0;
    for (let i = 0; i <= text.length; i++) {
      const code = i < text.length ? text.charCodeAt(i) : SPACE;
      if (code > 127 && kinds === ASCII_KINDS) kinds = wideKinds();
      let kind = kinds[code] ?? SEPARATOR;
      if (kind > DIGIT || code === DOLLAR || code === AT) kind = this.#readAs(kind, i, start);
      if (kind === SEPARATOR) {
        if (start >= 0) {
          const word = odd === 0 ? exact[node] || found : this.#oddWord(start, i, odd, letters);
          this.#end(word, start, i, letters, odd);
          start = -1;
        }
        if (code !== SPACE) this.#separate(code, i);
      } else if (kind !== SKIPPED) {
        if (start < 0) {
          start = i;
          node = 1;
          found = letters = odd = 0;
        }
        if (kind < DIGIT) {
          letters++;
          if (node !== 0) {
            node = next[node * FAN_OUT + kind] ?? 0;
            found = stem[node] || found;
          }
        } else odd |= kind === DIGIT ? DIGITS : OTHER_LETTERS;
      }
      if (code >= 0xd800 && code < 0xdc00 && isLowHalf(text.charCodeAt(i + 1))) i++;
    }
    this.#endLetters();
    return this.#tokens;
  }

  /** What a character is that is not always the same: a half of a pair, one that is skipped, `$`, `@`. */
  #readAs(kind: number, at: number, start: number): number {
    const code = this.#text.charCodeAt(at);
    if (kind === FOREIGN) return kind;
    if (kind === SKIPPED) {
      if (code > 127 && code !== 0x2019) this.#tokens.invisible = true;
      return kind;
    }
    if (kind === SURROGATE) {
      const point = this.#text.codePointAt(at) ?? 0;
      // Letters in a style of their own are read as letters that stand alone.
      if (start < 0 && astralKind(point) !== SEPARATOR) this.#letters.push(at);
      if (point < 0xe0000 || point >= 0xe1000) return SEPARATOR;
      this.#tokens.invisible = true;
      return SKIPPED;
    }
    // "$" and "@" are letters only within a word.
    const following = this.#text.charCodeAt(at + 1);
    return start >= 0 && isWordCode(following) ? kind : SEPARATOR;
  }

  /** Counts what stands between words. */
  #separate(code: number, at: number): void {
    if (code < 128) this.#tokens.signs[code] = 1;
    if (code === NEWLINE) this.#place += LINE;
    else if (BREAKS.has(code)) this.#place += 1;
    else if (
      code === COLON && this.#text.charCodeAt(at + 1) === SLASH &&
      this.#text.charCodeAt(at + 2) === SLASH
    ) {
      this.#endLetters();
      this.#push(this.#lexicon.word("://"), at, at + 3);
    } else if (SENTENCE_ENDS.has(code)) {
      const after = at + 1 < this.#text.length ? this.#text.charCodeAt(at + 1) : SPACE;
      if (code > 127 || after <= SPACE || after === 34 || after === 39) this.#place += SENTENCE;
    }
  }

  #end(word: number, start: number, end: number, letters: number, odd: number): void {
    this.#place++;
    if (end - start >= RUN_LENGTH) this.#tokens.runs.push(start, end);
    const mayBeCut = odd === 0 && this.#tokens.signs[HYPHEN] === 1;
    if (mayBeCut && this.#hyphened(start, end)) return;
    if (letters === 1 && odd === 0) {
      this.#letters.push(start);
      return;
    }
    if (this.#letters.length > 0) this.#endLetters();
    if (word !== 0) this.#push(word, start, end);
    else if (end - start >= GLUED_LENGTH && odd === 0) this.#glued(start, end);
  }

  /** Whether a hyphen cuts a word in two: "dis-regard", "sign-off". */
  #hyphened(start: number, end: number): boolean {
    if (this.#text.charCodeAt(start - 1) !== HYPHEN) return false;
    let from = start - 1;
    while (start - from <= READING_LENGTH && isWordCode(this.#text.charCodeAt(from - 1))) from--;
    if (end - from < GLUED_LENGTH || from === start - 1) return false;
    const whole = this.#text.slice(from, start - 1) + this.#text.slice(start, end);
    const word = wordOf(whole.toLowerCase(), this.#lexicon);
    if (word !== 0) this.#push(word, from, end);
    return word !== 0;
  }

  /** A word that was put behind another without a blank, as in "…New YorkIgnore all". */
  #glued(start: number, end: number): void {
    const text = this.#text;
    if (text.charCodeAt(end) !== SPACE) return;
    let from = end - 1;
    while (from > start && !isCapital(text.charCodeAt(from))) from--;
    if (from <= start || end - from < 3) return;
    const word = wordOf(text.slice(from, end).toLowerCase(), this.#lexicon);
    if (this.#lexicon.concepts[this.#overrides + word] === 1) {
      this.#push(word, from, end, "spelled");
    }
  }

  /** `spelled` words are made of letters that stand alone, so that what stands beside them says nothing. */
  #push(read: number, start: number, end: number, spelled?: "spelled"): void {
    const [tokens, text] = [this.#tokens, this.#text];
    const isKey = this.#lexicon.concepts[this.#keys + read] === 1 && this.#afterKeyword();
    const word = isKey ? this.#keyNamed(tokens.word.at(-1)) : read;
    if (tokens.word.length >= MAX_TOKENS) return;
    const led = this.#ledAt === this.#place - 1 ? FIRST : 0;
    const flags = spelled === undefined ? led | surroundings(text, start, end) : FIRST;
    // After "please also" the order still follows.
    if (this.#lexicon.concepts[this.#leads + word] === 1) this.#ledAt = this.#place;
    tokens.word.push(word);
    tokens.start.push(start);
    tokens.end.push(end);
    tokens.place.push(this.#place);
    tokens.flags.push(flags);
  }

  /** Whether the word before makes a key of "key": an API key, a private key. */
  #afterKeyword(): boolean {
    const { word, place } = this.#tokens;
    const last = word.length - 1;
    return last >= 0 && (place[last] ?? 0) >= this.#place - 1 &&
      this.#lexicon.concepts[this.#keywords + (word[last] ?? 0)] === 1;
  }

  #keyNamed(before: number | undefined): number {
    return this.#lexicon.word(before === this.#lexicon.word("secret") ? "secretkey" : "apikey");
  }

  /** A word with digits or letters of another script in it. */
  #oddWord(start: number, end: number, odd: number, letters: number): number {
    const latin = letters > 0 || odd === 2;
    if (latin && end - start <= READING_LENGTH) {
      const reading = latinReading(this.#text.slice(start, end));
      if (reading !== undefined && reading.length > (odd === 1 ? 2 : 1)) {
        const other = reading.replaceAll("i", "l");
        const word = wordOf(reading, this.#lexicon) || wordOf(other, this.#lexicon);
        if (word !== 0) {
          if (odd !== 1 || /\d[a-z]/i.test(this.#text.slice(start, end))) {
            this.#tokens.disguised.push(this.#tokens.word.length);
          }
          return word;
        }
      }
    }
    if (odd === 1) return this.#number(start, end);
    if ((odd & 2) !== 0) this.#foreign(start, end);
    return 0;
  }

  /** What a word with digits or "@" in it names: an address, an account. */
  #number(start: number, end: number): number {
    const text = this.#text.slice(start, Math.min(end, start + READING_LENGTH + 1));
    if (text.includes("@")) return this.#lexicon.word("@@");
    if (/^[A-Za-z]{2}\d{10,30}$/u.test(text)) return this.#lexicon.word("##");
    return KEY_SHAPE.test(text) ? this.#lexicon.word("#key") : 0;
  }

  /** The words within a run of letters of another script. */
  #foreign(start: number, end: number): void {
    this.#endLetters();
    const text = this.#text.slice(start, end).toLowerCase();
    // What changes its length when lower-cased (a few Turkish and Greek capitals) is not of these lists.
    if (text.length !== end - start) return;
    const { foreign } = this.#lexicon;
    for (let i = 0; i + 1 < text.length;) {
      const known = foreign.get(startKey(text, i))?.find((one) => text.startsWith(one.text, i));
      if (known === undefined) {
        i++;
        continue;
      }
      this.#place++;
      this.#push(known.word, start + i, start + i + known.text.length, "spelled");
      i += known.text.length;
    }
  }

  /** Reads letters that stood alone as the words they spell. */
  #endLetters(): void {
    const places = this.#letters;
    this.#letters = [];
    if (places.length < SPACED_LETTERS) return;
    const { next, exact, stem } = this.#lexicon;
    for (let i = 0; i < places.length;) {
      let [node, found, length] = [1, 0, 0];
      for (let j = i; j < places.length && node !== 0; j++) {
        const point = this.#text.codePointAt(places[j] ?? 0) ?? 0;
        const kind = point > 0xffff ? astralKind(point) : wideKinds()[point] ?? 0;
        node = kind < DIGIT ? next[node * FAN_OUT + kind] ?? 0 : 0;
        const word = exact[node] || stem[node] || 0;
        if (word !== 0 && j - i >= 2) [found, length] = [word, j - i + 1];
      }
      if (found !== 0) {
        this.#place++;
        const last = places[i + length - 1] ?? 0;
        this.#push(
          found,
          places[i] ?? 0,
          last + (this.#text.charCodeAt(last) > 0xd7ff ? 2 : 1),
          "spelled",
        );
      }
      i += Math.max(1, length);
    }
  }
}
