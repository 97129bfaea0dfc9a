/**
 * A session as a document.
 * @module
 */
import type { SessionState } from "./state.ts";

/** A session as Markdown, to be read by people. */
export function exportMarkdown(_state: SessionState): string {
  return "";
}

/** A session as JSON text: `{"format": "pyra-session", "version": 1, …}`, with a final line feed. */
export function exportJson(_state: SessionState): string {
  return "";
}
