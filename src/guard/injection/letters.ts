/**
 * Reads characters as the letters a person (or a model) would take them for: case, width, accents, style
 * and invisible characters fall away; look-alikes and digits that stand for letters are a second reading.
 * @module
 */

/** What a code unit is to the reader of words; 1 to 26 are the letters a to z. */
export const SEPARATOR = 0;
/** A digit, or a sign that may stand for a letter within a word. */
export const DIGIT = 27;
/** Part of a word, and not seen: apostrophes, joiners, soft hyphens, combining marks. */
export const SKIPPED = 28;
/** A letter of another script than the Latin one. */
export const FOREIGN = 29;
/** Half of a pair of code units. */
export const SURROGATE = 30;

const A = 97;
/** What stands for letters in "leet" writing. */
const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "2": "z",
  "3": "e",
  "4": "a",
  "5": "s",
  "6": "g",
  "7": "t",
  "8": "b",
  "9": "g",
  "$": "s",
  "@": "a",
};
/** Letters of other scripts that look Latin, beside the letter they look like. */
const LOOK_ALIKE =
  "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs ԁd ԛq ԝw һh ӏl ѵv ɡg ɑa ıi αa βb γy εe ηn ιi κk μu νv οo ρp σo τt υu χx ωw ϲc ϳj օo սu ոn հh ցg";

/** The letters a to z in Braille. */
const BRAILLE = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵";

/** The kinds of ASCII. */
export const ASCII_KINDS: Uint8Array = asciiKinds();

function asciiKinds(): Uint8Array {
  const kinds = new Uint8Array(128);
  for (let i = 0; i < 26; i++) kinds[A + i] = kinds[A - 32 + i] = i + 1;
  for (const sign of Object.keys(LEET)) kinds[sign.charCodeAt(0)] = DIGIT;
  kinds[0x27] = SKIPPED;
  return kinds;
}

let wide: Uint8Array | undefined;

/** The kinds of all code units; made when the first character outside ASCII is met. */
export function wideKinds(): Uint8Array {
  if (wide !== undefined) return wide;
  const kinds = new Uint8Array(0x10000);
  kinds.set(ASCII_KINDS);
  // Latin with its accents and styles, and what is not a letter beside it.
  for (
    const [from, to] of [[0x80, 0x370], [0x1d00, 0x2000], [0x2070, 0x2190], [0x2460, 0x2500], [
      0xff01,
      0xff5f,
    ]] as const
  ) {
    for (let code = from; code < to; code++) kinds[code] = latinKind(String.fromCharCode(code));
  }
  const foreign = /\p{L}/u;
  for (let code = 0x370; code < 0x1d00; code++) {
    if (foreign.test(String.fromCharCode(code))) kinds[code] = FOREIGN;
  }
  // Vowel signs of the Indic scripts and points of Arabic and Hebrew belong to their words.
  for (
    const [from, to] of [
      [0x300, 0x370],
      [0x483, 0x48a],
      [0x591, 0x5c8],
      [0x610, 0x61b],
      [0x64b, 0x670],
      [0x200b, 0x2010],
      [0x202a, 0x202f],
      [0x2060, 0x2070],
      [0xfe00, 0xfe10],
    ] as const
  ) {
    kinds.fill(SKIPPED, from, to);
  }
  for (
    const [from, to] of [
      [0x900, 0xe00],
      [0x3005, 0x3008],
      [0x3041, 0x3100],
      [0x3400, 0xa000],
      [0xac00, 0xd7a4],
      [0xf900, 0xfb00],
      [0xfe70, 0xfeff],
    ] as const
  ) {
    kinds.fill(FOREIGN, from, to);
  }
  [...BRAILLE].forEach((cell, letter) => kinds[cell.charCodeAt(0)] = letter + 1);
  kinds[0x964] = kinds[0x965] = SEPARATOR;
  kinds.fill(SURROGATE, 0xd800, 0xe000);
  for (const code of [0xad, 0x2019, 0x180e, 0xfeff, 0x115f, 0x1160, 0x3164]) kinds[code] = SKIPPED;
  return wide = kinds;
}

/** The letter (1 to 26) a character is with accents, width and style taken off; else 0 or a digit. */
function latinKind(character: string): number {
  const plain = character.normalize("NFKD").toLowerCase();
  const first = SPECIAL[plain] ?? plain.charCodeAt(0);
  // A longer reading, as of "½" or "㎏", is no letter.
  if (first >= A && first < A + 26) return first - A + 1;
  return first >= 0x30 && first <= 0x39 ? DIGIT : SEPARATOR;
}

const SPECIAL: Readonly<Record<string, number>> = {
  "ł": 108,
  "ø": 111,
  "đ": 100,
  "ı": 105,
  "ß": 115,
  "æ": 97,
  "œ": 111,
  "ð": 100,
  "þ": 116,
  "ɡ": 103,
  "ɑ": 97,
};

/** The letter (1 to 26) of a styled letter outside the first plane: mathematical, squared, regional. */
export function astralKind(point: number): number {
  if (point >= 0x1f1e6 && point <= 0x1f1ff) return point - 0x1f1e6 + 1;
  for (const base of [0x1f130, 0x1f150, 0x1f170]) {
    if (point >= base && point < base + 26) return point - base + 1;
  }
  if (point < 0x1d400 || point > 0x1d7ff) return SEPARATOR;
  return latinKind(String.fromCodePoint(point));
}

let lookAlikes: ReadonlyMap<string, string> | undefined;

/** The word as Latin letters, for what it looks like; `undefined` if a letter of it looks like none. */
export function latinReading(word: string): string | undefined {
  lookAlikes ??= new Map(LOOK_ALIKE.split(" ").map((pair) => [pair.charAt(0), pair.charAt(1)]));
  const kinds = wideKinds();
  let reading = "";
  for (const character of word.toLowerCase()) {
    const code = character.codePointAt(0) ?? 0;
    const kind = code > 0xffff ? astralKind(code) : kinds[code] ?? SEPARATOR;
    if (kind >= 1 && kind <= 26) reading += String.fromCharCode(A - 1 + kind);
    else if (kind === DIGIT) reading += LEET[character] ?? "";
    else if (kind !== SKIPPED) {
      const like = lookAlikes.get(character);
      if (like === undefined) return undefined;
      reading += like;
    }
  }
  return reading;
}
