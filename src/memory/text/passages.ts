/**
 * A note cut into passages: what a search weighs, a hit points to and a vector stands for.
 * @module
 */
import type { Note } from "../note/note.ts";
import { type Block, blocksOf } from "./blocks.ts";

/** A part of a note that is read by itself. */
export interface Passage {
  /** From 0, in the file's order. */
  readonly ordinal: number;
  /** The file's line on which it begins, from 1. */
  readonly line: number;
  /** The headings it stands under, the outermost first, with ` › ` between; empty if there are none. */
  readonly heading: string;
  /** As it stands in the file, with the heading right above it. */
  readonly text: string;
}

/** Passages grow to this length, UTF-16 units, if no heading ends them before. */
const LENGTH = 800;
/** A block longer than this is torn, at a line's end or between words. */
const BLOCK_LIMIT = 1_200;
/** What is indexed of a note, UTF-16 units and passages. */
const NOTE_LIMIT = 1_000_000;
const PASSAGE_LIMIT = 1_500;
const HEADING_LIMIT = 300;

/** Whether a note is too long to be indexed to its end. */
export function isCut(note: Note, passages: readonly Passage[]): boolean {
  return note.body.length > NOTE_LIMIT || passages.length >= PASSAGE_LIMIT;
}

/**
 * The passages of a note, at least one, 1,500 at most. Lists' items, paragraphs and fenced code are not
 * torn unless one alone is longer than 1,200.
 */
export function passagesOf(note: Note): readonly Passage[] {
  const body = note.body.slice(0, NOTE_LIMIT);
  const passages: Passage[] = [];
  const headings: { level: number; title: string }[] = [];
  let open: { start: number; end: number; line: number; hasText: boolean } | undefined;

  const close = () => {
    if (open === undefined || passages.length >= PASSAGE_LIMIT) return;
    passages.push({
      ordinal: passages.length,
      line: note.bodyLine + open.line,
      heading: headings.map(({ title }) => title).join(" › ").slice(0, HEADING_LIMIT),
      text: body.slice(open.start, open.end),
    });
    open = undefined;
  };

  for (const block of blocksOf(body)) {
    if (passages.length >= PASSAGE_LIMIT) break;
    if (block.kind === "heading") {
      if (open?.hasText) close();
      while ((headings.at(-1)?.level ?? 0) >= block.level) headings.pop();
      if (block.title !== "") headings.push({ level: block.level, title: block.title });
    }
    for (const piece of piecesOf(body, block)) {
      if (open !== undefined && open.hasText && piece.end - open.start > LENGTH) close();
      open ??= { start: piece.start, end: piece.end, line: piece.line, hasText: false };
      open.end = piece.end;
      open.hasText ||= block.kind === "text";
    }
  }
  close();
  if (passages.length === 0) {
    passages.push({ ordinal: 0, line: note.bodyLine, heading: "", text: "" });
  }
  return passages;
}

type Piece = Pick<Block, "start" | "end" | "line">;

/** A block in pieces that are short enough: whole lines where they are, else between words. */
function piecesOf(body: string, block: Block): Piece[] {
  if (block.end - block.start <= BLOCK_LIMIT) return [block];
  const pieces: Piece[] = [];
  let { start, line } = block;
  while (start < block.end) {
    const end = block.end - start <= LENGTH ? block.end : cutAt(body, start, start + LENGTH);
    pieces.push({ start, end, line });
    const rest = body.slice(end, block.end);
    const next = end + (rest.length - rest.trimStart().length);
    for (let at = start; at < next; at++) if (body[at] === "\n") line++;
    start = next;
  }
  return pieces;
}

/** The best place to cut before `limit`: a line's end, a sentence's, a word's; never within a sign. */
function cutAt(body: string, start: number, limit: number): number {
  const half = start + LENGTH / 2;
  const window = body.slice(half, limit);
  const feed = window.lastIndexOf("\n");
  if (feed >= 0) return half + feed;
  const sentence = [...window.matchAll(/[.!?](?=\s)|[。！？]/gu)].at(-1);
  if (sentence !== undefined) return half + sentence.index + 1;
  const space = window.search(/\s\S*$/u);
  if (space >= 0) return half + space;
  const unit = body.charCodeAt(limit);
  return unit >= 0xdc00 && unit < 0xe000 ? limit - 1 : limit;
}
