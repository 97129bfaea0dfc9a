/**
 * A note from the bytes of its file, whatever they are.
 * @module
 */
import { factsOf, pageProperties } from "./facts.ts";
import { readFields, splitText } from "./front_matter.ts";
import type { Note } from "./note.ts";

/** The largest file that is a note, bytes. */
export const NOTE_LIMIT_BYTES = 4 * 1024 * 1024;
/** What is read of a larger one for the index, bytes. */
const INDEXED_LIMIT_BYTES = 1024 * 1024;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes as text, and whether they were UTF-8. Bytes that are none become `�`. */
export function decodeNote(bytes: Uint8Array): { readonly text: string; readonly valid: boolean } {
  try {
    return { text: strict.decode(bytes), valid: true };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return { text: lenient.decode(bytes), valid: false };
  }
}

/** Whether the bytes are no text: a picture, an archive, UTF-16. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.includes(0);
}

/** The start of the bytes, cut between two characters of UTF-8. */
function startOf(bytes: Uint8Array, limit: number): Uint8Array {
  let end = limit;
  while (end > limit - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** Reads a text as a note. */
export async function readNoteText(
  name: string,
  text: string,
  problems: readonly string[] = [],
): Promise<Note> {
  const split = splitText(text);
  const found = [...problems];
  if (split.problem !== "") found.push(split.problem);
  const read = await readFields(split.fields);
  if (read.kind === "broken") {
    found.push(`the front matter cannot be read: ${read.why}`);
    const body = text.replace(/^\ufeff/, "");
    return { name, facts: factsOf(new Map()), body, bodyLine: 1, text, problems: found };
  }
  const fields = split.tail === "" ? pageProperties(split.body) : read.fields;
  const { body, bodyLine } = split;
  return { name, facts: factsOf(fields), body, bodyLine, text, problems: found };
}

/**
 * Reads a file's bytes as a note. Never throws: what is wrong is in `problems`, and what can be read
 * is there. Of a file over 4 MB it reads the first MB; a file that is no text has an empty body.
 */
export async function readNote(name: string, bytes: Uint8Array): Promise<Note> {
  const problems: string[] = [];
  let content = bytes;
  if (bytes.length > NOTE_LIMIT_BYTES) {
    problems.push("the file is larger than 4 MB: only its first MB is read");
    content = startOf(bytes, INDEXED_LIMIT_BYTES);
  }
  if (isBinary(content)) {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) ||
      (bytes[0] === 0xfe && bytes[1] === 0xff);
    problems.push(
      wide
        ? "the file is UTF-16: save it as UTF-8"
        : "the file is no text: it has zero bytes, as pictures and archives do",
    );
    return { name, facts: factsOf(new Map()), body: "", bodyLine: 1, text: "", problems };
  }
  const { text, valid } = decodeNote(content);
  if (!valid) problems.push("the file is not UTF-8: what could not be read is shown as �");
  return await readNoteText(name, text, problems);
}
