/**
 * Notes that are numbered one after the other, such as the days of a diary, the messages of a
 * conversation or the chapters of a book: what stands in one is often asked about in another's words.
 * @module
 */

/** A note's place among those that are named alike. */
export interface Series {
  /** The name with `#` for its last number; empty if it has none. */
  readonly name: string;
  /** The number; 0 if there is none. */
  readonly number: number;
}

const NUMBERED = /^(.*?)(\d{1,9})(\D*)$/su;

/** Which series a note belongs to, told by the last number in its name. */
export function seriesOf(name: string): Series {
  const slash = name.lastIndexOf("/") + 1;
  const match = NUMBERED.exec(name.slice(slash));
  if (match === null) return { name: "", number: 0 };
  return { name: `${name.slice(0, slash)}${match[1]}#${match[3]}`, number: Number(match[2]) };
}
