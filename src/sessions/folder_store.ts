/**
 * The sessions of a profile: one append-only JSONL file each.
 * @module
 */
import { join } from "node:path";
import { writeAtomically } from "../durable/file.ts";
import { PyraError } from "../protocol/error.ts";
import { copiedLines } from "./copy.ts";
import type { SessionHeader } from "./event.ts";
import { foldText } from "./fold_text.ts";
import { findSessionFiles, type FoundFile, inParallel } from "./folder.ts";
import { idOfFileName, newSessionId, sessionFileName, shortIds } from "./format.ts";
import { type HeldLock, takeLock } from "../locking/file_lock.ts";
import { FileLog, type SessionLog, unwritable } from "./log.ts";
import { LineRedaction, type Redaction } from "./redaction.ts";
import type { SessionState } from "./state.ts";
import type { OpenSession, SessionMatch, SessionStore, SessionSummary } from "./store.ts";
import { type FileSummary, summarise } from "./summary.ts";

const DEFAULT_LIMIT = 50;

/**
 * The sessions in a folder, which need not exist yet.
 * @param now milliseconds since 1970
 * @param redaction what is written, copied and found is without secrets; as it came if absent
 */
export function openSessionStore(
  folder: string,
  now: () => number,
  redaction?: Redaction,
): SessionStore {
  return new FolderStore(folder, now, redaction);
}

class FolderStore implements SessionStore {
  readonly redact: Redaction["redact"] | undefined;
  readonly #folder: string;
  readonly #now: () => number;
  readonly #redaction: Redaction | undefined;

  constructor(folder: string, now: () => number, redaction: Redaction | undefined) {
    this.#folder = folder;
    this.#now = now;
    this.#redaction = redaction;
    this.redact = redaction?.redact;
  }

