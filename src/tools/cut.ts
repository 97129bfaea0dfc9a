/**
 * The length of what a tool answers: models pay for each character.
 * @module
 */
import { cutUnits } from "../protocol/foreign_text.ts";

/** UTF-16 units that the model gets of a result. */
export const RESULT_UNITS = 4_000;

/** A result as the model gets it. */
export interface CutResult {
  readonly text: string;
  /** Units of the whole. */
  readonly length: number;
  readonly extent: "whole" | "cut";
}

/**
 * A result with at most `most` units; what is cut is said at its end, within them.
 * @param rest where the rest is, such as `the whole is kept in the session`
 */
export function cutResult(text: string, rest: string, most = RESULT_UNITS): CutResult {
  if (text.length <= most) return { text, length: text.length, extent: "whole" };
  const notice = cutUnits(`\n… [cut: ${number(text.length)} characters; ${rest}]`, most);
  const head = cutUnits(text, most - notice.length);
  return { text: head + notice, length: text.length, extent: "cut" };
}

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
