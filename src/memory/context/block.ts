/**
 * A note, or a part of one, as a model reads it: a label, and the text in a fence that it cannot end.
 * @module
 */
import { estimateTokens } from "../../agent/budget.ts";
import { fencedData } from "../../protocol/foreign_text.ts";
import { cutText } from "./cut.ts";

/** Whether a note's words are the person's or the model's own, or came from somewhere else. */
export type Trust = "own" | "untrusted";

/** Something of a note. */
export interface Block {
  readonly name: string;
  /** The file's line on which `text` begins, or on which the match in it stands; from 1. */
  readonly line: number;
  readonly trust: Trust;
  readonly text: string;
  /** `cut`: this is only the beginning. */
  readonly extent: "whole" | "cut";
}

/** Blocks below one sentence. */
export interface Section {
  readonly text: string;
  /** What `text` takes, about. */
  readonly tokens: number;
  readonly blocks: readonly Block[];
}

/** Nothing. */
export const NO_SECTION: Section = { text: "", tokens: 0, blocks: [] };

/** Between two blocks, and below the sentence. */
const GAP = "\n\n";
/** A label shows no more of a file's name, UTF-16 units. */
const MAX_LABEL = 200;
/** A cut that leaves less says too little, tokens. */
const MIN_CUT_TOKENS = 24;

/** The trust that a note's `source` deserves. */
export function trustOf(source: string): Trust {
  return /^\s*untrusted\b/i.test(source) ? "untrusted" : "own";
}

/** The section of these blocks; none of none. */
export function section(sentence: string, blocks: readonly Block[]): Section {
  if (blocks.length === 0) return NO_SECTION;
  const text = [sentence, ...blocks.map(renderBlock)].join(GAP);
  return { text, tokens: estimateTokens(text), blocks };
}

/** What the sentence above blocks takes, about. */
export function sentenceTokens(sentence: string): number {
  return estimateTokens(sentence);
}

/** What a block takes with the gap before it, about; never less than it takes. */
export function blockTokens(block: Block): number {
  return estimateTokens(GAP + renderBlock(block));
}

/** The block, or its beginning, so that it takes no more than `tokens`; `undefined` if too little fits. */
export function fitBlock(block: Block, tokens: number): Block | undefined {
  if (blockTokens(block) <= tokens) return block;
  let room = tokens - blockTokens({ ...block, text: "", extent: "cut" });
  // Runs of backticks make the fence longer: then there is less room than it seemed.
  for (let attempt = 0; attempt < 4 && room >= MIN_CUT_TOKENS; attempt++) {
    const cut: Block = { ...block, text: cutText(block.text, room), extent: "cut" };
    if (cut.text === "") return undefined;
    const over = blockTokens(cut) - tokens;
    if (over <= 0) return cut;
    room -= over;
  }
  return undefined;
}

/** The block as a model reads it. */
export function renderBlock({ name, line, trust, text, extent }: Block): string {
  const about = [
    label(name),
    `line ${line}`,
    ...(extent === "cut" ? ["only its beginning"] : []),
    ...(trust === "untrusted" ? ["from an untrusted source"] : []),
  ];
  return `${about.join(", ")}:\n${fencedData(text)}`;
}

/** A name is a person's or a stranger's words too: no line end, no quote and no backtick gets through. */
function label(name: string): string {
  const shown = name.replace(/[\p{C}\p{Zl}\p{Zp}"`]/gu, "?");
  return `"${shown.length > MAX_LABEL ? `${shown.slice(0, MAX_LABEL)}…` : shown}"`;
}
