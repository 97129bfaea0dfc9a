/**
 * How far a long piece of work is, on one line of a terminal that is wiped afterwards.
 * @module
 */
import type { Progress } from "../../memory/index/note_index.ts";
import type { CommandContext } from "../context.ts";

/** Shorter work shows nothing, ms. */
const PATIENCE_MS = 300;
/** Between two drawings, ms. */
const PERIOD_MS = 100;
/** Cells of the bar itself; the whole line fits into 40 with a title of 15. */
const BAR_CELLS = 12;

const WIPE = "\r\x1b[K";

/** A bar on standard error; nothing at all where that is no terminal. */
export class ProgressBar implements Disposable {
  readonly #context: CommandContext;
  readonly #title: string;
  readonly #isShown: boolean;
  #nextMs: number;
  #isDrawn = false;

  /** @param title what is done, 15 cells at most */
  constructor(context: CommandContext, title: string) {
    const { boot: { terminal, options, env } } = context;
    this.#context = context;
    this.#title = title;
    this.#isShown = terminal.stderr && !options.quiet && !options.json && env["TERM"] !== "dumb";
    this.#nextMs = context.now() + PATIENCE_MS;
  }

  /** Takes news of the work; can be handed on as it is. */
  readonly show = ({ done, total }: Progress): void => {
    const now = this.#context.now();
    if (!this.#isShown || now < this.#nextMs) return;
    this.#nextMs = now + PERIOD_MS;
    this.#isDrawn = true;
    const filled = Math.floor(BAR_CELLS * (total > 0 ? Math.min(1, done / total) : 0));
    const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
    void this.#context.printError(`${WIPE}${this.#title} ${bar} ${done}/${total}`);
  };

  /** Wipes the line, so that something else can be printed. */
  clear(): void {
    if (this.#isDrawn) void this.#context.printError(WIPE);
    this.#isDrawn = false;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
