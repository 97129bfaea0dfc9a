/**
 * Columns and lines of a text on a terminal; it loads the library that knows them.
 * @module
 */
export { visibleWidth, wrapTextWithAnsi as wrapped } from "@earendil-works/pi-tui/dist/utils.js";
