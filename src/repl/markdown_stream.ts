/**
 * Markdown on a terminal's standard output, without cursor movement: for `pyra ask`.
 * @module
 */
import type { LineHighlighter } from "./highlight.ts";
import { MarkdownPrinter } from "./markdown.ts";
import { palette } from "./style.ts";

/** A stream of Markdown. */
export interface MarkdownStream {
  /** Adds text, cut anywhere. Waits once, when the first fence of code comes, for the languages. */
  push(text: string): Promise<void>;
  /** Prints what was held back and ends the last line. */
  end(): Promise<void>;
}

/** Loads the languages when a fence is near. */
export class LazyHighlighting {
  #tail = "";
  #find: ((language: string) => LineHighlighter | undefined) | undefined;

  /** Must be awaited before text is printed. */
  async before(text: string): Promise<void> {
    if (this.#find !== undefined) return;
    const seen = this.#tail + text;
    this.#tail = seen.slice(-2);
    if (!seen.includes("```") && !seen.includes("~~~")) return;
    this.#find = (await import("./highlight_languages.ts")).highlighterFor;
  }

  /** The highlighter of a language, if languages are loaded and it is one of them. */
  find(language: string): LineHighlighter | undefined {
    return this.#find?.(language);
  }
}

/**
 * Prints Markdown as it arrives.
 * @param write receives the pieces to print, in order
 * @param options.columns the terminal's width
 * @param options.color false: no escape sequence is written at all
 */
export function createMarkdownStream(
  write: (text: string) => void,
  options: { readonly columns: number; readonly color: boolean },
): MarkdownStream {
  const highlighting = new LazyHighlighting();
  let batch = "";
  const printer = new MarkdownPrinter((text) => batch += text, {
    columns: options.columns,
    palette: palette(options),
    ...(options.color && { highlight: (language) => highlighting.find(language) }),
  });
  const flush = (): void => {
    if (batch === "") return;
    const text = batch;
    batch = "";
    write(text);
  };
  return {
    async push(text): Promise<void> {
      if (options.color) await highlighting.before(text);
      printer.push(text);
      flush();
    },
    // deno-lint-ignore require-await
    async end(): Promise<void> {
      printer.end();
      flush();
    },
  };
}
