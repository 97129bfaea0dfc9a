/**
 * A list to choose from in place of the editor; typing narrows it.
 * @module
 */
import {
  type Component,
  decodeKittyPrintable,
  type Focusable,
  matchesKey,
  SelectList,
  type SelectListTheme,
} from "@earendil-works/pi-tui";
import type { Choice } from "./command.ts";
import { sanitizeLine } from "./sanitize.ts";
import { type Palette, styled } from "./style.ts";
import { shorten } from "./text_width.ts";

/** Choices that are offered at once; typing reaches the others. */
const MAX_MATCHES = 200;

/** Bracketed paste. */
const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** How a picker looks. */
export function selectTheme(palette: Palette): SelectListTheme {
  return {
    selectedPrefix: (text) => styled(palette.accent, text),
    selectedText: (text) => styled(palette.accent, text),
    description: (text) => styled(palette.dim, text),
    scrollInfo: (text) => styled(palette.dim, text),
    noMatch: (text) => styled(palette.dim, text),
  };
}

/** A list with a filter. */
export class Picker implements Component, Focusable {
  focused = false;
  readonly #title: string;
  readonly #choices: readonly Choice[];
  readonly #palette: Palette;
  readonly #rows: number;
  readonly #done: (choice: Choice | undefined) => void;
  #query = "";
  #list: SelectList;

  /** @param done is called once, with undefined if nothing was chosen */
  constructor(
    title: string,
    choices: readonly Choice[],
    options: { readonly palette: Palette; readonly rows: number },
    done: (choice: Choice | undefined) => void,
  ) {
    this.#title = title;
    this.#choices = choices;
    this.#palette = options.palette;
    this.#rows = options.rows;
    this.#done = done;
    this.#list = this.#filtered();
  }

  invalidate(): void {
    this.#list.invalidate();
  }

  render(width: number): string[] {
    const prompt = `${this.#title}: ${sanitizeLine(this.#query)}`;
    return [
      `${styled(this.#palette.strong, shorten(prompt, width - 1))}\x1b[7m \x1b[0m`,
      ...this.#list.render(width),
      styled(this.#palette.dim, shorten("type to search · Enter takes · Esc leaves", width)),
    ];
  }

  handleInput(data: string): void {
    if (matchesKey(data, "ctrl+r")) return this.#list.handleInput("\x1b[B");
    if (matchesKey(data, "backspace")) return this.#search(this.#query.slice(0, -1));
    if (matchesKey(data, "ctrl+u")) return this.#search("");
    const printable = decodeKittyPrintable(data) ?? data;
    // deno-lint-ignore no-control-regex
    if (!/[\x00-\x1f\x7f]/.test(printable)) return this.#search(this.#query + printable);
    if (data.startsWith(PASTE_START)) {
      const pasted = data.slice(PASTE_START.length).replace(PASTE_END, "");
      return this.#search(this.#query + sanitizeLine(pasted));
    }
    this.#list.handleInput(data);
  }

  /** Leaves without a choice. */
  cancel(): void {
    this.#done(undefined);
  }

  #search(query: string): void {
    this.#query = query;
    this.#list = this.#filtered();
  }

  #filtered(): SelectList {
    const words = this.#query.toLowerCase().split(/\s+/);
    const matching = this.#choices.filter((choice) => {
      const text = `${choice.label} ${choice.description ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const items = matching.slice(0, MAX_MATCHES).map((choice, index) => ({
      value: String(index),
      label: sanitizeLine(choice.label),
      ...(choice.description !== undefined && { description: sanitizeLine(choice.description) }),
    }));
    const list = new SelectList(items, this.#rows, selectTheme(this.#palette), {
      maxPrimaryColumnWidth: 48,
    });
    list.onSelect = (item) => this.#done(matching[Number(item.value)]);
    list.onCancel = () => this.#done(undefined);
    return list;
  }
}
