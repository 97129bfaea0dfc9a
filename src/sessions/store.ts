/**
 * The sessions of a profile: one append-only JSONL file each.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { SessionEvent, SessionHeader } from "./event.ts";
import type { SessionState } from "./state.ts";

/** A session as lists show it. */
export interface SessionSummary {
  readonly id: string;
  /** The shortest start of the id, of 6 characters at least, that no other session shares. */
  readonly short_id: string;
  /** Empty until a question was asked. */
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ISO 8601, UTC: the file's last change. */
  readonly updated: string;
  readonly provider: string;
  readonly model: string;
  /** Questions that were asked and not taken back. */
  readonly questions: number;
  readonly bytes: number;
}

/** Where a searched text occurs. */
export interface SessionMatch {
  readonly session: SessionSummary;
  readonly where: "title" | "user" | "assistant" | "tool";
  /** One line around the first place, with `…` where text was left out. */
  readonly excerpt: string;
}

/** A session file that is held for appending. No other process can open it meanwhile. */
export interface SessionLog extends AsyncDisposable {
  readonly id: string;
  /** Writes the lines; they outlive a kill of the process when this settles. @throws {PyraError} code `session_unwritable` */
  append(...events: readonly SessionEvent[]): Promise<void>;
  /** Makes what was appended outlive a power cut. @throws {PyraError} code `session_unwritable` */
  sync(): Promise<void>;
}

/** The sessions in one folder. */
export interface SessionStore {
  /** Makes a session's file. @throws {PyraError} code `session_unwritable` */
  create(header: SessionHeader): Promise<SessionLog>;
  /**
   * The id of the session that is meant: an id, the start of one, or a title (or its start).
   * @throws {PyraError} codes `no_such_session`, `session_ambiguous`
   */
  resolve(reference: string): Promise<string>;
  /** The id of the session that was last added to; `undefined` if there is none. */
  latest(): Promise<string | undefined>;
  /** Reads a session without holding it. @throws {PyraError} codes `no_such_session`, `session_newer`, `session_too_large` */
  read(id: string): Promise<SessionState>;
  /** Holds a session for appending, repairs a torn last line, and reads it. @throws {PyraError} as `read`, and code `session_in_use` */
  open(id: string): Promise<{ log: SessionLog; state: SessionState }>;
  /** The sessions last added to, the latest first. */
  list(options?: { limit?: number }): Promise<SessionSummary[]>;
  /** @throws {PyraError} codes `no_such_session`, `session_in_use` */
  remove(id: string): Promise<void>;
  /** Copies a session, also one in use, under a new id, which is returned. @throws {PyraError} as `read` */
  fork(id: string): Promise<string>;
  /** Case and diacritics do not matter. The latest sessions first, one match a message. */
  search(text: string, options?: { limit?: number; signal?: AbortSignal }): Promise<SessionMatch[]>;
}

/** The sessions in a folder, which need not exist yet. */
export function openSessionStore(_folder: string, _now: () => number): SessionStore {
  throw new PyraError("system", "not_there_yet", "sessions are not there yet");
}
