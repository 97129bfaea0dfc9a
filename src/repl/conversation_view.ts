/**
 * The conversation on the screen: questions, answers as they arrive, and the program's own lines.
 * @module
 */
import type { Component } from "@earendil-works/pi-tui";
import type { Plan } from "../agent/planner.ts";
import type { Conversation } from "../chat/ports.ts";
import type { Part, ToolCall } from "../protocol/message.ts";
import { AnnouncedCalls } from "../tools/announced_calls.ts";
import { AnswerView } from "./answer_view.ts";
import { type MatchPiece, questionAttachments, questionText } from "./command.ts";
import { ProgramOutput } from "./program_output.ts";
import { planOffer } from "./plan/command.ts";
import { PlanProgress } from "./plan/progress.ts";
import { sanitize } from "./sanitize.ts";
import type { Screen } from "./screen.ts";
import { StatusLine } from "./status_line.ts";
import type { Palette } from "./style.ts";
import {
  answerEntry,
  type Entry,
  matchEntry,
  noteEntry,
  questionEntry,
  tableEntry,
  type Transcript,
} from "./transcript.ts";
import type { Tone, TurnView } from "./turn.ts";

/** Rows of the screen that an open block leaves to the editor and the status. */
const OTHER_ROWS = 10;
/** Messages of a resumed conversation that are shown. */
const REPLAYED = 4;

/** What the conversation shows, above the editor. */
export class ConversationView implements TurnView {
  /** Told of each question about tools as soon as what led to it is shown. */
  readonly announced = new AnnouncedCalls();
  readonly #screen: Screen;
  readonly #transcript: Transcript;
  readonly #palette: Palette;
  readonly #status: StatusLine;
  readonly #plan: PlanProgress;
  readonly #changed: () => void;
  readonly #output: ProgramOutput;
  #answer: AnswerView | undefined;

  /**
   * @param transcript the same that the screen lays out anew
   * @param changed is called when `live` has other components
   */
  constructor(screen: Screen, transcript: Transcript, palette: Palette, changed: () => void) {
    this.#screen = screen;
    this.#transcript = transcript;
    this.#palette = palette;
    this.#status = new StatusLine(palette, () => screen.refresh());
    this.#output = new ProgramOutput(palette);
    this.#changed = changed;
    this.#plan = new PlanProgress(palette);
  }

  /** What is not finished, from above to below. */
  get live(): readonly Component[] {
    return [
      ...(this.#answer === undefined ? [] : [this.#answer]),
      ...(this.#output.isEmpty ? [] : [this.#output]),
      this.#plan,
      this.#status,
    ];
  }

  /** Shows a question, and how much goes with it. */
  question(parts: readonly Part[]): void {
    const attached = questionAttachments(parts).length;
    const text = sanitize(questionText(parts));
    this.#add(questionEntry(text, attached, this.#palette));
  }

  status(label: string): void {
    this.#showThoughts();
    this.#endAnswer();
    this.#status.start(label);
    this.#changed();
  }

  /** Shows what the program of a call writes, as it comes. Foreign text, whole lines. */
  output(callId: string, text: string): void {
    const isNew = this.#output.isEmpty;
    this.#output.add(callId, text);
    if (isNew) this.#changed();
    // What is drawn is bounded, however much comes: the screen draws no faster than its frames.
    this.#screen.refresh();
  }

  announce(calls: readonly ToolCall[]): void {
    this.announced.announce(calls);
  }

  /** Shows how a plan stands, above the editor; nothing if there is none. */
  follow(plan: Plan | undefined): void {
    this.#plan.plan = plan;
    this.#changed();
  }

  /** Nothing goes on: the person is asked. */
  rest(): void {
    this.#status.stop();
    this.#changed();
  }

  /** Shows lines for good. */
  entry(entry: Entry): void {
    this.#showThoughts();
    this.#foldOutput();
    this.#add(entry);
  }

  text(text: string): void {
    if (this.#answer === undefined) {
      this.#showThoughts();
      this.#status.stop();
      this.#answer = new AnswerView(this.#screen.columns, {
        palette: this.#palette,
        rows: () => this.#screen.rows - OTHER_ROWS - this.#plan.rows,
      });
      this.#transcript.add(this.#answer.entry);
      this.#changed();
    }
    this.#screen.print(this.#answer.push(text, this.#screen.columns));
  }

  reasoning(text: string): void {
    this.#status.think(text);
    this.#screen.refresh();
  }

  note(text: string, tone: Tone): void {
    this.#showThoughts();
    this.#foldOutput();
    if (this.#answer !== undefined) {
      this.#endAnswer();
      this.#add(() => [""]);
    }
    this.#add(noteEntry(text, tone, this.#palette));
  }

  /** Shows pairs of a short and a longer text. */
  table(rows: readonly (readonly [string, string])[]): void {
    this.#add(tableEntry(rows, this.#palette));
  }

  /** Shows one line in which something was found. */
  matches(pieces: readonly MatchPiece[]): void {
    this.#add(matchEntry(pieces, this.#palette));
  }

  /** The turn is over. */
  end(): void {
    this.#endAnswer();
    this.#foldOutput();
    this.#status.stop();
    this.#changed();
  }

  /** Shows the end of a conversation that is gone on with. */
  replay(conversation: Conversation): void {
    for (const text of conversation.warnings) this.note(`warning: ${sanitize(text)}`, "warning");
    for (const message of conversation.messages.slice(-REPLAYED)) {
      if (message.role === "user") this.question(message.parts);
      else if (message.role === "assistant") this.#add(answerEntry(message.text, this.#palette));
    }
    const offer = planOffer(conversation);
    if (offer !== undefined) this.note(offer, "dim");
    this.#changed();
  }

  /** Clears what is visible. */
  clear(): void {
    this.#transcript.clear();
    this.#screen.clear();
  }

  /** What programs wrote is over: its last lines stay. */
  #foldOutput(): void {
    if (this.#output.isEmpty) return;
    this.#add(this.#output.take());
    this.#changed();
  }

  #add(entry: Entry): void {
    this.#transcript.add(entry);
    this.#screen.print(entry(this.#screen.columns));
  }

  #showThoughts(): void {
    const thoughts = this.#status.takeThoughts();
    if (thoughts !== undefined) this.#add(noteEntry(`${thoughts}\n`, "dim", this.#palette));
  }

  #endAnswer(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    this.#screen.print(answer.end());
    this.#answer = undefined;
    this.#changed();
  }
}
