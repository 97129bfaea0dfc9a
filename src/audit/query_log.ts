/**
 * The record of questions: who asked what of whom, and when. The kernel writes the lines, one after the other,
 * so that `pyra security log verify` can tell whether they are all there.
 * @module
 */
import { cutUnits, plainLines } from "../protocol/foreign_text.ts";
import { originText } from "../protocol/origin.ts";
import type { Part } from "../protocol/message.ts";

/** A question as it is asked. */
export interface AskedQuery {
  /** The session's id. */
  readonly session: string;
  /** Whose words it is, if they are not the person's own. */
  readonly from?: string | undefined;
  readonly provider: string;
  readonly model: string;
  readonly parts: readonly Part[];
}

/** Where questions are written down. */
export interface QueryRecord {
  /** Writes one down, beside the question: that waits for nothing. */
  add(query: AskedQuery): void;
  /** Why some were not, one sentence each; grows. */
  readonly notices: readonly string[];
}

/** What the record needs. */
export interface RecordPorts {
  /** Where the person asks: `ask`, `chat`, `recipe`. */
  readonly surface: string;
  /** What must not be in a file is taken out. */
  readonly redact: (text: string) => string;
  /** Appends a line. @throws whatever keeps it from that */
  readonly write: (line: string) => Promise<unknown>;
}

/** UTF-16 units of a question that are kept: as JSON they fit into a line of the log. */
const TEXT_UNITS = 1_000;
/** Of each place that a part came from. */
const PLACE_UNITS = 60;
const PLACES = 8;

/** A record whose lines the ports write. */
export class WrittenQueries implements QueryRecord {
  readonly notices: string[] = [];
  readonly #open: () => Promise<RecordPorts>;
  #ports: Promise<RecordPorts> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param open is called with the first question */
  constructor(open: () => Promise<RecordPorts>) {
    this.#open = open;
  }

  add(query: AskedQuery): void {
    this.#writing = this.#writing.then(async () => {
      try {
        const { surface, redact, write } = await (this.#ports ??= this.#open());
        await write(queryLine(query, { surface, redact }));
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const notice = `questions are not written to the log of queries: ${why}`;
        if (!this.notices.includes(notice)) this.notices.push(notice);
      }
    });
  }

  /** All that was added is written, or will not be. */
  settled(): Promise<void> {
    return this.#writing;
  }
}

/** The line of a question. The text is the asker's own; of the rest there is only where it came from. */
export function queryLine(
  { session, from, provider, model, parts }: AskedQuery,
  { surface, redact }: Pick<RecordPorts, "surface" | "redact">,
): string {
  const own = parts.flatMap((part) =>
    part.type === "text" && part.origin === undefined ? [part.text] : []
  );
  const others = parts.filter((part) => part.type !== "text" || part.origin !== undefined);
  const places = others.slice(0, PLACES).map((part) =>
    cutUnits(part.origin === undefined ? part.type : originText(part.origin), PLACE_UNITS)
  );
  const length = parts.reduce(
    (sum, part) => sum + (part.type === "text" ? part.text.length : part.data.length),
    0,
  );
  return JSON.stringify({
    who: from === undefined ? "person" : cutUnits(from, PLACE_UNITS),
    surface,
    session,
    provider,
    model,
    length,
    ...(others.length === 0 ? {} : { with: places }),
    // A secret that the cut would halve is taken out before.
    text: plainLines(redact(own.join("\n")), TEXT_UNITS),
  });
}
