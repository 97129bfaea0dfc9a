/**
 * Standard output and error of a run in the daemon, whose terminal is another process's: what is written goes
 * to the kernel, which passes it on at the reader's pace.
 * @module
 */
import process from "node:process";
import { Writable } from "node:stream";
import type { HostedScreen } from "../protocol/daemon_calls.ts";
import type { Channel } from "../rpc/channel.ts";

/** Of one piece, characters: less than the kernel takes at once. */
const PIECE = 256 * 1024;
/** So much may wait for the reader before a writer has to, characters. */
const WAITING = 64 * 1024;

type Stream = "stdout" | "stderr";

/** What was written and is not on its way yet. Both streams go one way, in the order of their writing. */
export class KernelOutput {
  readonly #channel: Channel;
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #waiting: { readonly to: Stream; text: string }[] = [];
  #size = 0;
  #sending: Promise<void> | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Resolves at once, or when the reader has caught up. */
  async write(to: Stream, bytes: Uint8Array): Promise<number> {
    // A letter may begin in one piece and end in the next.
    const text = this.#decoders[to].decode(bytes, { stream: true });
    const last = this.#waiting.at(-1);
    if (last?.to === to && last.text.length < PIECE) last.text += text;
    else if (text !== "") this.#waiting.push({ to, text });
    this.#size += text.length;
    if (this.#sending === undefined) {
      this.#sending = this.#send();
      // It fails where the room is being stopped, and nobody waits for it there.
      this.#sending.catch(() => undefined);
    }
    if (this.#size > WAITING) await this.#sending;
    return bytes.length;
  }

  /** Resolves when all of it was taken. */
  async flush(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    // What is written in one go is sent as one.
    await Promise.resolve();
    for (let next; (next = this.#waiting.shift());) {
      const { to, text } = next;
      this.#size -= text.length;
      for (let from = 0; from < text.length; from += PIECE) {
        const piece = { to, text: text.slice(from, from + PIECE) };
        await this.#channel.call("output", piece, { limitMs: Infinity });
      }
    }
    this.#sending = undefined;
  }
}

/** Puts them in the places where libraries look for standard output. */
export function useKernelOutput(
  output: KernelOutput,
  terminal: { readonly stdout: boolean; readonly stderr: boolean },
  size: () => HostedScreen,
): void {
  Object.defineProperty(Deno, "consoleSize", { value: () => ({ ...size() }) });
  for (const to of ["stdout", "stderr"] as const) {
    useOutput((bytes) => output.write(to, bytes), { to, isTerminal: () => terminal[to] });
    const isTTY = terminal[to];
    Object.defineProperty(process, to, { value: nodeOutput({ output, to, isTTY, size }) });
  }
}

/** Puts a writer in the place of what rooms write to; without `of`, in both places. */
export function useOutput(
  write: (bytes: Uint8Array) => Promise<number>,
  of?: { readonly to: Stream; readonly isTerminal: () => boolean },
): void {
  for (const to of of === undefined ? ["stdout", "stderr"] as const : [of.to]) {
    const value = {
      write,
      writeSync(bytes: Uint8Array) {
        // The room is being stopped when that fails.
        write(bytes).catch(() => undefined);
        return bytes.length;
      },
      isTerminal: of?.isTerminal ?? (() => false),
    };
    Object.defineProperty(Deno, to, { value, configurable: true });
  }
}

function nodeOutput({ output, to, isTTY, size }: {
  readonly output: KernelOutput;
  readonly to: Stream;
  readonly isTTY: boolean;
  readonly size: () => HostedScreen;
}): Writable {
  const stream = new Writable({
    write(chunk: Uint8Array, _, done) {
      output.write(to, chunk).then(() => done(), done);
    },
  });
  Object.defineProperties(stream, {
    columns: { get: () => isTTY ? size().columns : undefined },
    rows: { get: () => isTTY ? size().rows : undefined },
  });
  return Object.assign(stream, { fd: to === "stdout" ? 1 : 2, isTTY });
}
