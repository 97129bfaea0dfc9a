/**
 * The chat on a real terminal: an editor below, the conversation above it.
 * @module
 */
import { Editor, isKeyRelease, matchesKey, type Terminal, Text } from "@earendil-works/pi-tui";
import type { Conversation } from "../chat/ports.ts";
import { asPyraError, EXIT } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import { AnswerView } from "./answer_view.ts";
import { completion } from "./completion.ts";
import { InputHistory } from "./history.ts";
import { Picker, selectTheme } from "./picker.ts";
import type { ReplPorts } from "./ports.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import { OwnTerminal, provideEnvironment, Screen } from "./screen.ts";
import {
  ChatState,
  type Choice,
  parseCommand,
  questionText,
  rememberable,
  runCommand,
  type Surface,
} from "./slash_commands.ts";
import { StatusLine } from "./status_line.ts";
import { type Palette, palette, styled, wantsColor } from "./style.ts";
import {
  answerEntry,
  type Entry,
  noteEntry,
  questionEntry,
  tableEntry,
  Transcript,
} from "./transcript.ts";
import { describeError, describeTurn, runTurn, type Tone } from "./turn.ts";

const AGAIN_MS = 1_500;
/** Rows of the screen that an open block leaves to the editor and the status. */
const OTHER_ROWS = 10;
const PICKER_ROWS = 8;
/** Bytes of base64 that terminals take with one OSC 52. */
const MAX_CLIPBOARD = 100_000;

/** Runs the chat on the terminal of this process. Returns the exit code. */
export async function runChatScreen(ports: ReplPorts): Promise<number> {
  provideEnvironment(ports.env);
  const terminal = new OwnTerminal();
  const stopResize = ports.onKernel("resize", () => terminal.refreshSize());
  try {
    return await new ChatScreen(ports, terminal, await InputHistory.open(ports.historyPath)).run();
  } finally {
    stopResize();
  }
}

/** The chat on a terminal. */
export class ChatScreen implements Surface {
  readonly #ports: ReplPorts;
  readonly #state: ChatState;
  readonly #palette: Palette;
  readonly #screen: Screen;
  readonly #editor: Editor;
  readonly #status: StatusLine;
  readonly #footer: Text;
  readonly #history: InputHistory;
  readonly #transcript = new Transcript();
  readonly #ended = Promise.withResolvers<number>();
  #answer: AnswerView | undefined;
  #picker: Picker | undefined;
  /** What runs: a turn or a command. */
  #work: AbortController | undefined;
  #interrupted = -Infinity;

  constructor(
    ports: ReplPorts,
    terminal: Terminal,
    history: InputHistory,
  ) {
    this.#ports = ports;
    this.#state = new ChatState(ports.conversation);
    const color = ports.color !== false && wantsColor(ports.env, ports.theme);
    this.#palette = palette({ color });
    this.#screen = new Screen(terminal, (columns, most) => this.#transcript.tail(columns, most));
    this.#history = history;
    this.#status = new StatusLine(this.#palette, () => this.#screen.refresh());
    this.#footer = new Text("", 0, 0);
    this.#editor = new Editor(this.#screen.tui, {
      borderColor: (text) => styled(this.#palette.dim, text),
      selectList: selectTheme(this.#palette),
    });
    this.#editor.setAutocompleteProvider(completion(ports));
    this.#editor.onSubmit = (text) => void this.#submit(text);
    for (const entry of history.entries) this.#editor.addToHistory(entry);
  }

  /** Runs until the person leaves; the terminal is then as it was. */
  async run(): Promise<number> {
    const fail = (event: ErrorEvent | PromiseRejectionEvent): void => {
      event.preventDefault();
      this.#ended.reject("reason" in event ? event.reason : event.error);
    };
    const stop = [
      this.#ports.onKernel("interrupt", () => this.#interrupt()),
      this.#ports.onKernel("terminate", () => this.#ended.resolve(EXIT.terminated)),
      this.#screen.tui.addInputListener((data) => this.#key(data)),
    ];
    // A fault in a timer or in the library would end the room with the terminal in raw mode.
    globalThis.addEventListener("error", fail);
    globalThis.addEventListener("unhandledrejection", fail);
    try {
      this.#layout();
      this.#welcome();
      this.#screen.start();
      void this.#resume();
      return await this.#ended.promise;
    } finally {
      this.#work?.abort();
      this.#status.stop();
      this.#screen.stop();
      globalThis.removeEventListener("error", fail);
      globalThis.removeEventListener("unhandledrejection", fail);
      for (const unsubscribe of stop) unsubscribe();
      await this.#state.conversation[Symbol.asyncDispose]();
    }
  }

