/**
 * The chat on a real terminal: an editor below, the conversation above it.
 * @module
 */
import { Editor, isKeyRelease, matchesKey, type Terminal, Text } from "@earendil-works/pi-tui";
import type { Conversation, SendOptions } from "../chat/ports.ts";
import { asPyraError, EXIT } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import { ApprovalDesk, type DeskPorts, type Instead } from "./approval_desk.ts";
import { ChatState, type Choice, type MatchPiece, rememberable, type Surface } from "./command.ts";
import { completion } from "./completion.ts";
import { ConversationView } from "./conversation_view.ts";
import { catchFaults } from "./faults.ts";
import type { InputHistory } from "./history.ts";
import { Picker, selectTheme } from "./picker.ts";
import { PlanDesk } from "./plan/desk.ts";
import { Leaving } from "./leaving.ts";
import type { ReplPorts } from "./ports.ts";
import { sanitize, sanitizeLine, withoutMarks } from "./sanitize.ts";
import { Screen } from "./screen.ts";
import { parseCommand, runCommand } from "./slash_commands.ts";
import { type Palette, palette, styled, wantsColor } from "./style.ts";
import { Transcript } from "./transcript.ts";
import { describeError, describeTurn, runTurn, type Tone } from "./turn.ts";

const AGAIN_MS = 1_500;
const PICKER_ROWS = 8;

/** The chat on a terminal. */
export class ChatScreen implements Surface {
  readonly #ports: ReplPorts;
  readonly #state: ChatState;
  readonly #palette: Palette;
  readonly #screen: Screen;
  readonly #editor: Editor;
  readonly #view: ConversationView;
  readonly plans: PlanDesk;
  readonly #footer: Text;
  readonly #history: InputHistory;
  readonly #ended = Promise.withResolvers<number>();
  readonly #leaving: Leaving;
  /** What stands in the editor's place. */
  #instead: Instead | undefined;
  /** What runs: a turn or a command. */
  #work: AbortController | undefined;
  #interrupted = -Infinity;
  #over = false;

