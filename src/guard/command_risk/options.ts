/**
 * Splits arguments into options and operands, as getopt does.
 * @module
 */

/** Arguments, taken apart. */
export interface Options {
  /** Whether one of these was given. `-rf` holds `-r` and `-f`; `--recurs` is `--recursive`. */
  has(...names: string[]): boolean;
  /** The values given to an option, in order. */
  values(...names: string[]): string[];
  readonly operands: readonly string[];
  /** All options as they were given, without their values. */
  readonly given: readonly string[];
}

/**
 * Takes arguments apart. `valued` names the options that take a value, parted by spaces. `clustered: false`
 * is for programs whose long options have one dash.
 */
export function optionsOf(
  words: readonly string[],
  valued = "",
  { clustered = true }: { clustered?: boolean } = {},
): Options {
  const takesValue = new Set(valued.split(" "));
  const found: { name: string; value?: string }[] = [];
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") {
      operands.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
    } else if (word.startsWith("--") || !clustered) {
      const equals = word.indexOf("=");
      if (equals > 0) found.push({ name: word.slice(0, equals), value: word.slice(equals + 1) });
      else if (takesValue.has(word)) found.push({ name: word, value: words[++index] ?? "" });
      else found.push({ name: word });
    } else {
      index += shortOptions(word, words[index + 1], takesValue, found);
    }
  }
  return {
    operands,
    given: found.map(({ name }) => name),
    has: (...names) => found.some(({ name }) => names.some((wanted) => isMeant(name, wanted))),
    values: (...names) =>
      found.flatMap(({ name, value }) =>
        value !== undefined && names.some((wanted) => isMeant(name, wanted)) ? [value] : []
      ),
  };
}

/** Reads `-rf` or `-ofile`; says how many further words it took. */
function shortOptions(
  word: string,
  next: string | undefined,
  takesValue: ReadonlySet<string>,
  found: { name: string; value?: string }[],
): number {
  for (let at = 1; at < Math.min(word.length, 64); at++) {
    const name = `-${word[at]}`;
    if (!takesValue.has(name)) {
      found.push({ name });
      continue;
    }
    const glued = word.slice(at + 1);
    found.push({ name, value: glued || (next ?? "") });
    return glued ? 0 : 1;
  }
  return 0;
}

/** Long options may be shortened as far as they stay recognisable. */
function isMeant(given: string, wanted: string): boolean {
  return given === wanted ||
    (given.length >= 5 && wanted.startsWith("--") && given.startsWith("--") &&
      wanted.startsWith(given));
}
