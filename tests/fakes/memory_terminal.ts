/**
 * A terminal in memory, with a scrollback, that understands escape sequences (xterm's own parser).
 * @module
 */
import type { Terminal } from "@earendil-works/pi-tui";
import xterm from "@xterm/headless";

/** See the module. */
export class MemoryTerminal implements Terminal {
  /** Everything that was written. */
  written = "";
  /** True between `start` and `stop`. */
  raw = false;
  readonly kittyProtocolActive = false;
  readonly #xterm: InstanceType<typeof xterm.Terminal>;
  #input: (data: string) => void = () => {};
  #resize: () => void = () => {};

  constructor(columns = 80, rows = 24) {
    this.#xterm = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 10_000,
      allowProposedApi: true,
    });
  }

  start(onInput: (data: string) => void, onResize: () => void): void {
    this.raw = true;
    this.#input = onInput;
    this.#resize = onResize;
  }

  stop(): void {
    this.raw = false;
  }

  drainInput(): Promise<void> {
    return Promise.resolve();
  }

  write(data: string): void {
    this.written += data;
    this.#xterm.write(data);
  }

  get columns(): number {
    return this.#xterm.cols;
  }

  get rows(): number {
    return this.#xterm.rows;
  }

  moveBy(lines: number): void {
    if (lines !== 0) this.write(lines > 0 ? `\x1b[${lines}B` : `\x1b[${-lines}A`);
  }

  hideCursor(): void {
    this.write("\x1b[?25l");
  }

  showCursor(): void {
    this.write("\x1b[?25h");
  }

  clearLine(): void {
    this.write("\x1b[K");
  }

  clearFromCursor(): void {
    this.write("\x1b[J");
  }

  clearScreen(): void {
    this.write("\x1b[2J\x1b[H");
  }

  setTitle(): void {}

  setProgress(): void {}

  /** Presses keys: each argument is what a terminal sends for one key, or a text, typed. */
  press(...keys: string[]): void {
    for (const key of keys) {
      if (key.startsWith("\x1b") || key.length === 1) this.#input(key);
      else for (const character of key) this.#input(character);
    }
  }

  paste(text: string): void {
    this.#input(`\x1b[200~${text}\x1b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.#xterm.resize(columns, rows);
    this.#resize();
  }

  /** The scrollback and the screen, lines without white space at their end, empty last ones left out. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#xterm.write("", resolve));
    const buffer = this.#xterm.buffer.active;
    const lines = Array.from(
      { length: buffer.length },
      (_, row) => buffer.getLine(row)?.translateToString(true).trimEnd() ?? "",
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
  }

  /** What is visible. */
  async screen(): Promise<string> {
    const lines = await this.lines();
    return lines.slice(this.#xterm.buffer.active.baseY).join("\n");
  }

  /** Waits until the whole text holds. @throws with the screen after five seconds */
  async until(holds: (text: string) => boolean): Promise<string> {
    for (let waited = 0; waited < 5_000; waited += 20) {
      const text = (await this.lines()).join("\n");
      if (holds(text)) return text;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not shown in time:\n${(await this.lines()).join("\n")}`);
  }

  /** Waits until everything written is parsed, timers included. */
  async dispose(): Promise<void> {
    await new Promise<void>((resolve) => this.#xterm.write("", resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.#xterm.dispose();
  }
}
