/**
 * Standard output and error of a run in the daemon, whose terminal is another process's: what is written goes
 * to the kernel, which passes it on at the reader's pace.
 * @module
 */
import process from "node:process";
import { Writable } from "node:stream";
import type { HostedScreen } from "../protocol/kernel_calls.ts";
import type { Channel } from "../rpc/channel.ts";

/** Of one piece, bytes: less than the kernel takes at once. */
const PIECE_BYTES = 256 * 1024;
/** What may wait for the reader before a writer is told to wait, bytes. */
const WAITING_BYTES = 64 * 1024;

/** One of the two, by whatever way it is written to. */
class Output {
  readonly #channel: Channel;
  readonly #to: "stdout" | "stderr";
  readonly #decoder = new TextDecoder();
  #last: Promise<unknown> = Promise.resolve();

  constructor(channel: Channel, to: "stdout" | "stderr") {
    this.#channel = channel;
    this.#to = to;
  }

  /** Resolves when the reader took it. */
  async write(bytes: Uint8Array): Promise<number> {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      // A letter may begin in one piece and end in the next.
      const piece = bytes.subarray(from, from + PIECE_BYTES);
      const text = this.#decoder.decode(piece, { stream: true });
      if (text === "") continue;
      // One after the other, whoever writes.
      this.#last = this.#last.then(() =>
        this.#channel.call("output", { to: this.#to, text }, { limitMs: Infinity })
      );
    }
    await this.#last;
    return bytes.length;
  }

  /** What was written before is on its way. */
  writeSync(bytes: Uint8Array): number {
    // The room is being stopped when that fails.
    this.write(bytes).catch(() => undefined);
    return bytes.length;
  }
}

/** Puts them in the places where libraries look for standard output. */
export function useKernelOutput(
  channel: Channel,
  terminal: { readonly stdout: boolean; readonly stderr: boolean },
  size: () => HostedScreen,
): void {
  Object.defineProperty(Deno, "consoleSize", { value: () => ({ ...size() }) });
  for (const to of ["stdout", "stderr"] as const) {
    const output = new Output(channel, to);
    Object.defineProperty(Deno, to, {
      value: {
        write: (bytes: Uint8Array) => output.write(bytes),
        writeSync: (bytes: Uint8Array) => output.writeSync(bytes),
        isTerminal: () => terminal[to],
      },
    });
    Object.defineProperty(process, to, { value: nodeOutput(output, terminal[to], to, size) });
  }
}

function nodeOutput(
  output: Output,
  isTTY: boolean,
  to: "stdout" | "stderr",
  size: () => HostedScreen,
): Writable {
  const stream = new Writable({
    highWaterMark: WAITING_BYTES,
    write(chunk: Uint8Array, _, done) {
      output.write(chunk).then(() => done(), done);
    },
  });
  Object.defineProperties(stream, {
    columns: { get: () => isTTY ? size().columns : undefined },
    rows: { get: () => isTTY ? size().rows : undefined },
  });
  return Object.assign(stream, { fd: to === "stdout" ? 1 : 2, isTTY });
}
