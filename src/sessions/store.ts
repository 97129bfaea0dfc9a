/**
 * The sessions of a profile, as the rest of the program sees them.
 * @module
 */
import type { SessionHeader } from "./event.ts";
import type { SessionLog } from "./log.ts";
import type { SessionState } from "./state.ts";
import type { FileSummary } from "./summary.ts";

/** A session as lists show it. */
export interface SessionSummary extends FileSummary {
  readonly id: string;
  /** The shortest start of the id, of 6 characters at least, that no other session shares. */
  readonly short_id: string;
  /** ISO 8601, UTC: the file's last change. */
  readonly updated: string;
  readonly bytes: number;
}

/** Where a searched text occurs. */
export interface SessionMatch {
  readonly session: SessionSummary;
  readonly where: "title" | "user" | "assistant" | "tool";
  /** One line around the first place, with `…` where text was left out. */
  readonly excerpt: string;
}

/** A session that is held for appending, and what was in it. */
export interface OpenSession {
  readonly log: SessionLog;
  readonly state: SessionState;
}

/** The sessions in one folder. */
export interface SessionStore {
  /** Takes secrets out of a text, as of all that is written; absent if none are taken out. */
  readonly redact?: ((text: string) => string) | undefined;
  /** Makes a session's file. @throws {PyraError} code `session_unwritable` */
  create(header: SessionHeader): Promise<SessionLog>;
  /**
   * The id of the session that is meant: an id or the start of one, a title or the start of one.
   * @throws {PyraError} codes `no_such_session`, `session_ambiguous`
   */
  resolve(reference: string): Promise<string>;
  /** The id of the session that was last added to; `undefined` if there is none. */
  latest(): Promise<string | undefined>;
  /**
   * Reads a session, also one that is in use.
   * @throws {PyraError} codes `no_such_session`, `session_newer`, `session_unreadable`
   */
  read(id: string): Promise<SessionState>;
  /**
   * Holds a session for appending, repairs a torn last line, and reads it.
   * @throws {PyraError} codes `session_in_use`, `no_such_session`, `session_newer`,
   * `session_unreadable`
   */
  open(id: string): Promise<OpenSession>;
  /** The sessions last added to, the latest first; 50 if no limit is given. */
  list(options?: { readonly limit?: number }): Promise<SessionSummary[]>;
  /** Deletes a session. @throws {PyraError} codes `no_such_session`, `session_in_use` */
  remove(id: string): Promise<void>;
  /**
   * Copies a session, also one that is in use. What it cost is not copied.
   * @returns the copy's id
   * @throws {PyraError} codes `no_such_session`, `session_newer`, `session_unwritable`
   */
  fork(id: string): Promise<string>;
  /**
   * Where all words occur in one message or title; case and diacritics do not matter. The latest
   * sessions first; 50 matches if no limit is given.
   * @throws the signal's reason
   */
  search(
    words: string,
    options?: { readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<SessionMatch[]>;
}
