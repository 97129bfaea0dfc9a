/**
 * Code in colours, line by line, without looking at later lines: what was shown stays.
 * @module
 */
import { CODE_LANGUAGES, type CodeLanguage, LANGUAGE_ALIASES } from "./code_languages.ts";

/** What a part of code is. */
export type CodeScope =
  | "plain"
  | "keyword"
  | "literal"
  | "type"
  | "title"
  | "key"
  | "variable"
  | "string"
  | "number"
  | "comment"
  | "tag"
  | "addition"
  | "deletion"
  | "meta";

/** A part of a line of code. */
export interface CodePart {
  readonly text: string;
  readonly scope: CodeScope;
}

/** Colours the lines of one block of code in their order. */
export interface LineHighlighter {
  line(text: string): readonly CodePart[];
  /** A copy in the same state. */
  fork(): LineHighlighter;
}

/** UTF-16 units; a longer line is shown without colours. */
const MAX_LINE = 2_000;
const LITERALS = new Set("true false null nil none undefined nan inf".split(" "));
const DIFF: readonly (readonly [string, CodeScope])[] = [
  ["+++", "meta"],
  ["---", "meta"],
  ["@@", "meta"],
  ["+", "addition"],
  ["-", "deletion"],
  ["diff ", "meta"],
];

/** The highlighter of a language by a name or alias in lower case (`ts`, `sh`, `html`, …). */
export function highlighterFor(name: string): LineHighlighter | undefined {
  if (name === "diff" || name === "patch") return diffHighlighter();
  if (/^(?:html?|xml|svg|vue|svelte|xhtml|rss|plist)$/.test(name)) {
    return new MarkupHighlighter("text");
  }
  const language = LANGUAGE_ALIASES[name] ?? name;
  if (!Object.hasOwn(CODE_LANGUAGES, language)) return undefined;
  const known = CODE_LANGUAGES[language];
  return known === undefined ? undefined : new CodeHighlighter(known, scannerOf(known));
}

function diffHighlighter(): LineHighlighter {
  return {
    line: (text) => [{
      text,
      scope: DIFF.find(([sign]) => text.startsWith(sign))?.[1] ?? "plain",
    }],
    fork: diffHighlighter,
  };
}

interface Scanner {
  readonly pattern: RegExp;
  readonly keywords: ReadonlySet<string>;
}

const scanners = new Map<CodeLanguage, Scanner>();

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** One pattern that finds whatever comes next; made when a language is used for the first time. */
function scannerOf(language: CodeLanguage): Scanner {
  const made = scanners.get(language);
  if (made !== undefined) return made;
  const { comments, block, quotes, longQuotes } = language;
  const openers = [...(block === undefined ? [] : [block[0]]), ...longQuotes];
  const strings = [...quotes].map((quote) => `${quote}(?:[^${quote}\\\\]|\\\\.)*(?:${quote}|$)`);
  const parts = [
    `(?<open>${openers.map(escaped).join("|") || "(?!)"})`,
    // A sign inside a word (`$#`, `a#b`) begins no comment.
    `(?<comment>(?<![\\w$])(?:${comments.map(escaped).join("|") || "(?!)"}).*)`,
    `(?<string>${strings.join("|") || "(?!)"})`,
    "(?<number>\\b(?:0[xXoObB][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\w*)",
    "(?<variable>\\$\\{?\\w+\\}?|@\\w+)",
    "(?<word>[A-Za-z_\u00c0-\uffff][\\w\u00c0-\uffff]*)",
  ];
  const scanner = {
    pattern: new RegExp(parts.join("|"), "g"),
    keywords: new Set(language.keywords.split(" ")),
  };
  scanners.set(language, scanner);
  return scanner;
}

class CodeHighlighter implements LineHighlighter {
  readonly #language: CodeLanguage;
  readonly #scanner: Scanner;
  /** What ends the string or comment that is open over lines. */
  #open: { readonly end: string; readonly scope: CodeScope } | undefined;

  constructor(language: CodeLanguage, scanner: Scanner) {
    this.#language = language;
    this.#scanner = scanner;
  }

