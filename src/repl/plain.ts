/**
 * The chat as plain lines: for a pipe, a dumb terminal, a screen reader. No cursor, no colours.
 * @module
 */
import type { Conversation, SendOptions } from "../chat/ports.ts";
import { asPyraError, EXIT } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";
import {
  ChatState,
  type Choice,
  type MatchPiece,
  questionText,
  rememberable,
  type Surface,
} from "./command.ts";
import { PlainApproval } from "./plain_approval.ts";
import { planOffer } from "./plan/command.ts";
import { PlainPlans } from "./plan/plain.ts";
import { Leaving } from "./leaving.ts";
import type { ReplPorts } from "./ports.ts";
import { sanitize, Sanitizer } from "./sanitize.ts";
import { parseCommand, runCommand } from "./slash_commands.ts";
import { TypedLines } from "./typed_lines.ts";
import { describeError, describeTurn, runTurn, type Tone } from "./turn.ts";

/** Where plain lines come from and go to. */
export interface PlainStreams {
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: answers. */
  readonly write: (text: string) => void;
  /** Standard error: notices, warnings, errors. */
  readonly writeError: (text: string) => void;
  /** Aborted when nobody reads the answers any more: `pyra chat | head`. */
  readonly readerLeft: AbortSignal;
}

const AGAIN_MS = 1_500;

/** Runs the chat as plain lines until the input ends. Returns the exit code. */
export async function runPlain(ports: ReplPorts, streams: PlainStreams): Promise<number> {
  return await new PlainChat(ports, streams).run();
}

class PlainChat implements Surface {
  readonly #ports: ReplPorts;
  readonly #streams: PlainStreams;
  readonly #state: ChatState;
  readonly #ended = Promise.withResolvers<number>();
  #work: AbortController | undefined;
  #interrupted = -Infinity;
  #over = false;
  readonly #leaving: Leaving;
  readonly #lines: TypedLines;
  readonly #approval: PlainApproval;
  readonly plans: PlainPlans;

