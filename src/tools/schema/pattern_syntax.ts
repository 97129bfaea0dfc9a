/**
 * Reads the part of JavaScript's regular expressions (with the flag `u`) that needs no going back:
 * no references to groups, no looking around.
 * @module
 */

/** Whether one character matches. */
export type Test = (character: string) => boolean;

/** A piece of a pattern. */
export type Fragment =
  | { readonly kind: "test"; readonly test: Test }
  | { readonly kind: "assert"; readonly assert: "start" | "end" | "boundary" | "inside" }
  | { readonly kind: "sequence"; readonly parts: readonly Fragment[] }
  /** At least one part. */
  | { readonly kind: "choice"; readonly parts: readonly Fragment[] }
  | {
    readonly kind: "repeat";
    readonly part: Fragment;
    readonly least: number;
    readonly most: number;
  };

/** UTF-16 units of a pattern. */
const PATTERN_UNITS = 1_000;
/** How deep groups may nest. */
const GROUP_DEPTH = 50;

const GROUP = /\((?:\?(?::|<(?![=!])[^>]*>))?/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const ASSERT = /\^|\$|\\b|\\B/y;
const REFUSED = /\\[1-9]|\\k</y;
/** One character: a class, an escape, or itself. */
const ATOM =
  /\[(?:\\[^]|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[^])|[^\\()[\]{}*+?|^$]/uy;

/** Reads a pattern. `problem` says why it cannot be used. */
export function parsePattern(
  source: string,
): { readonly fragment: Fragment } | { readonly problem: string } {
  if (source.length > PATTERN_UNITS) return { problem: `it is longer than ${PATTERN_UNITS}` };
  try {
    new RegExp(source, "u");
  } catch (cause) {
    if (cause instanceof SyntaxError) return { problem: "it is not a regular expression" };
    throw cause;
  }
  const reader = new Reader(source);
  const fragment = reader.choice(0);
  return fragment === undefined || !reader.isAtEnd
    ? { problem: "it uses what is not supported here: references to groups, or looking around" }
    : { fragment };
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Up to the end or a closing bracket. `undefined`: something that is not supported. */
  choice(depth: number): Fragment | undefined {
    if (depth > GROUP_DEPTH) return undefined;
    const parts: Fragment[] = [];
    do {
      const part = this.#sequence(depth);
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#take(/\|/y) !== undefined);
    return { kind: "choice", parts };
  }

  #sequence(depth: number): Fragment | undefined {
    const parts: Fragment[] = [];
    while (!this.isAtEnd && !/[|)]/.test(this.#source.charAt(this.#at))) {
      const part = this.#piece(depth);
      if (part === undefined) return undefined;
      parts.push(this.#quantified(part));
    }
    return { kind: "sequence", parts };
  }

  #piece(depth: number): Fragment | undefined {
    if (this.#take(REFUSED) !== undefined) return undefined;
    const assert = this.#take(ASSERT)?.[0];
    if (assert !== undefined) return { kind: "assert", assert: ASSERTS[assert] ?? "inside" };
    if (this.#source.charAt(this.#at) === "(") {
      // A look-around opens with `(?` too; what is left of it is no atom.
      if (this.#take(GROUP) === undefined) return undefined;
      const inner = this.choice(depth + 1);
      return this.#take(/\)/y) === undefined ? undefined : inner;
    }
    const atom = this.#take(ATOM)?.[0];
    return atom === undefined ? undefined : { kind: "test", test: testOf(atom) };
  }

  #quantified(part: Fragment): Fragment {
    const found = this.#take(QUANTIFIER);
    if (found === undefined) return part;
    const [, mark, low, comma, high] = found;
    if (mark !== undefined) {
      return {
        kind: "repeat",
        part,
        least: mark === "+" ? 1 : 0,
        most: mark === "?" ? 1 : Infinity,
      };
    }
    const least = Number(low);
    const most = comma === undefined ? least : high === "" ? Infinity : Number(high);
    return { kind: "repeat", part, least, most };
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source);
    if (found === null) return undefined;
    this.#at = expression.lastIndex;
    return found;
  }
}

const ASSERTS: Readonly<Record<string, Extract<Fragment, { kind: "assert" }>["assert"]>> = {
  "^": "start",
  "$": "end",
  "\\b": "boundary",
};

/** The engine judges single characters: that it does in one step. */
function testOf(atom: string): Test {
  if (!/^[\\[.]/.test(atom)) return (character) => character === atom;
  const single = new RegExp(`^(?:${atom})$`, "u");
  return (character) => single.test(character);
}
