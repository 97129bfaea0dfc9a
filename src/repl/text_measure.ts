/**
 * The measure of the editor's library, for text of any script.
 * @module
 */
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";

/** Columns of a text on one line. */
export function measureText(text: string): number {
  return visibleWidth(text);
}