  #welcome(): void {
    const { assistantName, userName, notice } = this.#ports;
    const greeting = userName === "" ? "" : `hello ${sanitizeLine(userName)} · `;
    this.#add(noteEntry(
      `${greeting}this is ${sanitizeLine(assistantName)} · /help lists the commands`,
      "dim",
      this.#palette,
    ));
    for (const line of notice) this.show(sanitize(line), "warning");
    this.replay(this.#state.conversation);
  }

  async #resume(): Promise<void> {
    const { command, draft } = this.#ports.resumed ?? {};
    if (command !== undefined) await this.#submit(command);
    if (draft !== undefined && draft !== "") this.setDraft(draft);
  }

  /** Puts the parts of the living region in their order. */
  #layout(): void {
    const { provider, model } = this.#state.conversation.choice;
    const attached = this.#state.attachments.length;
    const parts = [`${provider}/${model}`, ...(attached > 0 ? [`${attached} attached`] : [])];
    this.#footer.setText(styled(this.#palette.dim, sanitizeLine(parts.join(" · "))));
    const input = this.#picker ?? this.#editor;
    this.#screen.setLive([
      ...(this.#answer === undefined ? [] : [this.#answer]),
      this.#status,
      input,
      this.#footer,
    ]);
    this.#screen.tui.setFocus(input);
  }

  #add(entry: Entry): void {
    this.#transcript.add(entry);
    this.#screen.print(entry(this.#screen.columns));
  }

  /** Keys that belong to the chat and not to the editor. */
  #key(data: string): { consume?: boolean; data?: string } | undefined {
    if (isKeyRelease(data)) return undefined;
    if (data.startsWith("\x1b[200~")) {
      // C1 controls and marks that reorder text: the editor would show them as they are.
      return { data: data.replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "") };
    }
    if (this.#picker !== undefined) return undefined;
    const empty = this.#editor.getText() === "";
    if (matchesKey(data, "ctrl+c")) this.#interrupt();
    else if (matchesKey(data, "ctrl+d") && empty) {
      if (this.#work === undefined) this.#ended.resolve(EXIT.done);
    } else if (matchesKey(data, "ctrl+r")) void this.#searchHistory();
    else if (
      matchesKey(data, "escape") && this.#work !== undefined &&
      !this.#editor.isShowingAutocomplete()
    ) this.#work.abort();
    else return undefined;
    return { consume: true };
  }

  #interrupt(): void {
    const now = performance.now();
    if (now - this.#interrupted < AGAIN_MS) return this.#ended.resolve(EXIT.interrupted);
    this.#interrupted = now;
    if (this.#picker !== undefined) this.#picker.cancel();
    else if (this.#work !== undefined) this.#work.abort();
    else if (this.#editor.getText() !== "") this.setDraft("");
    else this.show("Ctrl-C again ends the chat", "dim");
  }

  async #searchHistory(): Promise<void> {
    const entries = [...new Set(this.#history.entries.toReversed())];
    const found = await this.choose(
      "history",
      entries.map((value) => ({ value, label: sanitizeLine(value.slice(0, 300)) })),
    );
    if (found !== undefined) this.setDraft(found);
  }

  async #submit(text: string): Promise<void> {
    if (text.trim() === "" || this.#work !== undefined) return;
    const work = new AbortController();
    this.#work = work;
    this.#editor.disableSubmit = true;
    this.#editor.addToHistory(text);
    try {
      await this.#keep(text);
      if (parseCommand(text) === undefined) {
        const context = { ports: this.#ports, surface: this };
        await this.#state.connect(this.#state.conversation.choice, text, context);
        const parts: Part[] = [...this.#state.attachments, { type: "text", text }];
        this.#state.attachments = [];
        await this.ask(parts);
      } else {
        this.#add(questionEntry(sanitize(text), this.#palette));
        await runCommand(text, {
          ports: this.#ports,
          state: this.#state,
          surface: this,
          signal: work.signal,
        });
      }
    } catch (thrown) {
      if (!work.signal.aborted) this.show(describeError(asPyraError(thrown)), "error");
    } finally {
      this.#work = undefined;
      this.#editor.disableSubmit = false;
      this.#layout();
    }
  }

  /** Adds to the history; a question is asked also when that fails. */
  async #keep(text: string): Promise<void> {
    try {
      await this.#history.add(text);
    } catch (thrown) {
      this.show(`warning: the history is not kept: ${sanitizeLine(String(thrown))}`, "warning");
    }
  }

  async ask(parts: readonly Part[]): Promise<void> {
    const signal = this.#work?.signal ?? new AbortController().signal;
    this.#add(questionEntry(sanitize(questionText(parts)), this.#palette));
    this.#status.start("thinking");
    this.#layout();
    try {
      const result = await runTurn(this.#state.conversation, parts, signal, {
        text: (text) => this.#text(text),
        reasoning: (text) => {
          this.#status.think(text);
          this.#screen.refresh();
        },
        note: (text, tone) => this.show(text, tone),
      });
      this.show(describeTurn(result), "dim");
    } finally {
      this.#endAnswer();
      this.#status.stop();
    }
  }

  #text(text: string): void {
    if (this.#answer === undefined) {
      this.#showThoughts();
      this.#status.stop();
      this.#answer = new AnswerView(this.#screen.columns, {
        palette: this.#palette,
        rows: () => this.#screen.rows - OTHER_ROWS,
      });
      this.#transcript.add(this.#answer.entry);
      this.#layout();
    }
    this.#screen.print(this.#answer.push(text, this.#screen.columns));
  }

  #endAnswer(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    this.#screen.print(answer.end());
    this.#answer = undefined;
    this.#layout();
  }

  #showThoughts(): void {
    const thoughts = this.#status.takeThoughts();
    if (thoughts !== undefined) this.#add(noteEntry(`${thoughts}\n`, "dim", this.#palette));
  }

  show(text: string, tone: Tone = "plain"): void {
    this.#showThoughts();
    if (this.#answer !== undefined) {
      this.#endAnswer();
      this.#add(() => [""]);
    }
    this.#add(noteEntry(text, tone, this.#palette));
  }

  showTable(rows: readonly (readonly [string, string])[]): void {
    this.#add(tableEntry(rows, this.#palette));
  }

  async choose(title: string, choices: readonly Choice[]): Promise<string | undefined> {
    if (choices.length === 0) {
      this.show("there is nothing to choose", "dim");
      return undefined;
    }
    const chosen = Promise.withResolvers<Choice | undefined>();
    const rows = Math.max(3, Math.min(PICKER_ROWS, this.#screen.rows - 6));
    this.#picker = new Picker(title, choices, { palette: this.#palette, rows }, chosen.resolve);
    this.#layout();
    try {
      return (await chosen.promise)?.value;
    } finally {
      this.#picker = undefined;
      this.#layout();
    }
  }

  setDraft(text: string): void {
    this.#editor.setText(text);
    this.#screen.refresh();
  }

  replay(conversation: Conversation): void {
    for (const text of conversation.warnings) {
      this.show(`warning: ${sanitize(text)}`, "warning");
    }
    for (const message of conversation.messages.slice(-4)) {
      if (message.role === "user") {
        this.#add(questionEntry(sanitize(questionText(message.parts)), this.#palette));
      } else if (message.role === "assistant") {
        this.#add(answerEntry(message.text, this.#palette));
      }
    }
    this.#layout();
  }

  clear(): void {
    this.#transcript.clear();
    this.#screen.clear();
    this.show("this is a new conversation", "dim");
  }

  copy(text: string): boolean {
    const encoded = new TextEncoder().encode(text).toBase64();
    if (encoded.length > MAX_CLIPBOARD) return false;
    this.#screen.control(`\x1b]52;c;${encoded}\x07`);
    return true;
  }

  quit(): void {
    this.#ended.resolve(EXIT.done);
  }

  async outside<T>(command: string, call: () => Promise<T>): Promise<T> {
    const draft = this.#editor.getExpandedText();
    await this.#ports.remember(rememberable(this.#state.conversation.id, command, draft));
    this.#screen.stop();
    try {
      return await call();
    } finally {
      this.#screen.start();
    }
  }
}
