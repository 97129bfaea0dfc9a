/**
 * A person at a terminal.
 * @module
 */
import type { CommandRun } from "./command_context.ts";

/** Longer than a question is deaf, ms. */
export const READING_MS = 300;

/** They type these lines, each once they have read what is asked. */
export function typing(...lines: readonly string[]): CommandRun {
  return typed(...lines.map((line) => [READING_MS, line] as const));
}

/** They type these lines, each after so many ms. */
export function typed(...lines: readonly (readonly [ms: number, line: string])[]): CommandRun {
  return {
    stream: (async function* () {
      for (const [ms, line] of lines) {
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
        yield new TextEncoder().encode(`${line}\n`);
      }
    })(),
    terminal: true,
    inputTerminal: true,
  };
}
