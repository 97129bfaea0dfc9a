import fc from "fast-check";

/** Pieces from which front matter is made, good and bad, so that chance finds the seams. */
const PIECES = [
  ..."abz019éß漢ก😀 -_.,:;#'\"[]{}&*!|>?%@`~=+/\\()<$^",
  "  ",
  ": ",
  " #",
  "- ",
  "\n",
  "\n  ",
  "\n- ",
  "\r\n",
  "\t",
  "---",
  "...",
  "true",
  "null",
  "~",
  "012",
  "2026-01-31",
  '"a\\"b"',
  '"\\u00e9"',
  '"\\x41"',
  "'it''s'",
  "<<",
  "\u00a0",
  "\u2028",
  "\u0085",
  "\ufeff",
  "\u{d800}",
];

/** Text such as could stand behind `key:`. */
const value = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((parts) => parts.join(""));
const word = fc.array(fc.constantFrom(..."abcz9 é漢'"), { minLength: 1, maxLength: 6 })
  .map((letters) => letters.join(""));
const key = fc.constantFrom(
  "summary",
  "keywords",
  "tags",
  "pinned",
  "a",
  "b-c",
  "déjà",
  "x y",
  "?",
);
const list = fc.array(fc.oneof(word, value), { maxLength: 4 });

/** A field in one of the ways in which people write them, or nearly. */
const field = fc.oneof(
  fc.tuple(key, value).map(([name, text]) => `${name}: ${text}`),
  fc.tuple(key, word).map(([name, text]) => `${name}: ${text}`),
  fc.tuple(key, word).map(([name, text]) => `${name}: ${JSON.stringify(text)} # note`),
  fc.tuple(key, list).map(([name, items]) => `${name}: [${items.join(", ")}]`),
  fc.tuple(key, list, fc.constantFrom("", "  "))
    .map(([name, items, indent]) =>
      [`${name}:`, ...items.map((i) => `${indent}- ${i}`)].join("\n")
    ),
  fc.constantFrom("# comment", "", "  # indented", "nested:\n  more: 1", "block: |\n  a\n\n  b"),
  value,
);

/** Text that looks like front matter: most of it is, some of it is broken. */
export const yamlLike: fc.Arbitrary<string> = fc
  .tuple(fc.array(field, { maxLength: 5 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([fields, eol, isClosed]) => fields.join(eol) + (isClosed ? eol : ""));
