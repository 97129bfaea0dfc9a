/**
 * Reads a unit as systemd documents it: systemd.syntax(7) for lines and words, systemd.unit(5) for
 * specifiers, systemd.service(5) for command lines. What it would refuse is thrown.
 * @module
 */

/** The settings of a unit: `Section.Name` → values, in order. */
export function readUnit(text: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  let section = "";
  for (const line of text.split("\n")) {
    if (line.trim() === "" || /^[#;]/.test(line)) continue;
    if (line.endsWith("\\")) throw new TypeError(`goes on in the next line: ${line}`);
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      continue;
    }
    const [, name, value] = /^(\w+)=(.*)$/u.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new TypeError(`no setting: ${line}`);
    const key = `${section}.${name}`;
    settings.set(key, [...settings.get(key) ?? [], value.trim()]);
  }
  return settings;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  s: " ",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/**
 * The words of a value.
 * @param escapes `c`: as in C, others are an error. `plain`: a backslash makes the next character itself
 */
export function words(value: string, escapes: "c" | "plain"): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote = "";
  const characters = [...value];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "\\") {
      const next = characters[++at];
      if (next === undefined) throw new TypeError("a backslash at the end");
      const meant = escapes === "plain" ? next : ESCAPES[next];
      if (meant === undefined) throw new TypeError(`an escape that is not covered: ${next}`);
      word = (word ?? "") + meant;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/[ \t]/.test(character)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (escapes === "c" && character === ";" && word === undefined) {
      throw new TypeError("a second command");
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new TypeError("a quote that does not end");
  return word === undefined ? found : [...found, word];
}

/** A text with its specifiers put in. @throws {TypeError} for one that is none of `known` */
export function specified(text: string, known: Readonly<Record<string, string>> = {}): string {
  return text.replaceAll(/%(.?)/gsu, (_, name: string) => {
    const value = { "%": "%", ...known }[name];
    if (value === undefined) throw new TypeError(`the specifier %${name}`);
    return value;
  });
}

/** The arguments that a command line starts. @throws {TypeError} where systemd would refuse it or change it */
export function commandLine(value: string): string[] {
  const [path = "", ...rest] = words(value, "c").map((word) => specified(word));
  // deno-lint-ignore no-control-regex
  if (!path.startsWith("/") || /["'\\$\0-\x1f\x7f]/.test(path)) {
    throw new TypeError(`not a program's path: ${path}`);
  }
  const args = rest.map((word) =>
    word.replaceAll(/\$(.?)/gsu, (_, next: string) => {
      if (next !== "$") throw new TypeError(`the variable $${next} in ${word}`);
      return "$";
    })
  );
  // The shell that stands for a program whose path systemd refuses: it runs what follows as it is.
  if (path !== "/bin/sh") return [path, ...args];
  if (args[0] !== "-c" || args[1] !== 'exec "$0" "$@"') throw new TypeError("another shell");
  return args.slice(2);
}