  async create(header: SessionHeader): Promise<SessionLog> {
    const { id } = header;
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch((cause) => {
      throw unwritable(id, cause);
    });
    return await this.#hold(id, { createNew: true, mode: 0o600 }, async (file, lock) => {
      const log = new FileLog(id, file, lock, 0, this.#lineRedaction());
      await log.append(header);
      return log;
    });
  }

  async read(id: string): Promise<SessionState> {
    const { readSession } = await import("./read.ts");
    try {
      using file = await Deno.open(this.#path(id));
      return (await readSession(file, id)).state;
    } catch (cause) {
      throw explain(id, cause);
    }
  }

  async open(id: string): Promise<OpenSession> {
    const { lostHeader, readSession } = await import("./read.ts");
    return await this.#hold(id, {}, async (file, lock) => {
      const { state, tornAt, lacksLineFeed } = await readSession(file, id);
      if (tornAt !== undefined) await file.truncate(tornAt);
      let size = await file.seek(0, Deno.SeekMode.End);
      if (lacksLineFeed) size += await file.write(new TextEncoder().encode("\n"));
      const log = new FileLog(id, file, lock, size, this.#lineRedaction());
      if (size === 0) await log.append(lostHeader(id));
      const warnings = tornAt === undefined
        ? state.warnings
        : [...state.warnings, "the session's last line was not written to its end and was cut off"];
      return { log, state: { ...state, warnings } };
    });
  }

  async resolve(reference: string): Promise<string> {
    const wanted = reference.trim();
    if (wanted === "") throw noSuchSession(reference);
    const files = await findSessionFiles(this.#folder);
    const byId = files.filter(({ id }) => id.startsWith(wanted.toLowerCase()));
    if (byId.length > 0) return this.#theOnly(reference, byId);
    const summaries = await inParallel(files, (file) => this.#summarise(file));
    const folded = foldText(wanted);
    const titled = files.filter((_file, at) => foldText(summaries[at]?.title ?? "") === folded);
    if (titled.length > 0) return this.#theOnly(reference, titled);
    return this.#theOnly(
      reference,
      files.filter((_file, at) => foldText(summaries[at]?.title ?? "").startsWith(folded)),
    );
  }

  async latest(): Promise<string | undefined> {
    return (await findSessionFiles(this.#folder))[0]?.id;
  }

  async list(options: { readonly limit?: number } = {}): Promise<SessionSummary[]> {
    const files = await findSessionFiles(this.#folder);
    const listed = files.slice(0, options.limit ?? DEFAULT_LIMIT);
    const short = shortIdsOf(files);
    return (await inParallel(listed, (file) => this.#entry(file, short))).flat();
  }

  async remove(id: string): Promise<void> {
    const path = this.#path(id);
    try {
      await Deno.stat(path);
      await using _lock = await this.#lock(id);
      await Deno.remove(path);
    } catch (cause) {
      throw explain(id, cause);
    }
  }

  async fork(id: string): Promise<string> {
    const state = await this.read(id);
    const copy = newSessionId(this.#now());
    const created = new Date(this.#now()).toISOString();
    const copied = copiedLines(state, { id: copy, created });
    const lines = this.#lineRedaction()?.lines(copied) ?? copied;
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    try {
      await writeAtomically(this.#path(copy), text);
    } catch (cause) {
      throw unwritable(copy, cause);
    }
    return copy;
  }

  async search(
    words: string,
    options: { readonly limit?: number; readonly signal?: AbortSignal } = {},
  ): Promise<SessionMatch[]> {
    const { searchState } = await import("./search.ts");
    const limit = options.limit ?? DEFAULT_LIMIT;
    const files = await findSessionFiles(this.#folder);
    const short = shortIdsOf(files);
    const matches: SessionMatch[] = [];
    for (const file of files) {
      options.signal?.throwIfAborted();
      if (matches.length >= limit) break;
      const state = await this.#readIfPossible(file.id);
      const found = state === undefined ? [] : searchState(state, words, this.redact);
      if (found.length === 0) continue;
      for (const session of await this.#entry(file, short)) {
        matches.push(...found.map((match) => ({ session, ...match })));
      }
    }
    return matches.slice(0, limit);
  }

  #lineRedaction(): LineRedaction | undefined {
    return this.#redaction && new LineRedaction(this.#redaction);
  }

  #path(id: string): string {
    const name = sessionFileName(id);
    if (idOfFileName(name) === undefined) throw noSuchSession(id);
    return join(this.#folder, name);
  }

  /** What lists say of a session; nothing if it was removed meanwhile. */
  async #entry(file: FoundFile, short: ReadonlyMap<string, string>): Promise<SessionSummary[]> {
    const summary = await this.#summarise(file);
    return summary === undefined ? [] : [{
      id: file.id,
      short_id: short.get(file.id) ?? file.id,
      ...summary,
      updated: new Date(file.modified).toISOString(),
      bytes: file.bytes,
    }];
  }

  async #summarise({ id }: FoundFile): Promise<FileSummary | undefined> {
    try {
      using file = await Deno.open(this.#path(id));
      return await summarise(file, id);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      throw explain(id, cause);
    }
  }

  /** A session, unless it was removed meanwhile or comes from a newer Pyra. */
  async #readIfPossible(id: string): Promise<SessionState | undefined> {
    try {
      return await this.read(id);
    } catch (cause) {
      if (cause instanceof PyraError && cause.code !== "session_unreadable") return undefined;
      throw cause;
    }
  }

  async #lock(id: string): Promise<HeldLock> {
    const lock = await takeLock(join(this.#folder, `${id}.lock`));
    if (lock !== undefined) return lock;
    throw new PyraError(
      "file",
      "session_in_use",
      `session ${id} is open in another Pyra`,
      { hint: `end that one, or copy the session with: pyra sessions fork ${id}` },
    );
  }

  /** Locks a session and then opens its file, which the result keeps; both are let go on a failure. */
  async #hold<T>(
    id: string,
    options: Deno.OpenOptions,
    use: (file: Deno.FsFile, lock: HeldLock) => Promise<T>,
  ): Promise<T> {
    let lock: HeldLock | undefined;
    let file: Deno.FsFile | undefined;
    try {
      const path = this.#path(id);
      lock = await this.#lock(id);
      file = await Deno.open(path, { read: true, write: true, ...options });
      return await use(file, lock);
    } catch (cause) {
      file?.close();
      await lock?.[Symbol.asyncDispose]();
      throw explain(id, cause);
    }
  }

  #theOnly(reference: string, files: readonly FoundFile[]): string {
    const [first, second] = files;
    if (first === undefined) throw noSuchSession(reference);
    if (second === undefined) return first.id;
    const some = files.slice(0, 5).map(({ id }) => id).join(", ");
    throw new PyraError(
      "file",
      "session_ambiguous",
      `${files.length} sessions begin with "${reference}"`,
      { hint: `name one of them: ${some}${files.length > 5 ? ", …" : ""}` },
    );
  }
}

function shortIdsOf(files: readonly FoundFile[]): Map<string, string> {
  return shortIds(files.map(({ id }) => id).sort());
}

/** Any failure to open or read a session's file as a `PyraError`. */
function explain(id: string, cause: unknown): PyraError {
  if (cause instanceof PyraError) return cause;
  if (cause instanceof Deno.errors.NotFound) return noSuchSession(id, cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PyraError("file", "session_unreadable", `session ${id} cannot be opened: ${reason}`, {
    hint: "check the rights of the sessions folder",
    cause,
  });
}

function noSuchSession(reference: string, cause?: unknown): PyraError {
  return new PyraError(
    "file",
    "no_such_session",
    `there is no session "${reference}"`,
    { hint: "list them with: pyra sessions list", cause },
  );
}
