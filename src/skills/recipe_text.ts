/**
 * The texts of a recipe's steps: words with places for values, as `{{name}}`.
 * @module
 */
import type { Part } from "../protocol/message.ts";

/** A piece of a step: words as they are, or the place of a value. */
export type Piece =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "place"; readonly name: string };

/** A step taken apart, or what is wrong with it. */
export type ReadText =
  | { readonly kind: "pieces"; readonly pieces: readonly Piece[] }
  | { readonly kind: "invalid"; readonly problem: string };

/** What stands at a place. */
export interface Value {
  readonly text: string;
  /** Where it came from, if the person did not type it: then nobody vouches for it. */
  readonly from?: string;
}

/** What a place may be called. */
export const PLACE_NAME = /^[a-z][a-z0-9_-]{0,39}$/;
const OPENING = "{{";
const CLOSING = "}}";
const ESCAPED = "\\{{";

/** Takes a step apart. `\{{` stands for the braces themselves. @param known the names of its parameters */
export function readPieces(text: string, known: ReadonlySet<string>): ReadText {
  const pieces: Piece[] = [];
  let words = "";
  let rest = text;
  for (let at; (at = rest.indexOf(OPENING)) >= 0;) {
    if (rest[at - 1] === "\\") {
      words += rest.slice(0, at - 1) + OPENING;
      rest = rest.slice(at + OPENING.length);
      continue;
    }
    const end = rest.indexOf(CLOSING, at);
    const name = end < 0 ? "" : rest.slice(at + OPENING.length, end).trim();
    if (!PLACE_NAME.test(name)) {
      const problem =
        `${OPENING} begins a place such as {{topic}}; for the braces write ${ESCAPED}`;
      return { kind: "invalid", problem };
    }
    if (!known.has(name)) {
      const names = [...known].join(", ");
      const problem = `there is no parameter ${name}${names === "" ? "" : `; there are ${names}`}`;
      return { kind: "invalid", problem };
    }
    words += rest.slice(0, at);
    if (words !== "") pieces.push({ kind: "words", text: words });
    pieces.push({ kind: "place", name });
    words = "";
    rest = rest.slice(end + CLOSING.length);
  }
  words += rest;
  if (words !== "") pieces.push({ kind: "words", text: words });
  return { kind: "pieces", pieces };
}

/**
 * A step as a question. Values stand as they are: places in them are none. What others wrote is a part of its
 * own, so that the model gets it in a fence.
 */
export function filledParts(
  pieces: readonly Piece[],
  values: ReadonlyMap<string, Value>,
): Part[] {
  const parts: Part[] = [];
  let own = "";
  const end = (): void => {
    if (own.trim() !== "") parts.push({ type: "text", text: own });
    own = "";
  };
  for (const piece of pieces) {
    if (piece.kind === "words") {
      own += piece.text;
      continue;
    }
    const { text, from } = values.get(piece.name) ?? { text: "" };
    if (from === undefined) own += text;
    else {
      end();
      if (text.trim() !== "") parts.push({ type: "text", text, origin: { kind: "input", from } });
    }
  }
  end();
  return parts;
}
