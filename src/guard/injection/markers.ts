/**
 * Attacks that show in signs and not in words: the marks of a model's chat format, links that carry data
 * out, and commands that hand over the machine.
 * @module
 */
import type { Category } from "../finding.ts";
import { ASCII_KINDS, SEPARATOR } from "./letters.ts";
import { SIGNS } from "./signs.ts";

/** A place in the text that looks like an attack; points as in `patterns.ts`. */
export interface Mark {
  readonly category: Category;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly points: number;
}

/** How far a link's address is read, in UTF-16 units. */
const LINK_LENGTH = 500;
const LABEL_LENGTH = 120;
const LINK = /https?:\/\/[^\s)?#]{1,300}\?([^\s)]{1,400})/y;
const HTML_LINK = /(?:src|href) ?= ?["']?https?:\/\/[^\s"'?#>]{1,300}\?([^\s"'>]{1,400})/y;
const MAX_MARKS = 1000;

/** What of it stands in a text, which has these signs (see `Tokens`). */
export function marksIn(text: string, signs: Uint8Array): Mark[] {
  const found: Mark[] = [];
  for (const { begins, form, label, category, points } of SIGNS) {
    for (const beginning of begins) {
      if (!mayHold(beginning, signs)) continue;
      for (let at = text.indexOf(beginning); at >= 0 && found.length < MAX_MARKS;) {
        form.lastIndex = at;
        const match = form.exec(text);
        const end = match === null ? at + beginning.length : form.lastIndex;
        if (match !== null) found.push({ category, label, points, start: at, end });
        at = text.indexOf(beginning, end);
      }
    }
  }
  if (!mayHold("](", signs) && !mayHold("<", signs)) return found;
  return [...found, ...linksIn(text, "](http", LINK, 2), ...linksIn(text, "<img", HTML_LINK, 5)];
}

/** Whether all signs of `beginning` are among those of a text. */
function mayHold(beginning: string, signs: Uint8Array): boolean {
  for (let i = 0; i < beginning.length; i++) {
    const code = beginning.charCodeAt(i);
    if (ASCII_KINDS[code] === SEPARATOR && code !== 32 && signs[code] === 0) return false;
  }
  return true;
}

/** Links and images whose address has a place for data. */
function linksIn(text: string, beginning: string, form: RegExp, skip: number): Mark[] {
  const found: Mark[] = [];
  for (let at = text.indexOf(beginning); at >= 0 && found.length < MAX_MARKS;) {
    form.lastIndex = at + skip;
    const match = form.exec(text);
    const next = at + beginning.length;
    if (match !== null && carriesData(match[1] ?? "")) {
      const start = beginning === "<img" ? at : labelStart(text, at);
      const label = "puts data into the address of a link or image";
      found.push({
        category: "exfiltration",
        label,
        points: 2,
        start,
        end: Math.min(form.lastIndex, at + LINK_LENGTH),
      });
    }
    at = text.indexOf(beginning, next);
  }
  return found;
}

/** Where the label before `](` begins, with the `!` of an image. */
function labelStart(text: string, at: number): number {
  for (let start = at; start > at - LABEL_LENGTH && start >= 0; start--) {
    if (text.charAt(start) === "[") return text.charAt(start - 1) === "!" ? start - 1 : start;
  }
  return at;
}

const DATA_KEYS = new Set(
  "data d q payload secret secrets info content history conversation chat leak exfil stolen cookie cookies password passwords context message memory summary notes dump x"
    .split(" "),
);
const ALWAYS_DATA = new Set(
  "payload secret secrets leak exfil stolen cookie cookies password passwords conversation history dump"
    .split(" "),
);
/** What a text stands in for another one looks like: `{data}`, `<notes>`, `$SECRET`, `USER_ID`, `[QUERY]`. */
const PLACEHOLDER = /[{}<>$[\]]|%7b|%3c|[A-Z]{3,}_[A-Z]{2,}|^[A-Z]{4,}$/;

function carriesData(query: string): boolean {
  for (const pair of query.split("&", 20)) {
    const [key = "", value = ""] = pair.split("=", 2);
    const name = key.toLowerCase();
    if (ALWAYS_DATA.has(name)) return true;
    if (
      PLACEHOLDER.test(value) || (DATA_KEYS.has(name) && (value === "" || value.endsWith("...")))
    ) return true;
  }
  return false;
}
