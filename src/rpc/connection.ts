/**
 * A connection to a program that may be anything: JSON-RPC, a line a frame. What is no frame is answered with
 * an error and counted, and ends nothing; who costs too much room or time is cut off.
 * @module
 */
import type { WireError } from "./error.ts";
import { errorLine, type Frame, frameLine, readLine } from "./json_rpc.ts";
import { FRAME_LIMIT_BYTES, joined, Lines } from "./ndjson.ts";
import type { Transport } from "./transport.ts";

/** What a peer may cost. */
export interface JsonRpcLimits {
  /** A longer line cuts the peer off, bytes. */
  readonly frameBytes: number;
  /** So much may wait for a peer that does not read, bytes. */
  readonly waitingBytes: number;
  /** A peer that takes nothing for so long while something waits is cut off, ms. */
  readonly stallMs: number;
  /** So many frames that are none, and it is cut off. */
  readonly malformed: number;
}

const LIMITS: JsonRpcLimits = {
  frameBytes: FRAME_LIMIT_BYTES,
  waitingBytes: 2 * FRAME_LIMIT_BYTES,
  stallMs: 30_000,
  malformed: 1_000,
};
/** How long what waits may take to be read when the connection ends, ms. */
const FAREWELL_MS = 1_000;
/** The reason of a connection that the peer ended. */
export const ORDERLY_END = "it ended the connection";
const READ_BYTES = 16 * 1024;

/** What of a connection is used. */
export type Connection = Pick<Deno.Conn, "read" | "write" | "close" | "closeWrite">;

/** Who is told of what. */
export interface JsonRpcEvents {
  /** Called once when the peer is gone or was cut off; not after `close`. */
  readonly ended: (reason: string) => void;
  /** Called for each frame that was none, and each call of a method that is not there. */
  readonly malformed?: () => void;
}

/** A connection as a transport. */
export class JsonRpcTransport implements Transport {
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  readonly #conn: Connection;
  readonly #events: JsonRpcEvents;
  readonly #limits: JsonRpcLimits;
  readonly #lines: Lines;
  readonly #isClosed: () => void;
  #receive: ((frame: unknown) => void) | undefined;
  #queue: Uint8Array[] = [];
  #isWriting = false;
  /** Bytes that were posted and that the peer did not take yet. */
  #waiting = 0;
  #takenAt = 0;
  #malformed = 0;
  /** `leaving`: what waits is still written, nothing else is taken or sent. */
  #isDismissed = false;
  #state: "open" | "leaving" | "closed" = "open";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(conn: Connection, events: JsonRpcEvents, limits: Partial<JsonRpcLimits> = {}) {
    this.#conn = conn;
    this.#events = events;
    this.#limits = { ...LIMITS, ...limits };
    this.#lines = new Lines(this.#limits.frameBytes);
    ({ promise: this.closed, resolve: this.#isClosed } = Promise.withResolvers<void>());
  }

  /** From now on a line may be so long, bytes. */
  set frameBytes(limit: number) {
    this.#lines.limit = limit;
  }

  /** @throws {RangeError} for a frame that is too large; {TypeError} for what is no JSON */
  post(frame: unknown): void {
    if (this.#state !== "open") return;
    const sent = frame as Frame;
    this.#send(frameLine(sent));
    if ("error" in sent && sent.error.code === "method_not_found") this.#count();
  }

  /** Calls `receive` for each frame from now on, in the place of whom it called before. */
  listen(receive: (frame: unknown) => void): void {
    const isFirst = this.#receive === undefined;
    this.#receive = receive;
    if (isFirst) void this.#read();
  }

  /** Nothing arrives afterwards. What was posted before is still written, if the peer takes it. */
  close(): void {
    if (this.#leave() && !this.#isWriting) this.#shut();
  }

  /** Answers with an error and cuts the peer off; it has a moment to read that. */
  dismiss(reason: string, error: WireError, id: number | null = null): void {
    if (this.#state !== "open") return;
    this.#isDismissed = true;
    this.#send(errorLine(error, id));
    if (this.#leave()) this.#events.ended(reason);
  }

  /** @returns false if it had ended before */
  #leave(): boolean {
    if (this.#state !== "open") return false;
    this.#state = "leaving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#shut(), FAREWELL_MS);
    return true;
  }

  /** Ends it at once. */
  #end(reason: string): void {
    const isNews = this.#state === "open";
    this.#shut();
    if (isNews) this.#events.ended(reason);
  }

  #shut(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#conn.close();
    this.#isClosed();
  }

  #send(line: Uint8Array): void {
    this.#waiting += line.length;
    if (this.#waiting > this.#limits.waitingBytes) return this.#end("it does not read");
    this.#queue.push(line);
    if (!this.#isWriting) void this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    this.#takenAt = performance.now();
    this.#watch(this.#limits.stallMs);
    try {
      while (this.#queue.length > 0) {
        const bytes = joined(this.#queue);
        this.#queue = [];
        for (let done = 0; done < bytes.length;) {
          const count = await this.#conn.write(bytes.subarray(done));
          done += count;
          this.#waiting -= count;
          this.#takenAt = performance.now();
        }
      }
      this.#isWriting = false;
      if (this.#state === "open") clearTimeout(this.#timer);
      // What is closed with bytes unread would take the last answer with it: the peer ends it, or the timer.
      else if (this.#isDismissed) await this.#conn.closeWrite();
      else this.#shut();
    } catch (cause) {
      // A process that ends does not read what was just sent to it.
      if (cause instanceof Deno.errors.ConnectionReset) return this.#end(ORDERLY_END);
      this.#end(cause instanceof Error ? cause.message : "it is gone");
    }
  }

  #watch(ms: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#takenAt + this.#limits.stallMs - performance.now();
      if (left > 0) this.#watch(left);
      else this.#end("it does not read");
    }, ms);
  }

  async #read(): Promise<void> {
    const room = new Uint8Array(READ_BYTES);
    try {
      for (let count; (count = await this.#conn.read(room)) !== null;) {
        if (this.#state !== "open") continue;
        if (!this.#lines.push(room.subarray(0, count), (line) => this.#take(line))) {
          this.#count();
          const message = "it sent too long a line";
          this.dismiss(message, { code: "malformed", message });
        }
      }
      // What is still being written is the answer that cuts it off; it ends with that.
      if (this.#state === "leaving" && this.#isWriting) this.#isDismissed = false;
      else this.#end(ORDERLY_END);
    } catch (cause) {
      this.#end(cause instanceof Error ? cause.message : "it is gone");
    }
  }

  #take(line: Uint8Array): void {
    if (this.#state !== "open") return;
    const read = readLine(line);
    if (read.kind === "frame") return this.#receive?.(read.frame);
    if (read.answer) this.#send(read.answer);
    this.#count();
  }

  #count(): void {
    this.#events.malformed?.();
    if (++this.#malformed < this.#limits.malformed) return;
    const message = "too much came that was no frame";
    this.dismiss(message, { code: "malformed", message });
  }
}
