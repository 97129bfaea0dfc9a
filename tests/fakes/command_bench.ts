/**
 * Slash commands without a terminal: a surface that keeps what it was told.
 * @module
 */
import type { Part } from "../../src/protocol/message.ts";
import { ChatState, type Choice, type MatchPiece, type Surface } from "../../src/repl/command.ts";
import { PlainPlans } from "../../src/repl/plan/plain.ts";
import type { ReplPorts } from "../../src/repl/ports.ts";
import { runCommand } from "../../src/repl/slash_commands.ts";
import { type FakePorts, fakePorts } from "./repl_ports.ts";

/** A surface that keeps what it was told. */
export class FakeSurface implements Surface {
  shown = "";
  draft = "";
  asked: (readonly Part[])[] = [];
  copied = "";
  /** What the person takes. */
  choice: string | undefined;
  /** What they were asked, and what they could take. */
  title = "";
  offered: readonly Choice[] = [];
  over = false;
  /** Nobody answers about plans. */
  readonly plans = new PlainPlans({ write: (text) => this.shown += text, lines: undefined });

  show(text: string): void {
    this.shown += `${text}\n`;
  }
  showTable(rows: readonly (readonly [string, string])[]): void {
    this.shown += rows.map((row) => row.join(" | ")).join("\n") + "\n";
  }
  showMatches(pieces: readonly MatchPiece[]): void {
    this.show(pieces.map(({ text, isMatch }) => isMatch ? `<${text}>` : text).join(""));
  }
  choose(title: string, choices: readonly Choice[]): Promise<string | undefined> {
    this.title = title;
    this.offered = choices;
    return Promise.resolve(this.choice);
  }
  setDraft(text: string): void {
    this.draft = text;
  }
  ask(parts: readonly Part[]): Promise<void> {
    this.asked.push(parts);
    return Promise.resolve();
  }
  replay(): void {
    this.shown += "replayed\n";
  }
  clear(): void {
    this.shown += "cleared\n";
  }
  copy(text: string): boolean {
    this.copied = text;
    return true;
  }
  quit(): void {
    this.over = true;
  }
  outside<T>(_command: string, call: () => Promise<T>): Promise<T> {
    return call();
  }
}

/** A chat's ports, its state, and a way to run a line that returns what was shown. */
export interface CommandBench extends FakePorts {
  readonly surface: FakeSurface;
  readonly state: ChatState;
  readonly run: (line: string) => Promise<string>;
}

/** Makes one; `changes` replaces some ports. */
export function commandBench(changes: Partial<ReplPorts> = {}): CommandBench {
  const fake = fakePorts(changes);
  const surface = new FakeSurface();
  const state = new ChatState(fake.conversation);
  const signal = new AbortController().signal;
  const run = async (line: string): Promise<string> => {
    surface.shown = "";
    await runCommand(line, { ports: fake.ports, state, surface, signal });
    return surface.shown;
  };
  return { ...fake, surface, state, run };
}
