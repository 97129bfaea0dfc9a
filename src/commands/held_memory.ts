/**
 * The notes for the length of a command that may need them: opened when they are, closed at its end.
 * @module
 */
import type { QuestionMemory } from "../chat/ports.ts";
import type { Memory } from "../memory/memory.ts";

/** The memory, once for all that ask for it. */
export class HeldMemory implements AsyncDisposable {
  readonly #open: () => Promise<Memory>;
  #memory: Promise<Memory> | undefined;
  #opened: Memory | undefined;

  /** @param context opens it (`CommandContext`) */
  constructor(context: { memory(): Promise<Memory> }) {
    this.#open = () => context.memory();
  }

  /** The memory; what could not be opened is tried anew. @throws {PyraError} */
  async open(): Promise<Memory> {
    this.#memory ??= this.#open();
    try {
      return this.#opened = await this.#memory;
    } catch (thrown) {
      this.#memory = undefined;
      throw thrown;
    }
  }

  /** What conversations see of it. @param maxTokens what the settings let a question carry */
  forQuestions(maxTokens: number): QuestionMemory {
    const notices = (): readonly string[] => this.#opened?.notices ?? [];
    return {
      get notices() {
        return notices();
      },
      contextFor: async (question, { room = maxTokens, signal }) =>
        await (await this.open()).contextFor(question, {
          maxTokens: Math.min(room, maxTokens),
          signal,
        }),
    };
  }

  /** Lets go of it, if it was opened. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever opened it was told why that failed.
    const memory = await this.#memory?.catch(() => undefined);
    await memory?.[Symbol.asyncDispose]();
  }
}
