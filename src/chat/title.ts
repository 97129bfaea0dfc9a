/**
 * A session's title.
 * @module
 */
import type { Part } from "../protocol/message.ts";

const MAX_CHARACTERS = 60;

/**
 * A title made from the first question: its first line that says something, cut between words.
 * @param redact takes secrets out, before the cut makes them hard to tell
 */
export function titleOf(
  parts: readonly Part[],
  redact: (text: string) => string = (text) => text,
): string {
  for (const part of parts) {
    const text = part.type === "text" ? part.text : part.name ?? "an image";
    // No control bytes: a title is shown on terminals.
    const line = text.split(/[\r\n]+/).map((each) => each.replace(/[\s\p{Cc}]+/gu, " ").trim())
      .find((each) => /^(?!```).*[\p{L}\p{N}\p{So}\p{Sm}\p{Sc}]/u.test(each));
    if (line !== undefined) return shorten(redact(line.replace(/^#+ /, "")));
  }
  return "untitled";
}

function shorten(line: string): string {
  // Most are short, and the segmenter costs some ms at its first use.
  if (line.length <= MAX_CHARACTERS) return line;
  const segments = [...new Intl.Segmenter().segment(line.slice(0, 400))].map(({ segment }) =>
    segment
  );
  if (segments.length <= MAX_CHARACTERS) return segments.join("");
  const cut = segments.slice(0, MAX_CHARACTERS - 1).join("");
  const lastSpace = cut.lastIndexOf(" ");
  return `${(lastSpace > cut.length / 2 ? cut.slice(0, lastSpace) : cut).trimEnd()}…`;
}
