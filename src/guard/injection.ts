/**
 * Looks for text that tries to give a model orders, hides from the person, or carries data out. What is
 * found is a warning and no more: the program's policy holds whether it is found or not.
 * @module
 */
import type { Finding } from "./finding.ts";
import { suspicionsIn } from "./injection/suspicions.ts";
import { findingsOf } from "./injection/verdict.ts";

/** What in the text looks like an attack, in its order. Never throws; the work grows with the length. */
export function scan(text: string): Finding[] {
  return findingsOf(suspicionsIn(text), text);
}
