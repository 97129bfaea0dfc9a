/**
 * One turn of a conversation, as the terminal shows it.
 * @module
 */
import { PLAN_TOOL_NAMES } from "../agent/planner/tool_names.ts";
import type { Conversation, SendOptions } from "../chat/ports.ts";
import { redact } from "../guard/redaction.ts";
import { asPyraError, type ErrorReport } from "../protocol/error.ts";
import type { Part, ToolCall, Usage } from "../protocol/message.ts";
import type { DoneReason, TurnEvent } from "../protocol/turn_event.ts";
import { YOU_AGREED } from "../tools/approval.ts";
import { CLARIFICATION, nameOfModel } from "../tools/tool_name.ts";
import { replyPanel } from "./reply_panel.ts";
import { sanitize, sanitizeLine } from "./sanitize.ts";
import { shorten } from "./text_width.ts";

/** How a line stands out. */
export type Tone = "plain" | "dim" | "warning" | "error";

/** Where a turn is shown. */
export interface TurnView {
  /** A piece of the answer. */
  text(text: string): void;
  /** A piece of what the model thinks. */
  reasoning(text: string): void;
  /** Whole lines beside the answer. Sanitised already. */
  note(text: string, tone: Tone): void;
  /** What goes on. Sanitised already. */
  status(label: string): void;
  /** The person is about to be asked about these calls; all that led to them is shown. */
  announce(calls: readonly ToolCall[]): void;
}

/** What a turn gave. */
export interface TurnResult {
  readonly answer: string;
  readonly usage: Usage;
  /** Milliseconds from the question to the end. */
  readonly duration: number;
  readonly reason: DoneReason;
}

/** What is asked. */
export interface TurnQuestion extends SendOptions {
  readonly parts: readonly Part[];
}

/**
 * Asks, and shows each event. Never throws: what fails is shown.
 * @param now a clock, ms
 */
export async function runTurn(
  conversation: Conversation,
  { parts, ...options }: TurnQuestion,
  signal: AbortSignal,
  view: TurnView,
  now: () => number = () => performance.now(),
): Promise<TurnResult> {
  const start = now();
  let answer = "";
  let usage: Usage = { input_tokens: 0, output_tokens: 0, cached_tokens: 0 };
  let reason: DoneReason = "error";
  /** Calls whose result says nothing to the person. */
  const quiet = new Set<string>();
  try {
    for await (const event of conversation.send(parts, signal, options)) {
      if (event.type === "tool_call" && PLAN_TOOL_NAMES.has(event.call.name)) {
        quiet.add(event.call.id);
      }
      if (event.type === "text") {
        answer += event.text;
        view.text(event.text);
      } else if (event.type === "usage") usage = addUsage(usage, event.usage);
      else if (event.type === "done") reason = event.reason;
      else if (event.type === "tool_result" && event.status === "ok" && quiet.has(event.call_id)) {
        view.status("thinking");
      } else showEvent(event, view);
    }
  } catch (thrown) {
    if (signal.aborted) reason = "cancelled";
    else view.note(describeError(asPyraError(thrown)), "error");
  }
  const ending = ENDINGS[reason];
  if (ending !== undefined) view.note(ending.text, ending.tone);
  return { answer, usage, duration: now() - start, reason };
}

const ENDINGS: Readonly<Partial<Record<DoneReason, { text: string; tone: Tone }>>> = {
  cancelled: { text: "stopped; what arrived is kept", tone: "dim" },
  length: { text: "the answer reached the output limit; ask to go on", tone: "warning" },
  tool_rounds: { text: "the limit of tool rounds was reached; ask to go on", tone: "warning" },
  filtered: { text: "the provider withheld the rest of the answer", tone: "warning" },
};

function showEvent(event: TurnEvent, view: TurnView): void {
  switch (event.type) {
    case "reasoning":
      return view.reasoning(event.text);
    case "warning":
      return view.note(
        event.labels ? replyPanel(event.labels) : `warning: ${sanitize(event.message)}`,
        "warning",
      );
    case "error":
      return view.note(describeError(event.error), "error");
    case "tool_call": {
      const name = sanitizeLine(nameOfModel(event.call.name));
      if (event.call.name === CLARIFICATION) {
        view.announce([event.call]);
        return view.status(name);
      }
      // What a plan is shows when the person is asked about it.
      if (PLAN_TOOL_NAMES.has(event.call.name)) return view.status(name);
      view.note(`→ ${name} ${briefArguments(event.call.arguments)}`, "dim");
      return view.status(name);
    }
    case "tool_result":
      if (event.status === "denied") view.note(`← ${brief(event.text)}`, "warning");
      else if (event.status === "ok") view.note(`← ${briefResult(event.text)}`, "dim");
      else view.note(`← ${event.status}: ${briefResult(event.text)}`, "dim");
      return view.status("thinking");
    case "approval_request":
      return view.announce(event.calls);
    case "approval":
      return showDecision(event, view);
    default:
      return undefined;
  }
}

/** What the person answered themselves is shown already, and what was denied with its result. */
function showDecision(
  { decision, reason }: Extract<TurnEvent, { type: "approval" }>,
  view: TurnView,
): void {
  if (decision === "allow" && reason !== YOU_AGREED) {
    view.note(`allowed: ${sanitizeLine(reason)}`, "dim");
  }
}

/** `path: notes.md · content: …`; what is no object as it is. */
function briefArguments(json: string): string {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch (_notJson) {
    return brief(json);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return brief(json);
  return brief(
    Object.entries(given)
      .map(([name, value]) =>
        `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`
      )
      .join(" · "),
  );
}

/** Of many lines the first, where it says something: a program's output was shown while it came. */
function briefResult(text: string): string {
  const [first = "", ...others] = text.trimEnd().split("\n", 3);
  return brief(others.length > 1 && /\p{L}/u.test(first) ? `${first} …` : text);
}

function brief(text: string): string {
  return shorten(sanitizeLine(text.slice(0, 400)), 120);
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cached_tokens: a.cached_tokens + b.cached_tokens,
  };
}

/** An error as it is shown: what happened, and what to do. */
export function describeError(error: ErrorReport): string {
  // A server or a program may have put a key into its complaint.
  const [message, hint] = [error.message, error.hint].map((text) => sanitize(redact(text)));
  const causes = error.causes?.map((cause) => `because: ${sanitizeLine(redact(cause))}`) ?? [];
  return [`error: ${message}`, ...hint === "" ? [] : [hint], ...causes].join("\n");
}

/** `1,234 in · 56 out · 1.2 s`. */
export function describeTurn(result: TurnResult): string {
  const { usage, duration } = result;
  const tokens = usage.input_tokens + usage.output_tokens > 0
    ? `${count(usage.input_tokens)} in · ${count(usage.output_tokens)} out · `
    : "";
  return `${tokens}${(duration / 1000).toFixed(1)} s`;
}

/** A number with separators: `12,345`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