  constructor(ports: ReplPorts, streams: PlainStreams) {
    this.#ports = ports;
    this.#streams = streams;
    this.#state = new ChatState(ports.conversation);
    this.#lines = new TypedLines(streams.input);
    const { stdin, stdout, columns } = ports.terminal;
    this.#leaving = new Leaving(ports, {
      // What was piped in and read is in this room alone: it ends here.
      canLeave: stdin,
      state: () => rememberable(this.#state, "", ""),
      work: () => this.#work,
      end: (code) => this.#end(code),
    });
    this.#approval = new PlainApproval({
      // Where only one of the two is a terminal, the question has to be seen there.
      write: stdout ? streams.write : streams.writeError,
      lines: this.#lines,
      columns: () => columns ?? (stdout ? terminalColumns() : undefined),
    });
    this.plans = new PlainPlans({
      write: stdout ? streams.write : streams.writeError,
      lines: stdin ? this.#lines : undefined,
    });
    // What is piped in are questions; none of them is a person's yes.
    if (stdin) ports.attachTools?.(this.#approval);
  }

  async run(): Promise<number> {
    const stop = [
      this.#ports.onKernel("interrupt", () => this.#interrupt()),
      this.#leaving.listen(),
    ];
    // Whoever read has enough.
    this.#streams.readerLeft.addEventListener("abort", () => this.#end(EXIT.done), { once: true });
    const reading = this.#read();
    try {
      return await Promise.race([this.#ended.promise, reading]);
    } finally {
      this.#over = true;
      this.#work?.abort();
      for (const unsubscribe of stop) unsubscribe();
      await this.#state.conversation[Symbol.asyncDispose]();
    }
  }

  async #read(): Promise<number> {
    for (const line of this.#ports.notice) this.show(sanitize(line), "dim");
    this.#warn(this.#state.conversation);
    const { command, draft, attached = [] } = this.#ports.resumed ?? {};
    for (const path of attached) await this.#state.attach(path, this.#ports);
    if (command !== undefined) await this.#handle(command);
    if (draft !== undefined && draft !== "") this.setDraft(draft);
    let held = "";
    this.#prompt();
    for (let line; (line = await this.#lines.next()) !== undefined && !this.#over;) {
      const { text, cut } = line;
      if (cut) this.show("warning: a line was too long and is cut", "warning");
      const whole = held === "" ? text : `${held}\n${text}`;
      if (whole.endsWith("\\") && !cut) {
        held = whole.slice(0, -1);
        continue;
      }
      held = "";
      await this.#handle(whole);
      if (this.#over) break;
      this.#prompt();
    }
    if (held !== "" && !this.#over) await this.#handle(held);
    return EXIT.done;
  }

  #prompt(): void {
    if (this.#ports.terminal.stdin && !this.#over) this.#streams.write("> ");
  }

  async #handle(line: string): Promise<void> {
    if (line.trim() === "") return;
    const work = new AbortController();
    this.#work = work;
    try {
      if (parseCommand(line) === undefined) {
        const context = { ports: this.#ports, surface: this };
        await this.#state.connect(this.#state.conversation.choice, line, context);
        const parts: Part[] = [...this.#state.takeAttachments(), { type: "text", text: line }];
        await this.ask(parts);
      } else {
        await runCommand(line, {
          ports: this.#ports,
          state: this.#state,
          surface: this,
          signal: work.signal,
        });
      }
    } catch (thrown) {
      this.show(describeError(asPyraError(thrown)), "error");
    } finally {
      if (this.#work === work) this.#work = undefined;
      void this.#leaving.settled();
    }
  }

  #interrupt(): void {
    const now = performance.now();
    if (now - this.#interrupted < AGAIN_MS) return this.#end(EXIT.interrupted);
    this.#interrupted = now;
    if (this.#work !== undefined) this.#work.abort();
    else this.show("Ctrl-C again ends the chat", "dim");
  }

  #end(code: number): void {
    this.#over = true;
    this.#work?.abort();
    this.#ended.resolve(code);
  }

  show(text: string, tone: Tone = "plain"): void {
    // What is cut off by the end fails, and that is nobody's business any more.
    if (this.#over) return;
    const write = tone === "plain" ? this.#streams.write : this.#streams.writeError;
    write(`${text}\n`);
  }

  showTable(rows: readonly (readonly [string, string])[]): void {
    const width = Math.max(...rows.map(([left]) => left.length)) + 2;
    this.show(rows.map(([left, right]) => left.padEnd(width) + right).join("\n"));
  }

  showMatches(pieces: readonly MatchPiece[]): void {
    this.show(`  ${pieces.map(({ text, isMatch }) => isMatch ? `**${text}**` : text).join("")}`);
  }

  choose(title: string, choices: readonly Choice[]): Promise<string | undefined> {
    this.show(`${title}:`);
    this.showTable(choices.map((choice) => [choice.value, choice.description ?? ""] as const));
    return Promise.resolve(undefined);
  }

  setDraft(text: string): void {
    this.show(`your question was; type it anew:\n${sanitize(text)}`);
  }

  async ask(parts: readonly Part[], options: SendOptions = {}): Promise<void> {
    const signal = this.#work?.signal ?? new AbortController().signal;
    const sanitizer = new Sanitizer();
    let last = "\n";
    const { conversation } = this.#state;
    const result = await runTurn(conversation, { parts, ...options }, signal, {
      text: (text) => {
        const clean = sanitizer.push(text);
        if (clean === "") return;
        this.#streams.write(clean);
        last = clean.slice(-1);
      },
      reasoning: () => undefined,
      status: () => undefined,
      announce: (calls) => {
        if (last !== "\n") this.#streams.write("\n");
        last = "\n";
        this.#approval.announced.announce(calls);
      },
      note: (text, tone) => {
        if (last !== "\n") this.#streams.write("\n");
        last = "\n";
        this.show(text, tone);
      },
    });
    if (last !== "\n") this.#streams.write("\n");
    if (this.#ports.terminal.stdout) this.show(`(${describeTurn(result)})`, "dim");
  }

  #warn(conversation: Conversation): void {
    for (const text of conversation.warnings) {
      this.show(`warning: ${sanitize(text)}`, "warning");
    }
    const offer = planOffer(conversation);
    if (offer !== undefined) this.show(offer, "dim");
  }

  replay(conversation: Conversation): void {
    this.#warn(conversation);
    for (const message of conversation.messages.slice(-2)) {
      if (message.role === "user") this.show(`> ${sanitize(questionText(message.parts))}`);
      if (message.role === "assistant") this.show(sanitize(message.text));
    }
  }

  clear(): void {
    this.show("this is a new conversation", "dim");
  }

  copy(): boolean {
    return false;
  }

  quit(): void {
    this.#end(EXIT.done);
  }

  async outside<T>(command: string, call: () => Promise<T>): Promise<T> {
    await this.#ports.remember(rememberable(this.#state, command, ""));
    return await call();
  }
}

/** The terminal's width; `undefined` where standard output is none after all. */
function terminalColumns(): number | undefined {
  try {
    return Deno.consoleSize().columns;
  } catch {
    // It was closed, or never was one: lines stay whole.
    return undefined;
  }
}
