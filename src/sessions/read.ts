/**
 * Reads a session file. What cannot be read in it is passed over with a warning, and stays on disk.
 * @module
 */
import * as z from "zod/mini";
import { PyraError } from "../protocol/error.ts";
import { jsonOf } from "../protocol/foreign_text.ts";
import { SessionEvent, SessionHeader } from "./event.ts";
import { SESSION_VERSION, timeOfId } from "./format.ts";
import { type Line, readLines } from "./lines.ts";
import { type SessionState, StateBuilder } from "./state.ts";

const MAX_WARNINGS = 20;

/** A session file, read. */
export interface SessionFile {
  readonly state: SessionState;
  /** Where a last line begins that was not written to its end; `undefined` if there is none. */
  readonly tornAt: number | undefined;
  /** True if the last line is whole but for its line feed. */
  readonly lacksLineFeed: boolean;
}

const newerHeader = z.object({ v: z.number(), type: z.literal("session") });

/**
 * Reads an open session file from its beginning.
 * @param id the id in the file's name, which counts, whatever the header says
 * @throws {PyraError} code `session_newer`; the `Deno.errors` of reading
 */
export async function readSession(file: Deno.FsFile, id: string): Promise<SessionFile> {
  const decoder = new TextDecoder();
  const warnings: string[] = [];
  let unread = 0;
  let builder: StateBuilder | undefined;
  let tornAt: number | undefined;
  let lacksLineFeed = false;
  let number = 0;

  const takeLine = (line: Line): void => {
    number++;
    if (line.bytes?.length === 0) return;
    const value = line.bytes === undefined ? undefined : jsonOf(decoder.decode(line.bytes));
    if (!line.complete && value === undefined) {
      tornAt = line.start;
      return;
    }
    lacksLineFeed = !line.complete;
    if (builder === undefined) {
      const header = readHeader(value, id);
      builder = new StateBuilder(header ?? lostHeader(id));
      if (header) return;
    }
    const event = SessionEvent.safeParse(value);
    if (event.success) builder.add(event.data);
    else if (++unread <= MAX_WARNINGS) {
      warnings.push(`line ${number} of the session cannot be read and was passed over`);
    }
  };

  for await (const lines of readLines(file)) for (const line of lines) takeLine(line);
  if (unread > MAX_WARNINGS) {
    warnings.push(`${unread - MAX_WARNINGS} more lines of the session were passed over`);
  }
  builder ??= new StateBuilder(lostHeader(id));
  return { state: builder.finish(warnings), tornAt, lacksLineFeed };
}

function readHeader(value: unknown, id: string): SessionHeader | undefined {
  const header = SessionHeader.safeParse(value);
  if (header.success) return { ...header.data, id };
  const newer = newerHeader.safeParse(value);
  if (newer.success && newer.data.v > SESSION_VERSION) {
    throw new PyraError(
      "file",
      "session_newer",
      `session ${id} was written by a newer Pyra (format ${newer.data.v})`,
      { hint: "update Pyra to open it" },
    );
  }
  return undefined;
}

/** What is still known of a session without its first line: the id tells when it was made. */
export function lostHeader(id: string): SessionHeader {
  const created = new Date(timeOfId(id)).toISOString();
  return { v: SESSION_VERSION, type: "session", id, created, provider: "", model: "" };
}
