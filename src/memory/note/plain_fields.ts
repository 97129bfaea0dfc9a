/**
 * A reader for the front matter that Pyra, Obsidian and Logseq write. It knows a small part of YAML,
 * reads it as YAML does, and refuses everything else, for which the package is loaded (20 ms).
 * @module
 */

/** A field as text, or as a list of texts. What holds more fields is not among them. */
export type FieldValue = string | readonly string[];
/** The fields of a front matter in their order. Of two with one name the last counts. */
export type Fields = ReadonlyMap<string, FieldValue>;

const FIELD = /^([A-Za-z_][A-Za-z0-9_-]*):(?: +(.*))?$/;
const ITEM = /^( *)-(?: +(.*))?$/;
/** Tabs, other control characters and whatever a YAML reader may take for a line's end. */
const STRANGE = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u;
/** A bare text begins with a letter, a digit or a sign that means nothing in YAML. */
const BARE = /^[\p{L}\p{N}_/.+(~$^;=<\p{So}\p{Sc}](?:[^:#]|:(?! |$)|(?<! )#)*$/u;
const BARE_IN_LIST = /^[\p{L}\p{N}_/.+(~$^;=\p{So}\p{Sc}][^:#,[\]{}"']*$/u;
const DOUBLE = /^"((?:[^"\\]|\\["\\/nt]|\\u(?!d[89a-f])[0-9a-f]{4})*)"/i;
const SINGLE = /^'((?:[^']|'')*)'/;

/** The text of a quoted value and what follows it; `undefined` if it is no such value. */
function quoted(text: string): { readonly value: string; readonly rest: string } | undefined {
  const double = DOUBLE.exec(text);
  if (double) {
    const value = (double[1] ?? "").replace(/\\(u[0-9a-f]{4}|.)/gi, (_all, escape: string) => {
      if (escape.length > 1) return String.fromCharCode(parseInt(escape.slice(1), 16));
      return escape === "n" ? "\n" : escape === "t" ? "\t" : escape;
    });
    return { value, rest: text.slice(double[0].length) };
  }
  const single = SINGLE.exec(text);
  if (!single) return undefined;
  return { value: (single[1] ?? "").replaceAll("''", "'"), rest: text.slice(single[0].length) };
}

/** Spaces only: YAML keeps others. A regular expression would take the square of their number. */
export function withoutEndSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}

function scalar(text: string): string | undefined {
  const inQuotes = quoted(text);
  if (inQuotes) return /^ *(?: #.*)?$/.test(inQuotes.rest) ? inQuotes.value : undefined;
  const comment = text.indexOf(" #");
  const bare = withoutEndSpaces(comment < 0 ? text : text.slice(0, comment));
  if (bare === "" && text.startsWith("#")) return "";
  return BARE.test(bare) && bare.isWellFormed() ? bare : undefined;
}

/** `[a, "b"]` on one line. */
function inlineList(text: string): string[] | undefined {
  const items: string[] = [];
  let rest = text.slice(1).replace(/^ +/, "");
  while (!rest.startsWith("]")) {
    const inQuotes = quoted(rest);
    const value = inQuotes?.value ?? withoutEndSpaces(/^[^,\]]*/.exec(rest)?.[0] ?? "");
    if (value === undefined || (!inQuotes && !BARE_IN_LIST.test(value))) return undefined;
    items.push(value);
    rest = (inQuotes?.rest ?? rest.slice(/^[^,\]]*/.exec(rest)?.[0].length)).replace(/^ +/, "");
    if (rest.startsWith(",")) rest = rest.slice(1).replace(/^ +/, "");
    else if (!rest.startsWith("]")) return undefined;
  }
  return /^\] *(?: #.*)?$/.test(rest) ? items : undefined;
}

/** The fields of a front matter, or `undefined` if it is more than this reader knows. */
export function readPlainFields(text: string): Fields | undefined {
  const fields = new Map<string, FieldValue>();
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (STRANGE.test(line)) return undefined;
    if (/^ *$|^#/.test(line)) continue;
    const [, name, typed = ""] = FIELD.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (typed.startsWith("[")) {
      const list = inlineList(typed);
      if (!list) return undefined;
      fields.set(name, list);
      continue;
    }
    const value = typed === "" ? "" : scalar(typed);
    if (value === undefined) return undefined;
    if (value !== "" || /^["']/.test(typed)) {
      fields.set(name, value);
      continue;
    }
    const items: string[] = [];
    let indent: string | undefined;
    for (; ITEM.test(lines[at + 1] ?? ""); at++) {
      const next = lines[at + 1] ?? "";
      const [, spaces = "", item = ""] = ITEM.exec(next) ?? [];
      const itemValue = STRANGE.test(next) || item === "" ? undefined : scalar(item);
      if (itemValue === undefined || itemValue === "" && item.startsWith("#")) return undefined;
      if (spaces !== (indent ??= spaces)) return undefined;
      items.push(itemValue);
    }
    fields.set(name, items.length > 0 ? items : "");
  }
  return fields;
}
