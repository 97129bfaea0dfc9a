/**
 * Standard input as the kernel hands it over. Rooms do not read descriptor 0: a read of a terminal
 * cannot be taken back, so a stopped room would swallow the next key.
 * @module
 */
import process from "node:process";
import { Readable } from "node:stream";
import type { Channel } from "../rpc/channel.ts";

/** How long a room waits for the terminal's mode to change, ms. */
const RAW_MODE_LIMIT_MS = 500;

/** Puts streams of the kernel's input in the places where libraries look for standard input. */
export function useKernelInput(channel: Channel, terminal: boolean): void {
  const rawMode = (on: boolean) => {
    const done = new Int32Array(new SharedArrayBuffer(4));
    // A room that is being stopped cannot be told any more; the kernel restores the terminal then.
    channel.call("rawMode", { on, done }).catch(() => undefined);
    // Libraries ask the terminal questions right after: in the old mode it would echo its answers.
    Atomics.wait(done, 0, 0, RAW_MODE_LIMIT_MS);
  };
  Object.defineProperty(Deno, "stdin", { value: denoInput(channel, terminal, rawMode) });
  Object.defineProperty(process, "stdin", { value: nodeInput(channel, terminal, rawMode) });
}

function denoInput(channel: Channel, terminal: boolean, setRaw: (on: boolean) => void): object {
  return {
    get readable() {
      return ReadableStream.from(channel.stream("input", null, { limitMs: Infinity }));
    },
    isTerminal: () => terminal,
    setRaw,
  };
}

function nodeInput(channel: Channel, terminal: boolean, setRaw: (on: boolean) => void): Readable {
  let values: AsyncGenerator<unknown> | undefined;
  const input = new Readable({
    highWaterMark: 64 * 1024,
    read() {
      values ??= channel.stream("input", null, { limitMs: Infinity });
      values.next().then(
        ({ done, value }) => this.push(done ? null : value as Uint8Array),
        (error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      Promise.resolve(values?.return(undefined)).finally(() => done(error));
    },
  });
  return Object.assign(input, {
    fd: 0,
    isTTY: terminal,
    isRaw: false,
    setRawMode(this: { isRaw: boolean }, on: boolean) {
      this.isRaw = on;
      setRaw(on);
      return this;
    },
    ref: () => input,
    unref: () => input,
  });
}
