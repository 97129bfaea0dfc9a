/**
 * Names that the person typed, and the notes they probably meant.
 * @module
 */
import type { Memory } from "../../memory/memory.ts";
import { editDistance } from "../../protocol/edit_distance.ts";
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { bringUpToDate } from "./opened_memory.ts";

/** A word with more errors than this share of its letters was something else. */
const MEANT_SHARE = 0.4;

/** Codes of errors behind which there may be a misspelt name. */
const UNKNOWN = ["no_such_note", "nothing_to_undo"];

/** Does something with a note; if there is none of that name, the error says which was meant. */
export async function onNote<T>(
  context: CommandContext,
  memory: Memory,
  typed: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof PyraError) || !UNKNOWN.includes(thrown.code)) throw thrown;
    await bringUpToDate(context, memory);
    const names = (await memory.list()).map(({ name }) => name);
    if (names.some((name) => plain(name) === plain(typed))) throw thrown;
    throw new PyraError(thrown.category, thrown.code, thrown.message, {
      hint: await hintFor(memory, typed, names),
      cause: thrown,
    });
  }
}

async function hintFor(memory: Memory, typed: string, names: readonly string[]): Promise<string> {
  // A folder of versions that cannot be read is told to whoever asks for a version.
  const versions = await memory.history(typed).catch(() => []);
  if (versions.length > 0) return `there was one; pyra memory history ${typed} tells more`;
  const near = nearestName(typed, names);
  if (near !== undefined) return `did you mean ${near}?`;
  return names.length === 0
    ? "there are no notes yet; pyra memory write makes one"
    : "pyra memory list shows all";
}

/** The name most like what was typed, without `.md`; `undefined` if none is like it. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const word = plain(typed);
  const short = lastPart(word);
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const candidate = plain(name);
    // The folder is forgotten more often than the name is misspelt.
    const distance = Math.min(
      distanceWithin(word, candidate),
      distanceWithin(short, lastPart(candidate)) + 0.5,
    );
    if (distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name.replace(/\.md$/i, "");
}

/** The errors between two words, `Infinity` if they are too many for one to be meant. */
function distanceWithin(word: string, other: string): number {
  const limit = Math.max(1, Math.floor(word.length * MEANT_SHARE));
  if (Math.abs(word.length - other.length) > limit) return Infinity;
  const distance = editDistance(word, other);
  return distance > limit ? Infinity : distance;
}

function plain(name: string): string {
  return name.normalize("NFC").toLowerCase().replace(/\.md$/, "");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
