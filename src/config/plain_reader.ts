/**
 * Reads the plain part of YAML that almost every `config.yaml` consists of, without the YAML library,
 * which costs more to load than the whole rest of a question. It never guesses: for anything beyond
 * (escapes, tabs, anchors, text over several lines, a mistake) it gives up, and the library reads the
 * file. Tests hold it to the library's answer.
 * @module
 */

interface Line {
  readonly indent: number;
  /** `undefined` for an item of a list. */
  readonly key: string | undefined;
  /** What stands after the key or the dash; empty if nothing does. */
  readonly rest: string;
}
type Lines = { readonly all: readonly Line[]; next: number };

/** Whatever is neither visible nor a simple space or line end is left to the library. */
const UNUSUAL = /[^\n\r \p{L}\p{N}\p{P}\p{S}\p{M}]|\r(?!\n)/u;
const KEY_LINE = /^(?<indent> *)(?<key>[A-Za-z_][A-Za-z0-9_-]*):(?: +(?<rest>.*))?$/;
const ITEM_LINE = /^(?<indent> *)- +(?<rest>.*)$/;
/** Words that may be values without quotes; a colon or a `#` only inside of them. */
const PLAIN =
  /^(?=\p{L})[\p{L}\p{N}_.\/@+-]+(?::[\p{L}\p{N}_.\/@+-]+)*(?: [\p{L}\p{N}_.\/@+-]+(?::[\p{L}\p{N}_.\/@+-]+)*)*$/u;
const NUMBER = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$/;
/** Words that YAML reads as something else than text. */
const RESERVED = /^(?:true|false|null)$/i;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')(?: +#.*| *)$/;

/** The file's content, or `undefined` where the library must read it. */
export function readPlain(text: string): Record<string, unknown> | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const all: Line[] = [];
  for (const raw of text.split(/\r?\n/)) {
    if (/^ *(?:#|$)/.test(raw)) continue;
    const groups = (KEY_LINE.exec(raw) ?? ITEM_LINE.exec(raw))?.groups;
    if (!groups) return undefined;
    const rest = groups["rest"]?.trim() ?? "";
    all.push({
      indent: groups["indent"]?.length ?? 0,
      key: groups["key"],
      rest: rest.startsWith("#") ? "" : rest,
    });
  }
  if (all.length === 0) return {};
  const lines: Lines = { all, next: 0 };
  const content = readMapping(lines, 0);
  return lines.next === all.length ? content : undefined;
}

/** The mapping whose keys stand at `indent`. Leaves `next` at the line where it had to stop. */
function readMapping(lines: Lines, indent: number): Record<string, unknown> | undefined {
  const content: Record<string, unknown> = {};
  for (let line = lines.all[lines.next]; line; line = lines.all[lines.next]) {
    if (line.indent < indent) break;
    const { key, rest } = line;
    if (line.indent > indent || key === undefined || RESERVED.test(key)) return undefined;
    if (key === "__proto__" || Object.hasOwn(content, key)) return undefined;
    lines.next++;
    const below = lines.all[lines.next];
    let value: unknown = null;
    if (rest !== "") value = readValue(rest);
    else if (below && below.indent > indent) {
      value = below.key === undefined
        ? readList(lines, below.indent)
        : readMapping(lines, below.indent);
    }
    if (value === undefined) return undefined;
    content[key] = value;
  }
  return content;
}

function readList(lines: Lines, indent: number): unknown[] | undefined {
  const items: unknown[] = [];
  for (let line = lines.all[lines.next]; line; line = lines.all[lines.next]) {
    if (line.indent < indent) break;
    const value = line.indent === indent && line.key === undefined
      ? readScalar(line.rest)
      : undefined;
    if (value === undefined) return undefined;
    items.push(value);
    lines.next++;
  }
  return items;
}

/** What stands after a key: one value, or a list in brackets. */
function readValue(rest: string): unknown {
  if (!rest.startsWith("[")) return readScalar(rest);
  const inside = /^\[([^\]]*)\](?: +#.*)?$/.exec(rest)?.[1]?.trim();
  if (inside === undefined) return undefined;
  const items = inside === "" ? [] : inside.split(",").map((item) => readPlainScalar(item.trim()));
  return items.includes(undefined) ? undefined : items;
}

function readScalar(rest: string): unknown {
  const quoted = QUOTED.exec(rest);
  if (quoted) return quoted[1] ?? quoted[2];
  return readPlainScalar(rest.replace(/ +#.*$/, ""));
}

function readPlainScalar(word: string): unknown {
  if (word === "true" || word === "false") return word === "true";
  if (NUMBER.test(word)) return Number(word);
  return PLAIN.test(word) && !RESERVED.test(word) ? word : undefined;
}

/** Whether this reader and the library both read `word`, written without quotes, as that text. */
export function isPlainText(word: string): boolean {
  return readPlainScalar(word) === word;
}
