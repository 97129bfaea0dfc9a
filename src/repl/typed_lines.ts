/**
 * The lines that a person types, for whoever waits for one: the chat, and a question in it. A question
 * that ends while it waits takes no line away.
 * @module
 */
import { until } from "../protocol/waiting.ts";
import { type InputLine, readLines } from "./line_reader.ts";

/** What was typed next; without a value: nothing more comes. */
export type TypedLine = IteratorResult<InputLine, undefined>;

/** Lines, one after the other. */
export class TypedLines {
  readonly #lines: AsyncGenerator<InputLine, void, undefined>;
  /** What comes next, until it is taken. */
  #next: Promise<TypedLine> | undefined;

  constructor(input: AsyncIterable<Uint8Array>) {
    this.#lines = readLines(input);
  }

  /** What comes next; the same until it is taken. */
  coming(): Promise<TypedLine> {
    if (this.#next === undefined) {
      this.#next = this.#lines.next() as Promise<TypedLine>;
      // It is awaited where it is used, unless the chat ends before.
      this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  /** Takes what came: then the line after it comes. */
  take(): void {
    this.#next = undefined;
  }

  /** Waits for the next line and takes it; `undefined` if nothing more comes. @throws the signal's reason */
  async next(signal?: AbortSignal): Promise<InputLine | undefined> {
    const coming = this.coming();
    const { value } = await (signal === undefined ? coming : until(coming, signal));
    // The end stays the end.
    if (value !== undefined) this.take();
    return value;
  }
}
