/**
 * What programs write, as text that can be read: without what they say to a terminal, and told apart from
 * what is no text.
 * @module
 */

/** Sequences that colour, move and set titles (ECMA-48), and single control bytes but tab and line feed. */
const TERMINAL =
  // deno-lint-ignore no-control-regex
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]|\x1b|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
/** UTF-16 units that are looked at. */
const LOOKED_AT = 8_192;
/** Of these, more of what is no character says that it is no text. */
const ODD_SHARE = 0.1;

/** The lines as a terminal would leave them: what a return overwrote is gone. */
export function plainOutput(text: string): string {
  const bare = text.replaceAll("\r\n", "\n").replace(TERMINAL, "");
  return bare.includes("\r")
    ? bare.replace(/[^\n\r]*\r+(?=[^\n\r])/g, "").replaceAll("\r", "")
    : bare;
}

/** Whether a program's output is no text. `start`: how it begins, decoded. */
export function isBinary(start: string): boolean {
  const near = start.slice(0, LOOKED_AT);
  if (near.includes("\0")) return true;
  const odd = near.match(/\ufffd/g)?.length ?? 0;
  return odd > 2 && odd > near.length * ODD_SHARE;
}
