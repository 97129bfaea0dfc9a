/**
 * A session file that is held for appending.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { SessionEvent } from "./event.ts";
import type { HeldLock } from "../locking/file_lock.ts";
import type { LineRedaction, SessionLine } from "./redaction.ts";

/** A session file that is held for appending. No other process can open it meanwhile. */
export interface SessionLog extends AsyncDisposable {
  readonly id: string;
  /**
   * Writes the lines; they outlive a kill of the process once this settles, but for the end of a text
   * that may be the beginning of a secret: it is written with what follows.
   * @throws {PyraError} code `session_unwritable`; none of the lines is in the file then
   */
  append(...events: readonly SessionEvent[]): Promise<void>;
  /** Makes what was appended outlive a power cut. @throws {PyraError} code `session_unwritable` */
  sync(): Promise<void>;
}

/** The lock keeps others away, so the file's size is known here and needs no asking. */
export class FileLog implements SessionLog {
  readonly id: string;
  readonly #file: Deno.FsFile;
  readonly #lock: HeldLock;
  readonly #redaction: LineRedaction | undefined;
  readonly #encoder = new TextEncoder();
  /** Where the next line goes. */
  #size: number;
  /** True while the file may hold a part of a line behind `#size`. */
  #torn = false;
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  #disposed: Promise<void> | undefined;

  /** @param size the file's size in bytes, all of it whole lines; the file stands at its end */
  constructor(
    id: string,
    file: Deno.FsFile,
    lock: HeldLock,
    size: number,
    redaction?: LineRedaction,
  ) {
    this.id = id;
    this.#file = file;
    this.#lock = lock;
    this.#size = size;
    this.#redaction = redaction;
  }

  append(...lines: readonly SessionLine[]): Promise<void> {
    const written = this.#redaction?.lines(lines) ?? lines;
    const text = written.map((line) => `${JSON.stringify(line)}\n`).join("");
    return this.#inOrder(() => this.#write(this.#encoder.encode(text)));
  }

  sync(): Promise<void> {
    return this.#inOrder(() => this.#file.syncData());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#last.then(async () => {
      this.#closed = true;
      this.#file.close();
      await this.#lock[Symbol.asyncDispose]();
    });
    await this.#disposed;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#torn) await this.#cutTornLine();
    this.#torn = true;
    try {
      for (let done = 0; done < bytes.length;) done += await this.#file.write(bytes.subarray(done));
    } catch (cause) {
      // If this fails too, the next append tries again, or the next load cuts.
      await this.#cutTornLine().catch(() => undefined);
      throw cause;
    }
    this.#torn = false;
    this.#size += bytes.length;
  }

  async #cutTornLine(): Promise<void> {
    await this.#file.truncate(this.#size);
    await this.#file.seek(this.#size, Deno.SeekMode.Start);
    this.#torn = false;
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(() => {
      return this.#closed ? Promise.reject(new Deno.errors.BadResource("it is closed")) : work();
    }).catch((cause) => {
      throw unwritable(this.id, cause);
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** A session file could not be written. */
export function unwritable(id: string, cause: unknown): PyraError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PyraError(
    "file",
    "session_unwritable",
    `session ${id} cannot be written: ${reason}`,
    { hint: "check the free space and the rights of the sessions folder", cause },
  );
}
