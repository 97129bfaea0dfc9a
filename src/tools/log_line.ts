/**
 * The line that the log of tools gets for each call.
 * @module
 */
import { cutUnits } from "../protocol/foreign_text.ts";

/** What is logged of a call. */
export interface LogEntry {
  /** When it was called, ms since 1970. */
  readonly time: number;
  /** Who asked: `model`, `person`, a channel's sender. */
  readonly who: string;
  /** The plugin that gives the tool; empty if there is no such tool. */
  readonly owner: string;
  readonly tool: string;
  readonly call_id: string;
  /** JSON; as it was given if it could not be read. */
  readonly arguments: string;
  /** `none`: it never came to a decision. */
  readonly decision: "allow" | "allow_always" | "deny" | "none";
  /** Who decided, and why. */
  readonly by: string;
  readonly reason: string;
  readonly status: "ok" | "error" | "denied" | "cancelled";
  /** From the decision to the result. */
  readonly duration_ms: number;
  /** What the tool answered. */
  readonly result: string;
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** The kernel takes lines of 8,192. */
const LINE_UNITS = 8_000;
const ARGUMENTS_UNITS = 2_000;
const RESULT_UNITS = 500;
const WORD_UNITS = 300;
/** Redaction sees this much, so that nothing is cut in half before it is known for a secret. */
const REDACTED_UNITS = 20_000;

/** One JSON line, without its line end; 8,000 UTF-16 units at most. Never throws. */
export function logLine(entry: LogEntry, redact: Redact): string {
  let line = lineOf(entry, redact, 1);
  // Control characters take six units each in JSON.
  for (let share = 0.5; line.length > LINE_UNITS; share /= 2) line = lineOf(entry, redact, share);
  return line;
}

function lineOf(entry: LogEntry, redact: Redact, share: number): string {
  const text = (value: string, most: number) => bounded(value, Math.floor(most * share), redact);
  return JSON.stringify({
    time: timeText(entry.time),
    who: text(entry.who, WORD_UNITS),
    owner: text(entry.owner, WORD_UNITS),
    tool: text(entry.tool, WORD_UNITS),
    call_id: text(entry.call_id, WORD_UNITS),
    arguments: text(entry.arguments, ARGUMENTS_UNITS),
    decision: entry.decision,
    by: text(entry.by, WORD_UNITS),
    reason: text(entry.reason, WORD_UNITS),
    status: entry.status,
    duration_ms: Math.round(entry.duration_ms * 10) / 10,
    result: text(entry.result, RESULT_UNITS),
  });
}

function bounded(value: string, most: number, redact: Redact): string {
  const clean = redacted(cutUnits(value, REDACTED_UNITS), redact).toWellFormed();
  return clean.length <= most ? clean : `${cutUnits(clean, most)}… (${value.length} characters)`;
}

/** What cannot be redacted is not logged. */
function redacted(text: string, redact: Redact): string {
  try {
    return redact(text);
  } catch {
    return "(left out: it could not be searched for secrets)";
  }
}

function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString();
}
