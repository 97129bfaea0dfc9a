/**
 * What a program prints, where its arguments and its input say so: enough to see what
 * `echo … | base64 -d | sh` would run.
 * @module
 */
import { type Input, isUnknown, programOf, UNKNOWN } from "./court.ts";
import { optionsOf } from "./options.ts";

const LENGTH_LIMIT = 262_144;
const PASSING = new Set([
  "cat",
  "head",
  "tail",
  "tac",
  "tee",
  "sort",
  "uniq",
  "pv",
  "sponge",
  "nl",
]);
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  v: "\v",
  "\\": "\\",
};

/** The text a program prints; `undefined` if that is not known. It may hold unknown parts. */
export function knownOutput(
  words: readonly string[],
  input: Input,
  files: (path: string) => string | undefined,
): string | undefined {
  const program = programOf(words[0] ?? "");
  const rest = words.slice(1);
  if (program === "echo") return echoed(rest);
  if (program === "printf") return rest[0] === undefined ? "" : printed(rest);
  if (program === "true" || program === ":") return "";
  if (program === "pwd" || program === "which") {
    return program === "which" ? rest.at(-1) : undefined;
  }
  if (program === "command" && /^-[vV]$/.test(rest[0] ?? "")) return rest.at(-1);
  const source = sourceOf(program, rest, input, files);
  if (source === undefined) return undefined;
  return transformed(program, rest, source)?.slice(0, LENGTH_LIMIT);
}

function sourceOf(
  program: string,
  rest: readonly string[],
  input: Input,
  files: (path: string) => string | undefined,
): string | undefined {
  const operands = rest.filter((word) => !word.startsWith("-") || word === "-");
  const named = operands.at(-1);
  if (named !== undefined && (PASSING.has(program) || /^base(32|64)$|^xxd$|^rev$/.test(program))) {
    return files(named) ?? input.text;
  }
  return input.text;
}

function transformed(program: string, rest: readonly string[], text: string): string | undefined {
  const options = optionsOf(rest, "-n -c -w");
  if (PASSING.has(program)) return text;
  switch (program) {
    case "base64":
    case "gbase64":
      return options.has("-d", "-D", "--decode") ? fromBase64(text) : undefined;
    case "openssl":
      return rest.includes("-d") && /base64|enc/.test(rest[0] ?? "") && !rest.some(isCipher)
        ? fromBase64(text)
        : undefined;
    case "xxd":
      return options.has("-r") ? fromHex(text) : undefined;
    case "rev":
      return text.split("\n").map((line) => [...line].reverse().join("")).join("\n");
    case "tr":
      return translated(rest, text);
    default:
      return undefined;
  }
}

function isCipher(word: string): boolean {
  return /^-(aes|des|camellia|chacha|bf|rc4|aria|sm4)/.test(word);
}

function echoed(rest: readonly string[]): string {
  let [from, escapes, end] = [0, false, "\n"];
  while (/^-[neE]+$/.test(rest[from] ?? "")) {
    if (rest[from]?.includes("e")) escapes = true;
    if (rest[from]?.includes("n")) end = "";
    from++;
  }
  const text = rest.slice(from).join(" ");
  return (escapes ? unescaped(text) : text).slice(0, LENGTH_LIMIT) + end;
}

function printed(words: readonly string[]): string {
  const rest = words[0] === "--" ? words.slice(1) : words;
  const format = unescaped(rest[0] ?? "");
  const values = rest.slice(1);
  let [at, text] = [0, ""];
  // The format is used again until the values are used up.
  for (let round = 0; round < 256 && text.length < LENGTH_LIMIT; round++) {
    const before = at;
    text += format.replace(/%(%|[-+ 0#]*\d{0,4}(?:\.\d{0,4})?[a-zA-Z])/g, (_, kind: string) => {
      if (kind === "%") return "%";
      const value = values[at++] ?? "";
      return kind.endsWith("b") ? unescaped(value) : value;
    });
    if (at === before || at >= values.length) break;
  }
  return text;
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|0?([0-7]{1,3})|([ntrabefv\\]))/gi,
    (_, hex?: string, unicode?: string, octal?: string, letter?: string) => {
      if (letter !== undefined) return ESCAPES[letter] ?? letter;
      const code = octal ? parseInt(octal, 8) : parseInt(hex ?? unicode ?? "", 16);
      return code === 0 ? "" : String.fromCharCode(code);
    },
  );
}

/** Base64 as text; `undefined` if it is none. */
export function fromBase64(text: string): string | undefined {
  const clean = text.replace(/\s+/g, "");
  if (isUnknown(clean) || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(clean)) return undefined;
  try {
    return withoutUnknown(atob(clean.replaceAll("-", "+").replaceAll("_", "/")));
  } catch (cause) {
    if (cause instanceof DOMException) return undefined;
    throw cause;
  }
}

function fromHex(text: string): string | undefined {
  const digits = text.replace(/\s+|^[0-9a-f]+:/gim, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) return undefined;
  return withoutUnknown(digits.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
}

function withoutUnknown(text: string): string {
  return text.replaceAll(UNKNOWN, "");
}

function translated(rest: readonly string[], text: string): string | undefined {
  const options = rest.filter((word) => /^-[cdst]+$/.test(word)).join("");
  const sets = rest.filter((word) => !/^-[cdst]+$/.test(word)).map((set) => characters(set));
  const [from = [], to = []] = sets;
  if (options.includes("c") || options.includes("s") || from.length === 0) return undefined;
  const last = to.at(-1) ?? "";
  const map = new Map(
    from.map((character, at) => [character, options.includes("d") ? "" : to[at] ?? last]),
  );
  return Array.from(text, (character) => map.get(character) ?? character).join("");
}

function characters(set: string): string[] {
  const spelled = set.replace("[:upper:]", "A-Z").replace("[:lower:]", "a-z");
  return Array.from(
    unescaped(spelled).slice(0, 1_024).replace(/(.)-(.)/gs, (_, from: string, to: string) => {
      const [low, high] = [
        from.charCodeAt(0),
        Math.min(to.charCodeAt(0), from.charCodeAt(0) + 256),
      ];
      return Array.from(
        { length: Math.max(0, high - low + 1) },
        (_, at) => String.fromCharCode(low + at),
      ).join("");
    }),
  );
}
