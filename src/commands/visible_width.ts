/**
 * Columns of a text on a terminal; it loads the library that knows them.
 * @module
 */
export { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
