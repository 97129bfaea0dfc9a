/**
 * The tools of a conversation's turn, and what the turn has read: text that nobody vouches for, private data.
 * @module
 */
import type { Summary } from "../agent/compaction.ts";
import type { ToolEvent } from "../agent/ports.ts";
import { marksOfMessages } from "../guard/provenance.ts";
import { namedHosts } from "../guard/provenance/named_hosts.ts";
import type { MemoryContext } from "../memory/context.ts";
import { asPyraError } from "../protocol/error.ts";
import type { ToolCall } from "../protocol/message.ts";
import type { Marks, Provenance } from "../protocol/tool.ts";
import type { SessionTurn } from "../sessions/state.ts";
import type { QuestionTools, ToolOffer, ToolTurn, TurnTools } from "./ports.ts";
import { personWords } from "./recollect.ts";

const NOTHING: ToolOffer = { descriptions: [], notices: [] };

/** What a summary holds that plugins wrote. */
export const KEPT_BY_PLUGINS: Partial<Marks> = { untrusted: { from: "what plugins had kept" } };

/** What a turn has read. It only ever grows. */
export class Reading implements Marks {
  #untrusted: Provenance | undefined;
  #sensitive: Provenance | undefined;

  /** @param marks of what is in the conversation already, the first ones first */
  constructor(...marks: readonly (Partial<Marks> | undefined)[]) {
    for (const one of marks) this.mark(one);
  }

  get untrusted(): Provenance | undefined {
    return this.#untrusted;
  }

  get sensitive(): Provenance | undefined {
    return this.#sensitive;
  }

  /** Takes notice of what was read. */
  mark(read: Partial<Marks> | undefined): void {
    this.#untrusted ??= read?.untrusted;
    this.#sensitive ??= read?.sensitive;
  }
}

/** What these turns have read, and what a summary of them may still hold of it. */
export function marksOf(turns: readonly SessionTurn[], summary?: Summary): Marks {
  const reading = new Reading();
  for (const { untrusted, sensitive, from, question, answer } of turns) {
    const first = untrusted ?? from;
    reading.mark({
      ...(first === undefined ? {} : { untrusted: { from: first } }),
      ...(sensitive === undefined ? {} : { sensitive: { from: sensitive } }),
    });
    reading.mark(marksOfMessages([{ role: "user", parts: [...question] }, ...answer]));
  }
  if (summary !== undefined && summary.kept.length > 0) {
    reading.mark(KEPT_BY_PLUGINS);
  }
  return reading;
}

/** What the notes that go with a question make of its turn. */
export function marksOfNotes(notes: MemoryContext | undefined): Partial<Marks> {
  const [note] = notes?.files ?? [];
  const [untrusted] = notes?.untrusted ?? [];
  return {
    ...(note === undefined ? {} : { sensitive: { from: `the note ${note}` } }),
    ...(untrusted === undefined ? {} : { untrusted: { from: `the note ${untrusted}` } }),
  };
}

/** The tools on offer. A question is asked without them if they cannot be had, and says so. */
export async function offerOf(
  tools: QuestionTools | undefined,
  signal: AbortSignal,
  whose?: "planner",
): Promise<ToolOffer> {
  if (tools === undefined) return NOTHING;
  try {
    return await tools.offer(signal, whose);
  } catch (thrown) {
    if (signal.aborted) return NOTHING;
    const why = asPyraError(thrown).message;
    return { descriptions: [], notices: [`this question goes without tools: ${why}`] };
  }
}

/** The tools for one turn; what they read is marked. */
export function turnTools(
  tools: QuestionTools | undefined,
  reading: Reading,
  more: Pick<ToolTurn, "keep" | "isNamed">,
): TurnTools | undefined {
  if (tools === undefined) return undefined;
  const { untrusted, sensitive } = reading;
  const turn = tools.turn({ untrusted, sensitive, ...more });
  return {
    marks: reading,
    async *run(calls: readonly ToolCall[], signal: AbortSignal): AsyncGenerator<ToolEvent> {
      try {
        yield* turn.run(calls, signal);
      } finally {
        reading.mark(turn.marks);
      }
    },
  };
}

/** Tells whether the person named a host; their words are read when that is first asked. */
export function namedIn(turns: readonly SessionTurn[]): (host: string) => boolean {
  let hosts: ReadonlySet<string> | undefined;
  return (host) => {
    hosts ??= namedHosts(turns.map(personWords));
    return hosts.has(host);
  };
}