  fork(): LineHighlighter {
    const copy = new CodeHighlighter(this.#language, this.#scanner);
    copy.#open = this.#open;
    return copy;
  }

  line(text: string): readonly CodePart[] {
    if (text.length > MAX_LINE) return [{ text, scope: "plain" }];
    const parts: CodePart[] = [];
    let at = this.#continue(text, 0, parts);
    const key = this.#language.keys === true ? keyAt(text, at) : undefined;
    if (key !== undefined) {
      parts.push({ text: key.before, scope: "plain" }, { text: key.name, scope: "key" });
      at += key.before.length + key.name.length;
    }
    while (at < text.length) {
      const { pattern } = this.#scanner;
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found === null) break;
      if (found.index > at) parts.push({ text: text.slice(at, found.index), scope: "plain" });
      at = found.index + found[0].length;
      if (found.groups?.["open"] !== undefined) {
        const block = this.#language.block;
        const comment = found[0] === block?.[0];
        this.#open = comment
          ? { end: block[1], scope: "comment" }
          : { end: found[0], scope: "string" };
        parts.push({ text: found[0], scope: this.#open.scope });
        at = this.#continue(text, at, parts);
      } else {
        parts.push({ text: found[0], scope: this.#scope(found, text[at]) });
      }
    }
    if (at < text.length) parts.push({ text: text.slice(at), scope: "plain" });
    return parts;
  }

  /** Goes on with what is open from the line before, or from earlier in the line. */
  #continue(text: string, at: number, parts: CodePart[]): number {
    const open = this.#open;
    if (open === undefined) return at;
    const end = text.indexOf(open.end, at);
    const stop = end < 0 ? text.length : end + open.end.length;
    if (end >= 0) this.#open = undefined;
    if (stop > at) parts.push({ text: text.slice(at, stop), scope: open.scope });
    return stop;
  }

  #scope(found: RegExpExecArray, next: string | undefined): CodeScope {
    const groups = found.groups ?? {};
    if (groups["comment"] !== undefined) return "comment";
    if (groups["string"] !== undefined) return "string";
    if (groups["number"] !== undefined) return "number";
    if (groups["variable"] !== undefined) return "variable";
    const word = found[0];
    const { keywords } = this.#scanner;
    if (keywords.has(word)) return "keyword";
    const lower = word.toLowerCase();
    if (this.#language.anyCase === true && keywords.has(lower)) return "keyword";
    if (LITERALS.has(lower)) return "literal";
    if (next === "(") return "title";
    return /^[A-Z].*[a-z]/.test(word) ? "type" : "plain";
  }
}

/** A key at the beginning of a line, with its quotes. */
function keyAt(
  text: string,
  at: number,
): { readonly before: string; readonly name: string } | undefined {
  const found = /^(\s*(?:- +)?)("[^"]*"|[\w.@/$-]+(?: [\w.-]+)*|\[[^\]]*\])(?=\s*[:=]|$)/
    .exec(text.slice(at));
  return found === null ? undefined : { before: found[1] ?? "", name: found[2] ?? "" };
}

/** Where in markup a line begins. */
type MarkupState = "text" | "tag" | "comment";

class MarkupHighlighter implements LineHighlighter {
  #state: MarkupState;

  constructor(state: MarkupState) {
    this.#state = state;
  }

  fork(): LineHighlighter {
    return new MarkupHighlighter(this.#state);
  }

  line(text: string): readonly CodePart[] {
    if (text.length > MAX_LINE) return [{ text, scope: "plain" }];
    const parts: CodePart[] = [];
    for (let at = 0; at < text.length;) {
      const [part, next] = this.#next(text.slice(at));
      parts.push(part);
      at += part.text.length;
      this.#state = next;
    }
    return parts;
  }

  #next(rest: string): readonly [CodePart, MarkupState] {
    if (this.#state === "comment") {
      const end = rest.indexOf("-->");
      const text = end < 0 ? rest : rest.slice(0, end + 3);
      return [{ text, scope: "comment" }, end < 0 ? "comment" : "text"];
    }
    if (this.#state === "text") {
      if (rest.startsWith("<!--")) return [{ text: "<!--", scope: "comment" }, "comment"];
      const tag = /^<[/!?]?[\w:.-]*/.exec(rest)?.[0];
      if (tag !== undefined) return [{ text: tag, scope: "tag" }, "tag"];
      return [{ text: /^[^<]+/.exec(rest)?.[0] ?? rest, scope: "plain" }, "text"];
    }
    const end = /^[/?]?>/.exec(rest)?.[0];
    if (end !== undefined) return [{ text: end, scope: "tag" }, "text"];
    const quoted = /^(?:"[^"]*(?:"|$)|'[^']*(?:'|$))/.exec(rest)?.[0];
    if (quoted !== undefined) return [{ text: quoted, scope: "string" }, "tag"];
    const name = /^[^\s=>"'/?]+/.exec(rest)?.[0];
    if (name !== undefined) return [{ text: name, scope: "key" }, "tag"];
    return [{ text: /^[\s=]+|^./.exec(rest)?.[0] ?? rest, scope: "plain" }, "tag"];
  }
}
