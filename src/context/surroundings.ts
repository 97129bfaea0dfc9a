/**
 * What goes with a question about the machine and the workspace.
 * @module
 */
import type { Surroundings } from "../protocol/kernel_calls.ts";
import type { Provenance } from "../protocol/tool.ts";
import { Figures } from "./figures.ts";
import {
  agreedText,
  type Decision,
  type InstructionsRecord,
  openText,
  type SortedInstructions,
} from "./instructions.ts";
import { currentFacts, type Machine, shownFolder, standingFacts } from "./machine.ts";

/** What of it goes with a question. */
export interface QuestionSurroundings {
  /** The machine and the workspace, for the system prompt: the same for the run. */
  readonly machine: string;
  /** Instructions that were agreed to, for the system prompt; empty if none were. */
  readonly instructions: string;
  /** What of the machine changes. */
  readonly current: string;
  /** Instructions that nobody agreed to; to be sent as data. */
  readonly foreign?: { readonly text: string; readonly from: string };
  /** Set if a file of the workspace is in it. */
  readonly sensitive?: Provenance;
  /** What the person should be told, one sentence each. */
  readonly notices: readonly string[];
}

/**
 * What becomes of instructions that nobody was asked about: sent as data; left out, and the person told so; or
 * left out.
 */
export type OpenInstructions = "fenced" | "named" | "left_out";

/** What it needs. */
export interface SurroundingsPorts {
  /** The kernel's word. */
  readonly look: () => Promise<Surroundings>;
  readonly machine: Machine;
  readonly record: InstructionsRecord;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const FILE = { from: "AGENTS.md of the workspace" } as const;

/** The surroundings of one run. */
export class RunSurroundings {
  readonly #ports: SurroundingsPorts;
  readonly #figures = new Figures();
  /** The machine is the same for a run, and so is the text about it. */
  #facts: string | undefined;

  constructor(ports: SurroundingsPorts) {
    this.#ports = ports;
  }

  /** What goes with a question that is asked now. @throws what the kernel and the disk refuse */
  async forQuestion(open: OpenInstructions): Promise<QuestionSurroundings> {
    const { look, machine, record, now } = this.#ports;
    const at = now();
    const seen = this.#figures.steady(await look(), at);
    const sorted = await record.sort(seen.instructions);
    this.#facts ??= standingFacts(machine, seen, at);
    const foreign = open === "fenced" ? openText(sorted.open, seen.home) : "";
    const agreed = agreedText(sorted.used, seen.home);
    return {
      machine: this.#facts,
      instructions: agreed,
      current: currentFacts(machine, seen, at),
      ...(foreign !== "" && { foreign: { text: foreign, ...FILE } }),
      ...(foreign + agreed !== "" && { sensitive: FILE }),
      notices: notices(sorted, open, seen.home),
    };
  }

  /** The project's instructions by what was said to them, and how their paths are shown. */
  async instructions(): Promise<SortedInstructions & { shown(path: string): string }> {
    const { instructions, home } = await this.#ports.look();
    const sorted = await this.#ports.record.sort(instructions);
    return { ...sorted, shown: (path) => shownFolder(path, home) };
  }

  /** Keeps what the person said to these texts. */
  async decide(files: SortedInstructions["open"], decision: Decision): Promise<void> {
    await this.#ports.record.decide(files, decision);
  }
}

function notices(
  { open, unread }: SortedInstructions,
  how: OpenInstructions,
  home: string | null,
): string[] {
  const named = open.map(({ path }) => shownFolder(path, home)).join(", ");
  const what = open.length === 1 ? "is" : "are";
  return [
    ...(named === "" || how === "left_out" ? [] : [
      how === "named"
        ? `${named} ${what} left out: pyra chat asks whether the model may go by it`
        : `${named} ${what} sent as data only; /context use makes instructions of it`,
    ]),
    ...unread.map((path) =>
      `${
        shownFolder(path, home)
      } is left out: it is a link, has more than 32 KB, or may not be read`
    ),
  ];
}
