/**
 * Text that a person would not see, and a model would.
 * @module
 */
import type { Mark } from "./markers.ts";

/** A part that is not shown; what stands in it is an attack if it reads like an order. */
export interface Unseen {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** What was found of it. */
export interface Hidden {
  readonly marks: readonly Mark[];
  /** What tag characters spell. */
  readonly spelled: readonly {
    readonly text: string;
    readonly start: number;
    readonly end: number;
  }[];
}

/** Zero-width signs in a row that no script has. */
const RUN = 4;
/** Zero-width signs between Latin letters, and how far apart they may be. */
const BETWEEN = 5;
const BETWEEN_GAP = 24;
/** Marks upon one letter that no language has. */
const STACKED = 5;
/** And how many such letters are more than play. */
const BURIED = 4;
const MIN_TAGS = 3;
const MAX_MARKS = 1000;
const BLANKS = 400;

const ZERO_WIDTH = new Set([
  0x200b,
  0x2060,
  0x2061,
  0x2062,
  0x2063,
  0x2064,
  0xfeff,
  0x180e,
  0x115f,
  0x1160,
  0x3164,
]);
const BLACK_FLAG = "\u{1f3f4}";

/** Invisible characters of `text`; only worth calling if it has some. */
export function invisibleIn(text: string): Hidden {
  const marks: Mark[] = [];
  const spelled: { text: string; start: number; end: number }[] = [];
  const add = (label: string, start: number, end: number, points: number): void => {
    if (marks.length < MAX_MARKS) {
      marks.push({ category: "hidden_text", label, start, end, points });
    }
  };
  let buried = 0;
  let [betweenStart, betweenLast, between] = [0, -BETWEEN_GAP, 0];
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i);
    if (code < 0x300) {
      i++;
      continue;
    }
    const end = runEnd(text, i);
    if (end === i) {
      if (code === 0x202d || code === 0x202e) {
        if (!isRightToLeft(text, i)) add("turns the direction of the text", i, i + 1, 2);
      }
      i++;
      continue;
    }
    const kind = kindAt(text, i);
    if (kind === "tag" && end - i >= 2 * MIN_TAGS && !text.startsWith(BLACK_FLAG, i - 2)) {
      add("text in invisible tag characters", i, end, 3);
      spelled.push({ text: tagsAsText(text.slice(i, end)), start: i, end });
    } else if (kind === "stacked" && end - i >= STACKED) {
      if (++buried === BURIED) add("letters buried under marks", i, end, 2);
    } else if (kind === "selector" && end - i >= 2 * RUN) {
      add("a long run of invisible characters", i, end, 2);
    } else if (kind === "zero" && end - i >= RUN) {
      add("a long run of invisible characters", i, end, 2);
    } else if (
      kind === "zero" && ZERO_WIDTH.has(code) && isLatin(text, i - 1) && isLatin(text, end)
    ) {
      if (i - betweenLast > BETWEEN_GAP) [betweenStart, between] = [i, 0];
      betweenLast = i;
      if (++between === BETWEEN) add("invisible characters within words", betweenStart, end, 2);
    }
    i = end;
  }
  return { marks, spelled };
}

type Kind = "tag" | "zero" | "selector" | "stacked" | undefined;

function kindAt(text: string, at: number): Kind {
  const code = text.charCodeAt(at);
  if (code === 0xdb40) {
    const low = text.charCodeAt(at + 1);
    return low >= 0xdc00 && low < 0xdc80 ? "tag" : "selector";
  }
  if (code >= 0x300 && code < 0x370) return "stacked";
  if (ZERO_WIDTH.has(code) || code === 0x200c || code === 0x200d) return "zero";
  return undefined;
}

/** Where a run of one kind ends; `at` itself if there is none. */
function runEnd(text: string, at: number): number {
  const kind = kindAt(text, at);
  let end = at;
  while (kind !== undefined && end < text.length && kindAt(text, end) === kind) {
    end += text.charCodeAt(end) === 0xdb40 ? 2 : 1;
  }
  return Math.min(end, text.length);
}

function tagsAsText(tags: string): string {
  let plain = "";
  for (const tag of tags) plain += String.fromCharCode((tag.codePointAt(0) ?? 0) & 0x7f);
  return plain;
}

/** A letter, digit or sign of ASCII, as it stands within or between English words. */
function isLatin(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 32 && code < 0x250;
}

/** Whether letters that run from right to left are near. */
function isRightToLeft(text: string, at: number): boolean {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(
    text.slice(Math.max(0, at - 40), at + 40),
  );
}

/** Parts that are not shown: HTML comments, elements without size or colour, what comes after a long gap. */
export function unseenIn(text: string): Unseen[] {
  return [...commentsIn(text), ...unshownIn(text), ...farIn(text)];
}

function commentsIn(text: string): Unseen[] {
  const found: Unseen[] = [];
  for (let start = text.indexOf("<!--"); start >= 0 && found.length < MAX_MARKS;) {
    const close = text.indexOf("-->", start + 4);
    const end = close < 0 ? text.length : close + 3;
    found.push({ label: "an order in an HTML comment", start, end });
    start = text.indexOf("<!--", end);
  }
  return found;
}

const UNSHOWN =
  /(?:display ?: ?none|visibility ?: ?hidden|font-size ?: ?0|opacity ?: ?0(?![.\d])|(?<!-)color ?: ?(?:white|transparent|#fff(?:fff)?)\b)/giu;
const ELEMENT_LENGTH = 2000;

function unshownIn(text: string): Unseen[] {
  if (!text.includes("style")) return [];
  const found: Unseen[] = [];
  let done = 0;
  for (const { index } of text.matchAll(UNSHOWN)) {
    if (index < done || found.length >= MAX_MARKS) continue;
    const close = text.slice(index, index + ELEMENT_LENGTH).indexOf("</");
    done = close < 0 ? Math.min(text.length, index + ELEMENT_LENGTH) : index + close;
    found.push({ label: "an order in text that is not shown", start: index, end: done });
  }
  return found;
}

/** What follows more blanks than anybody scrolls. */
function farIn(text: string): Unseen[] {
  const found: Unseen[] = [];
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 || (code >= 9 && code <= 13) || code === 0xa0) run++;
    else {
      if (run >= BLANKS && found.length < MAX_MARKS) {
        const end = Math.min(text.length, i + ELEMENT_LENGTH);
        found.push({ label: "an order after a very long gap", start: i, end });
      }
      run = 0;
    }
  }
  return found;
}
