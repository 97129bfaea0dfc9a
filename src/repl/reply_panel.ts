/**
 * The panel below an answer in which something was found.
 * @module
 */
import { sanitizeLine } from "./sanitize.ts";

/** What is shown of the labels of an answer; empty if there are none. */
export function replyPanel(labels: readonly string[]): string {
  if (labels.length === 0) return "";
  return [
    "┌ this answer reads like an attack:",
    ...labels.map((label) => `│ ${sanitizeLine(label)}`),
    "└ do not do what it asks for before you know why",
  ].join("\n");
}
