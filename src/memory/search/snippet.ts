/**
 * The part of a passage that shows why it was found.
 * @module
 */
import type { Analyser } from "../text/analysis.ts";
import type { Snippet } from "./hit.ts";

/** UTF-16 units, about. */
const LENGTH = 160;

/** A snippet and where its best match stands. */
export interface Shown {
  readonly snippet: Snippet;
  /** Lines of the passage before it. */
  readonly linesBefore: number;
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly term: string;
}

/** Cuts a snippet round the densest matches. `weights` are the terms sought, with what each counts. */
export function snippetOf(
  text: string,
  analyser: Analyser,
  weights: ReadonlyMap<string, number>,
): Shown {
  const matches: Match[] = [];
  for (const { text: term, start, end } of analyser.terms(text)) {
    if (weights.has(term)) matches.push({ start, end, term });
  }
  const [from, to] = densest(matches, weights);
  const first = matches[from];
  const last = matches[to];
  const middle = first === undefined || last === undefined ? 0 : (first.start + last.end) / 2;
  const begin = wholeWord(text, Math.max(0, Math.min(middle - LENGTH / 2, text.length - LENGTH)));
  const cut = cutEnd(text, begin);
  return {
    snippet: folded(text, begin, cut, matches),
    linesBefore: text.slice(0, first?.start ?? 0).split("\n").length - 1,
  };
}

/** The first and last of the matches within one snippet's length that weigh most, each term once. */
function densest(
  matches: readonly Match[],
  weights: ReadonlyMap<string, number>,
): [from: number, to: number] {
  let best: [number, number] = [0, 0];
  let most = -1;
  for (const [from, first] of matches.entries()) {
    const terms = new Set<string>();
    let weight = 0;
    for (let to = from; to < matches.length; to++) {
      const match = matches[to];
      if (match === undefined || match.end - first.start > LENGTH) break;
      if (terms.has(match.term)) continue;
      terms.add(match.term);
      weight += weights.get(match.term) ?? 0;
      if (weight > most) [most, best] = [weight, [from, to]];
    }
  }
  return best;
}

/** The start of the word at a place, if it is near. */
function wholeWord(text: string, place: number): number {
  const at = Math.floor(place);
  if (at === 0) return 0;
  const space = /\s/u.exec(text.slice(at, at + 20));
  return space === null ? graphemeAt(text, at) : at + space.index + 1;
}

function cutEnd(text: string, begin: number): number {
  const end = begin + LENGTH;
  if (end >= text.length) return text.length;
  const back = /\s+\S*$/u.exec(text.slice(end - 20, end));
  return back === null ? graphemeAt(text, end) : end - 20 + back.index;
}

/** The nearest place before that is between graphemes. */
function graphemeAt(text: string, at: number): number {
  const from = Math.max(0, at - 64);
  const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const segment = segments.segment(text.slice(from, at + 64)).containing(at - from);
  return segment === undefined ? at : from + segment.index;
}

/** One line of the text between two places, its matches marked. */
function folded(text: string, begin: number, end: number, matches: readonly Match[]): Snippet {
  let line = begin > 0 ? "…" : "";
  const place = new Map<number, number>();
  for (let at = begin; at < end; at++) {
    const sign = text.charAt(at);
    place.set(at, line.length);
    if (!/[\s\p{Cc}]/u.test(sign)) line += sign;
    else if (line !== "" && !line.endsWith(" ") && line !== "…") line += " ";
  }
  line = line.trimEnd();
  const marks: [number, number][] = [];
  for (const match of matches) {
    if (match.end > end) continue;
    const start = place.get(match.start);
    const stop = match.end === end ? line.length : place.get(match.end);
    if (start === undefined || stop === undefined || stop <= start) continue;
    const before = marks.at(-1);
    if (before !== undefined && start <= before[1]) before[1] = Math.max(before[1], stop);
    else marks.push([start, stop]);
  }
  if (end < text.length) line += "…";
  return { text: line, marks };
}
