/**
 * The lower part of a terminal's main screen as a living region, with everything above it printed once
 * into the terminal's own scrollback and never again.
 *
 * pi-tui's `TuiMainScreen` keeps and compares every line it ever showed, and prints all of them anew
 * (clearing the person's scrollback) when one above the screen changes. So finished lines are handed to
 * it for one frame only and then taken out of its state.
 * @module
 */
import process from "node:process";
import {
  type Component,
  Container,
  ProcessTerminal,
  type Terminal,
  truncateToWidth,
  TuiMainScreen,
  visibleWidth,
} from "@earendil-works/pi-tui";

const FRAME_MS = 33;
/** Bytes of base64 that terminals take with one OSC 52. */
const MAX_CLIPBOARD = 100_000;
/** Clears the terminal's scrollback, which is the person's. */
const CLEAR_SCROLLBACK = "\x1b[3J";

/** The lines that end the transcript, for a width; used when the terminal's size has changed. */
export type TranscriptTail = (columns: number, most: number) => string[];

/** The terminal of this process. Sizes are read when they may have changed, on every runtime. */
export class OwnTerminal extends ProcessTerminal {
  #resized: (() => void) | undefined;
  #size: { columns: number; rows: number } | undefined;

  override start(onInput: (data: string) => void, onResize: () => void): void {
    this.#size = undefined;
    this.#resized = onResize;
    super.start(onInput, () => this.refreshSize());
  }

  override stop(): void {
    this.#resized = undefined;
    super.stop();
  }

  /** Tells that the size may have changed: not every runtime emits `resize` in a worker. */
  refreshSize(): void {
    this.#size = undefined;
    this.#resized?.();
  }

  override get columns(): number {
    return this.#read().columns;
  }

  override get rows(): number {
    return this.#read().rows;
  }

  override write(data: string): void {
    super.write(data.includes(CLEAR_SCROLLBACK) ? data.replaceAll(CLEAR_SCROLLBACK, "") : data);
  }

  #read(): { columns: number; rows: number } {
    this.#size ??= terminalSize() ?? { columns: super.columns, rows: super.rows };
    return this.#size;
  }
}

function terminalSize(): { columns: number; rows: number } | undefined {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : undefined;
  } catch {
    // No terminal at any descriptor, or no such function in this room: node:process knows a size.
    return undefined;
  }
}

/** pi-tui reads variables that a room may not see; then the ones it was given are all there are. */
export function provideEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  try {
    void process.env["PI_TUI_DEBUG"];
  } catch {
    process.env = { ...env };
  }
}

/** Lines that are printed with the next frame and then forgotten. */
class Pending implements Component {
  lines: string[] = [];

  render(): string[] {
    return this.lines;
  }

  invalidate(): void {
    // Nothing is cached.
  }
}

const EMPTY_LINE: Component = { render: () => [""], invalidate: () => undefined };

class ScrollingTui extends TuiMainScreen {
  readonly pending = new Pending();
  readonly live = new Container();
  readonly #transcript: TranscriptTail;
  #size = { columns: 0, rows: 0 };

  constructor(terminal: Terminal, transcript: TranscriptTail) {
    super(terminal);
    this.#transcript = transcript;
    this.addChild(this.pending);
    this.addChild(this.live);
  }

  override render(width: number): string[] {
    // The library stops the program at a line that is too wide; better a cut one.
    return super.render(width).map((line) =>
      visibleWidth(line) > width ? truncateToWidth(line, width, "") : line
    );
  }

  protected override doRender(): void {
    if (this.stopped) return;
    const { columns, rows } = this.terminal;
    const known = this.#size.columns !== 0;
    if (known && (columns !== this.#size.columns || rows !== this.#size.rows)) {
      const room = Math.max(rows - this.live.render(columns).length, this.pending.lines.length);
      this.pending.lines = this.#transcript(columns, room);
      this.wipe();
    }
    this.#size = { columns, rows };
    super.doRender();
    this.#forget(this.pending.lines.length);
    this.pending.lines = [];
  }

  /** Clears what is visible; the next frame begins at the top. */
  wipe(): void {
    // In one update with the frame that follows, so that no empty screen is seen.
    this.terminal.write("\x1b[?2026h\x1b[2J\x1b[H");
    this.#forgetAll();
  }

  /** Takes the first lines out of what the library believes to be on the screen. */
  #forget(lines: number): void {
    if (lines === 0) return;
    const state = this.captureRenderState();
    this.restoreRenderState({
      ...state,
      previousLines: state.previousLines.slice(lines),
      cursorRow: Math.max(0, state.cursorRow - lines),
      hardwareCursorRow: Math.max(0, state.hardwareCursorRow - lines),
      maxLinesRendered: Math.max(0, state.maxLinesRendered - lines),
      previousViewportTop: Math.max(0, state.previousViewportTop - lines),
    });
  }

  /** Takes the living region away; the cursor is then at the beginning of an empty line. */
  withdraw(): void {
    const live = this.live.children;
    try {
      this.live.children = [EMPTY_LINE];
      this.renderNow();
    } finally {
      this.live.children = live;
    }
    this.#forgetAll();
  }

  #forgetAll(): void {
    this.restoreRenderState({
      previousLines: [],
      previousWidth: this.terminal.columns,
      previousHeight: this.terminal.rows,
      cursorRow: 0,
      hardwareCursorRow: 0,
      maxLinesRendered: 0,
      previousViewportTop: 0,
    });
  }
}

/** A screen with a living region. */
export class Screen {
  readonly tui: TuiMainScreen;
  readonly #tui: ScrollingTui;
  readonly #terminal: Terminal;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(terminal: Terminal, transcript: TranscriptTail) {
    this.#terminal = terminal;
    this.tui = this.#tui = new ScrollingTui(terminal, transcript);
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** What is shown in the living region, from above to below. */
  setLive(components: readonly Component[]): void {
    this.#tui.live.children = [...components];
    this.refresh();
  }

  /** Prints lines above the living region, for good. */
  print(lines: readonly string[]): void {
    for (const line of lines) this.#tui.pending.lines.push(line);
    this.refresh();
  }

  /** Draws with the next frame; there are at most 30 a second. */
  refresh(): void {
    if (!this.#running || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#running) this.tui.requestRender();
    }, FRAME_MS);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.tui.start();
  }

  /** Leaves the terminal as it was found, the cursor below what was printed. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#tui.withdraw();
    } finally {
      this.tui.stop();
    }
  }

  /** Clears what is visible; the scrollback stays. */
  clear(): void {
    this.#tui.wipe();
    this.refresh();
  }

  /** Puts text on the person's clipboard; false if it is too long for that. */
  copy(text: string): boolean {
    const encoded = new TextEncoder().encode(text).toBase64();
    if (encoded.length > MAX_CLIPBOARD) return false;
    this.#terminal.write(`\x1b]52;c;${encoded}\x07`);
    return true;
  }
}
