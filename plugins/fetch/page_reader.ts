/**
 * A page as a text in parts, which a model reads one after another.
 * @module
 */
import { firstOf, parseHtml } from "./html_tree.ts";
import { factsOf, readable } from "./main_content.ts";
import { markdownOf } from "./markdown.ts";
import { PageError } from "./page_error.ts";
import type { PageText } from "./page_text.ts";

/** A page that was read. */
export interface ReadPage {
  readonly url: string;
  /** Lines about the page. */
  readonly facts: readonly string[];
  readonly parts: readonly string[];
}

/** Signs of one part. Pyra cuts what a tool says at 4,000, and the lines about the page come before it. */
const PART_UNITS = 3_200;
const FACT_UNITS = 200;
/** What draws nothing, turns the writing round or speaks to a terminal: it could hide words from a reader. */
const UNSEEN =
  /[^\P{Cc}\t\n]|[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]/gu;

/** Reads what came from an address. */
export function readPage(
  url: string,
  { kind, text }: PageText,
  options: { readonly whole: boolean },
): ReadPage {
  if (kind === "text") return { url, facts: [], parts: partsOf(cleaned(text)) };
  const root = parseHtml(text);
  const base = firstOf(root, "base")?.attributes.get("href");
  const { href } = (base === undefined ? undefined : URL.parse(base, url)) ?? new URL(url);
  const { title, author, site, published } = factsOf(root);
  const facts = [title, [author, site, published].filter(Boolean).join(" · ")]
    .map((fact) => cleaned(fact).replace(/\s+/g, " ").slice(0, FACT_UNITS)).filter(Boolean);
  return { url, facts, parts: partsOf(cleaned(markdownOf(readable(root, options), href))) };
}

function cleaned(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, "").toWellFormed().trim();
}

/** Cuts at ends of paragraphs, else of lines, else of words. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  while (text.length - at > PART_UNITS) {
    const piece = text.slice(at, at + PART_UNITS);
    const ends = [piece.lastIndexOf("\n\n"), piece.lastIndexOf("\n"), piece.lastIndexOf(" ")];
    let length = ends.find((end) => end > PART_UNITS / 2) ?? PART_UNITS;
    // Not between the halves of one sign.
    if (/[\uD800-\uDBFF]/.test(text[at + length - 1] ?? "")) length--;
    parts.push(text.slice(at, at + length).trimEnd());
    at += length;
    while (/\s/.test(text[at] ?? "")) at++;
  }
  return [...parts, text.slice(at)];
}

/** One part with the lines about the page. @param number from 1 @throws {PageError} `bad_input` */
export function partText({ url, facts, parts }: ReadPage, number: number): string {
  const part = parts[number - 1];
  if (part === undefined) {
    throw new PageError(
      "bad_input",
      `that page has ${parts.length} parts; there is no part ${number}`,
    );
  }
  const place = parts.length === 1 ? url : `${url} (part ${number} of ${parts.length})`;
  const body = part === ""
    ? "(the page holds no text; it may need scripts, which are not run)"
    : part;
  const more = number < parts.length ? [`(go on with part ${number + 1})`] : [];
  return [[place, ...facts].join("\n"), body, ...more].join("\n\n");
}
