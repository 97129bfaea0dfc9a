/**
 * What programs write, kept within bounds: its beginning as it comes, its end when it ends, and nothing in
 * between.
 * @module
 */
import type { RunPiece } from "../../protocol/plugin.ts";

/** So much is passed on as it comes, bytes. */
const HEAD_BYTES = 5 * 1024 * 1024;
/** So much is kept of what comes after. */
const TAIL_BYTES = 5 * 1024 * 1024;
/** So much waits for the reader before the program does. */
const WAITING_BYTES = 256 * 1024;
const MERGED_BYTES = 4 * 1024;

type Stream = RunPiece["stream"];
interface Chunk {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
}

/** A program's output on its way to a reader. */
export class ProgramOutput {
  /** Bytes that nobody will see. */
  dropped = 0;
  readonly #waiting: Chunk[] = [];
  readonly #tail = new OutputTail(TAIL_BYTES);
  #passed = 0;
  #size = 0;
  #isOver = false;
  #wake = () => {};
  #more = () => {};

  /** Takes a part; the program waits for a reader that is behind. */
  readonly take = (stream: Stream, bytes: Uint8Array): void | Promise<void> => {
    if (this.#passed >= HEAD_BYTES) return this.#tail.add(stream, bytes);
    this.#passed += bytes.length;
    this.#size += bytes.length;
    this.#waiting.push({ stream, bytes });
    this.#wake();
    return this.#size > WAITING_BYTES ? this.#room() : undefined;
  };

  async #room(): Promise<void> {
    while (this.#size > WAITING_BYTES && !this.#isOver) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const others = this.#more;
      this.#more = () => {
        others();
        resolve();
      };
      await promise;
    }
  }

  /** There is no more. */
  end(): void {
    this.#isOver = true;
    this.#wake();
    this.#goOn();
  }

  #goOn(): void {
    const more = this.#more;
    this.#more = () => {};
    more();
  }

  /** The parts, in order; of two parts of a stream no character is torn. */
  async *read(): AsyncGenerator<RunPiece> {
    const decode = decoder();
    while (true) {
      const chunk = this.#waiting.shift();
      if (chunk) {
        this.#size -= chunk.bytes.length;
        this.#goOn();
        yield decode(chunk);
      } else if (this.#isOver) break;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
    this.dropped = this.#tail.dropped;
    let dropped = this.dropped;
    for (const chunk of this.#tail.chunks) {
      yield { ...decode(chunk), ...(dropped === 0 ? {} : { dropped }) };
      dropped = 0;
    }
  }
}

/** The end of what was written. */
export class OutputTail {
  /** Bytes before it. */
  dropped = 0;
  readonly chunks: Chunk[] = [];
  readonly #most: number;
  #size = 0;

  /** @param most bytes that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a part. */
  add(stream: Stream, bytes: Uint8Array): void {
    const last = this.chunks.at(-1);
    // Of very small parts there would be very many.
    if (last?.stream === stream && last.bytes.length + bytes.length <= MERGED_BYTES) {
      const merged = new Uint8Array(last.bytes.length + bytes.length);
      merged.set(last.bytes);
      merged.set(bytes, last.bytes.length);
      this.chunks[this.chunks.length - 1] = { stream, bytes: merged };
    } else this.chunks.push({ stream, bytes });
    this.#size += bytes.length;
    while (this.#size > this.#most) {
      const first = this.chunks[0];
      const over = this.#size - this.#most;
      if (!first) return;
      const lost = Math.min(over, first.bytes.length);
      if (lost === first.bytes.length) this.chunks.shift();
      // A copy, so that the whole part goes.
      else this.chunks[0] = { stream: first.stream, bytes: first.bytes.slice(lost) };
      this.#size -= lost;
      this.dropped += lost;
    }
  }

  /** As text, both streams as they came. */
  text(): string {
    const decode = decoder();
    return this.chunks.map((chunk) => decode(chunk).text).join("");
  }
}

function decoder(): (chunk: Chunk) => RunPiece {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  return ({ stream, bytes }) => ({
    stream,
    text: decoders[stream].decode(bytes, { stream: true }),
  });
}
