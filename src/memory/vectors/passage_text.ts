/**
 * What of a passage a model is given to make a vector of.
 * @module
 */

/** A passage with what its note says of itself. */
export interface DescribedPassage {
  /** The note's name. */
  readonly path: string;
  readonly summary: string;
  readonly heading: string;
  readonly text: string;
}

/** UTF-16 units; what models take is counted in tokens and cut by who knows them. */
const MAX_SUMMARY = 300;
const MAX_HEADING = 200;
const MAX_TEXT = 8_000;

/**
 * The note's title, summary and heading before the text: a paragraph alone often does not say what it is
 * about.
 */
export function passageText({ path, summary, heading, text }: DescribedPassage): string {
  const title = path.slice(path.lastIndexOf("/") + 1).replace(/\.md$/i, "").replace(/[-_]+/g, " ");
  const about = [title, summary.slice(0, MAX_SUMMARY), heading.slice(0, MAX_HEADING)];
  const said = [...new Set(about.map((it) => it.trim()))].filter((it) => it !== "");
  return `${said.join("\n")}\n\n${text.slice(0, MAX_TEXT).trim()}`.trim().toWellFormed();
}
