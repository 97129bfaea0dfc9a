/**
 * The one file that loads acorn.
 * @module
 */
export { type Node, parse } from "acorn";
