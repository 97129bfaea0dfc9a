/**
 * A plugin's log: its `console`, and what it logs through its context.
 * @module
 */
import { withoutAddresses } from "./fault.ts";

const LINE_CHARACTERS = 4_000;
/** What is looked at: addresses of modules are long, and are left out. */
const TEXT_CHARACTERS = 100_000;
/** So many lines wait to be sent; more are dropped, and the log says so. */
const WAITING_LINES = 200;

/** Collects lines and sends those of one turn of the event loop together. */
export class PluginLog {
  readonly #send: (lines: readonly string[]) => Promise<unknown>;
  #waiting: string[] = [];
  #dropped = 0;
  #sending = false;

  /** @param send passes lines on; the next ones wait for it */
  constructor(send: (lines: readonly string[]) => Promise<unknown>) {
    this.#send = send;
  }

  /** Adds a text, a line for each of its lines. */
  add(text: string): void {
    const near = withoutAddresses(text.slice(0, TEXT_CHARACTERS));
    for (const line of near.slice(0, LINE_CHARACTERS).split("\n")) {
      if (this.#waiting.length < WAITING_LINES) this.#waiting.push(line);
      else this.#dropped++;
    }
    if (this.#sending) return;
    this.#sending = true;
    queueMicrotask(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      if (this.#dropped > 0) lines.push(`(${this.#dropped} more lines were dropped)`);
      this.#dropped = 0;
      // A log that is gone must not end the plugin.
      await this.#send(lines).catch(() => undefined);
    }
    this.#sending = false;
  }
}

/** The `console` of a plugin; nothing of it reaches the terminal. */
export function pluginConsole(log: PluginLog, inspect: typeof Deno.inspect): object {
  const shown = (value: unknown) =>
    typeof value === "string" ? value : inspect(value, { depth: 4, colors: false });
  const write = (label: string) => (...values: unknown[]) =>
    log.add(label + values.map(shown).join(" "));
  const counts = new Map<string, number>();
  const plain = write("");
  return Object.freeze({
    log: plain,
    info: plain,
    debug: plain,
    dir: plain,
    dirxml: plain,
    table: plain,
    group: plain,
    groupCollapsed: plain,
    groupEnd: () => {},
    warn: write("warning: "),
    error: write("error: "),
    trace: write("trace: "),
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) write("assertion failed: ")(...values);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      plain(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => void counts.delete(label),
    time: () => {},
    timeLog: plain,
    timeEnd: plain,
    clear: () => {},
  });
}
