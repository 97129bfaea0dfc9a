/**
 * What shows that the model works: a spinner with the time, and the last lines of its thoughts.
 * @module
 */
import type { Component } from "@earendil-works/pi-tui";
import { sanitize } from "./sanitize.ts";
import { type Palette, styled } from "./style.ts";
import { shorten } from "./text_width.ts";
import { wrapped } from "./transcript.ts";
import { count } from "./turn.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 120;
const THOUGHT_LINES = 3;
/** UTF-16 units of the thoughts' end that are laid out. */
const THOUGHT_TAIL = 600;

/** The line above the editor while something runs. */
export class StatusLine implements Component {
  readonly #palette: Palette;
  readonly #refresh: () => void;
  #label = "";
  #since = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #thoughts = "";
  #thinkingSince = 0;

  /** @param refresh draws the screen */
  constructor(palette: Palette, refresh: () => void) {
    this.#palette = palette;
    this.#refresh = refresh;
  }

  invalidate(): void {
    // Nothing is cached.
  }

  start(label: string): void {
    this.#label = label;
    this.#since = performance.now();
    this.#timer ??= setInterval(this.#refresh, FRAME_MS);
  }

  stop(): void {
    this.#label = "";
    this.#thoughts = "";
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  think(text: string): void {
    if (this.#thoughts === "") this.#thinkingSince = performance.now();
    this.#thoughts += text;
  }

  /** Ends the thoughts; what to show in their place, if there were any. */
  takeThoughts(): string | undefined {
    if (this.#thoughts === "") return undefined;
    const words = this.#thoughts.split(/\s+/).filter((word) => word !== "").length;
    const seconds = (performance.now() - this.#thinkingSince) / 1000;
    this.#thoughts = "";
    return `thought for ${seconds.toFixed(1)} s (${count(words)} words)`;
  }

  render(width: number): string[] {
    if (this.#label === "") return [];
    const elapsed = performance.now() - this.#since;
    const frame = FRAMES[Math.floor(elapsed / FRAME_MS) % FRAMES.length] ?? "";
    const text = `${this.#label} · ${Math.floor(elapsed / 1000)} s · Ctrl-C stops`;
    const thoughts = sanitize(this.#thoughts.slice(-THOUGHT_TAIL)).trim();
    return [
      ...(thoughts === ""
        ? []
        : wrapped(thoughts, width, this.#palette.dim, "  ").slice(-THOUGHT_LINES)),
      `${styled(this.#palette.accent, frame)} ${
        styled(this.#palette.dim, shorten(text, width - 2))
      }`,
    ];
  }
}