  constructor(ports: ReplPorts, terminal: Terminal, history: InputHistory) {
    this.#ports = ports;
    this.#state = new ChatState(ports.conversation);
    const color = ports.color !== false && wantsColor(ports.env, ports.theme);
    this.#palette = palette({ color, theme: ports.theme });
    const transcript = new Transcript();
    this.#screen = new Screen(terminal, (columns, most) => transcript.tail(columns, most));
    this.#view = new ConversationView(
      this.#screen,
      transcript,
      this.#palette,
      () => this.#layout(),
    );
    this.#history = history;
    this.#leaving = new Leaving(ports, {
      canLeave: true,
      state: () => rememberable(this.#state, "", this.#editor.getExpandedText()),
      work: () => this.#work,
      end: this.#ended.resolve,
    });
    this.#footer = new Text("", 0, 0);
    this.#editor = new Editor(this.#screen.tui, {
      borderColor: (text) => styled(this.#palette.dim, text),
      selectList: selectTheme(this.#palette),
    });
    this.#editor.setAutocompleteProvider(completion(ports));
    this.#editor.onSubmit = (text) => void this.#submit(text);
    const desk: DeskPorts = {
      view: this.#view,
      palette: this.#palette,
      put: (instead) => this.#put(instead),
      refresh: () => this.#screen.refresh(),
      type: (data) => this.#editor.handleInput(data),
    };
    this.plans = new PlanDesk(this, desk, () => this.#screen.rows);
    ports.attachTools?.(new ApprovalDesk(desk));
    for (const entry of history.entries) this.#editor.addToHistory(sanitize(entry));
  }

  /** Runs until the person leaves; the terminal is then as it was. */
  async run(): Promise<number> {
    using _faults = catchFaults((fault) => this.#ended.reject(fault));
    const stop = [
      this.#ports.onKernel("interrupt", () => this.#interrupt()),
      this.#leaving.listen(),
      this.#screen.tui.addInputListener((data) => this.#key(data)),
    ];
    try {
      this.#layout();
      this.#welcome();
      this.#screen.start();
      void this.#resume();
      return await this.#ended.promise;
    } finally {
      this.#over = true;
      this.#work?.abort();
      this.#view.end();
      this.#screen.stop();
      for (const unsubscribe of stop) unsubscribe();
      await this.#state.conversation[Symbol.asyncDispose]();
    }
  }

  #welcome(): void {
    const { assistantName, userName, notice } = this.#ports;
    const greeting = userName === "" ? "" : `hello ${sanitizeLine(userName)} · `;
    this.show(
      `${greeting}this is ${sanitizeLine(assistantName)} · /help lists the commands`,
      "dim",
    );
    for (const line of notice) this.show(sanitize(line), "warning");
    this.#view.replay(this.#state.conversation);
  }

  async #resume(): Promise<void> {
    const { command, draft, attached = [] } = this.#ports.resumed ?? {};
    for (const path of attached) await this.#state.attach(path, this.#ports);
    if (draft !== undefined && draft !== "") this.setDraft(draft);
    if (command !== undefined) await this.#submit(command);
  }

  /** Puts the parts of the living region in their order. */
  #layout(): void {
    const { provider, model } = this.#state.conversation.choice;
    const attached = this.#state.attachments.length;
    const parts = [`${provider}/${model}`, ...(attached > 0 ? [`${attached} attached`] : [])];
    this.#footer.setText(styled(this.#palette.dim, sanitizeLine(parts.join(" · "))));
    const input = this.#instead ?? this.#editor;
    this.#screen.setLive([...this.#view.live, input, this.#footer]);
    this.#screen.tui.setFocus(input);
  }

  #put(instead: Instead | undefined): void {
    this.#instead = instead;
    this.#layout();
  }

  /** Keys that belong to the chat and not to the editor. */
  #key(data: string): { consume?: boolean; data?: string } | undefined {
    if (isKeyRelease(data)) return undefined;
    if (data.startsWith("\x1b[200~")) {
      return { data: withoutMarks(data) };
    }
    if (this.#instead instanceof Picker) return undefined;
    const empty = this.#editor.getText() === "";
    if (matchesKey(data, "ctrl+c")) this.#interrupt();
    else if (this.#instead !== undefined) return undefined;
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
    if (this.#instead instanceof Picker) this.#instead.cancel();
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
      // A question is asked also when that fails.
      await this.#history.add(text).catch((thrown) =>
        this.show(`warning: the history is not kept: ${sanitizeLine(String(thrown))}`, "warning")
      );
      if (parseCommand(text) === undefined) {
        const context = { ports: this.#ports, surface: this };
        await this.#state.connect(this.#state.conversation.choice, text, context);
        const parts: Part[] = [...this.#state.takeAttachments(), { type: "text", text }];
        await this.ask(parts);
      } else {
        this.#view.question([{ type: "text", text }]);
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
      void this.#leaving.settled();
    }
  }

  async ask(parts: readonly Part[], options: SendOptions = {}): Promise<void> {
    const signal = this.#work?.signal ?? new AbortController().signal;
    const { conversation } = this.#state;
    this.#view.question(parts);
    this.#view.status("thinking");
    try {
      const result = await runTurn(conversation, { parts, ...options }, signal, this.#view);
      this.show(describeTurn(result), "dim");
    } finally {
      this.#view.end();
    }
  }

  show(text: string, tone: Tone = "plain"): void {
    this.#view.note(text, tone);
  }

  showTable(rows: readonly (readonly [string, string])[]): void {
    this.#view.table(rows);
  }

  showMatches(pieces: readonly MatchPiece[]): void {
    this.#view.matches(pieces);
  }

  async choose(title: string, choices: readonly Choice[]): Promise<string | undefined> {
    if (choices.length === 0) {
      this.show("there is nothing to choose", "dim");
      return undefined;
    }
    const chosen = Promise.withResolvers<Choice | undefined>();
    const rows = Math.max(3, Math.min(PICKER_ROWS, this.#screen.rows - 6));
    this.#put(new Picker(title, choices, { palette: this.#palette, rows }, chosen.resolve));
    try {
      return (await chosen.promise)?.value;
    } finally {
      this.#put(undefined);
    }
  }

  setDraft(text: string): void {
    this.#editor.setText(sanitize(text));
    this.#screen.refresh();
  }

  replay(conversation: Conversation): void {
    this.#view.replay(conversation);
  }

  clear(): void {
    this.#view.clear();
    this.show("this is a new conversation", "dim");
  }

  copy(text: string): boolean {
    return this.#screen.copy(text);
  }

  quit(): void {
    this.#ended.resolve(EXIT.done);
  }

  async outside<T>(command: string, call: () => Promise<T>): Promise<T> {
    const draft = this.#editor.getExpandedText();
    await this.#ports.remember(rememberable(this.#state, command, draft));
    this.#screen.stop();
    try {
      return await call();
    } finally {
      // The chat may have ended meanwhile; the terminal is not taken again then.
      if (!this.#over) this.#screen.start();
    }
  }
}
