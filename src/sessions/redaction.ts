/**
 * What a session file is kept without.
 * @module
 */
import { jsonOf } from "../protocol/foreign_text.ts";
import type { SessionEvent, SessionHeader } from "./event.ts";

/** Takes secrets out of text. */
export interface Redaction {
  redact(text: string): string;
  /** For a text that comes in pieces. */
  stream(): { push(piece: string): string; end(): string };
}

/** A line of a session file. */
export type SessionLine = SessionEvent | SessionHeader;

/** These come between the pieces of a text and do not end it. */
const BESIDE: ReadonlySet<string> = new Set([
  "usage",
  "warning",
  "untrusted",
  "sensitive",
  "tool_output",
  "summary",
  "title",
]);

/** Takes secrets out of the lines of one session, also those that two lines share. */
export class LineRedaction {
  readonly #redaction: Redaction;
  /** The text of which pieces are being written, and its last piece's rest. */
  #open:
    | { readonly type: "text" | "reasoning"; readonly stream: ReturnType<Redaction["stream"]> }
    | undefined;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  /** What is to be written for these lines now; the rest of a text comes with the lines that follow. */
  lines(lines: readonly SessionLine[]): SessionLine[] {
    return lines.flatMap((line) => {
      if (line.type !== "text" && line.type !== "reasoning") {
        const rest = BESIDE.has(line.type) ? [] : this.#close();
        return [...rest, withoutSecrets(line, this.#redaction.redact)];
      }
      const { type } = line;
      const rest = this.#open?.type === type ? [] : this.#close();
      this.#open ??= { type, stream: this.#redaction.stream() };
      return [...rest, ...textLine(type, this.#open.stream.push(line.text))];
    });
  }

  #close(): SessionLine[] {
    const open = this.#open;
    this.#open = undefined;
    return open === undefined ? [] : textLine(open.type, open.stream.end());
  }
}

function textLine(type: "text" | "reasoning", text: string): SessionLine[] {
  return text === "" ? [] : [{ type, text }];
}

/** The same with every text in it redacted, but the bytes of images. */
export function withoutSecrets<T>(value: T, redact: Redaction["redact"]): T {
  const without = (inner: unknown): unknown => {
    if (typeof inner === "string") return redactText(inner, redact);
    if (Array.isArray(inner)) return inner.map(without);
    if (typeof inner !== "object" || inner === null) return inner;
    const isImage = "media_type" in inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, each]) =>
        isImage && key === "data" ? [key, each] : [redact(key), without(each)]
      ),
    );
  };
  // Texts become texts, and all else stays what it was.
  return without(value) as T;
}

/** A letter or a sign that JSON need not escape: `\u0067`. */
const NEEDLESS_ESCAPE = /\\u00[2-7][0-9a-f]/i;

/** What was JSON stays JSON: a call's arguments are read again, and without what escapes hide. */
function redactText(text: string, redact: Redaction["redact"]): string {
  const redacted = redact(text);
  if (!/^\s*[{[]/.test(text)) return redacted;
  const isEscaped = NEEDLESS_ESCAPE.test(text);
  if (redacted === text && !isEscaped) return text;
  const value = jsonOf(text);
  if (value === undefined) return redacted;
  const plain = isEscaped ? JSON.stringify(value) : text;
  const bare = redact(plain);
  if (bare === plain) return redacted;
  return jsonOf(bare) === undefined ? JSON.stringify(withoutSecrets(value, redact)) : bare;
}
