/**
 * A request for approval in words, for any surface to lay out. All of it is plain text: what a model
 * or a plugin put in to deceive the eye is taken out.
 * @module
 */
import type { ApprovalRequest } from "./approval.ts";
import { effectText } from "./effect.ts";
import { cutUnits, oneLine, plainLines } from "../protocol/foreign_text.ts";
import { formatRule } from "./rule.ts";

/** A request in words. */
export interface RequestText {
  readonly tool: string;
  readonly owner: string;
  /** What would be done: `write the note knowledge/deno.md`. */
  readonly does: string;
  /** `reads …`, `writes …`, `network: …`, `runs: …`. */
  readonly effects: readonly string[];
  /** The arguments, one a line or more: `city: Berlin`. */
  readonly arguments: readonly string[];
  /** Such as a diff; lines. */
  readonly detail?: string;
  /** What "always" would store, exactly; absent where there is no "always". */
  readonly rule?: string;
  /** Why the person should look twice. */
  readonly notes: readonly string[];
}

const ARGUMENTS = 30;
/** Lines of one argument, so that it cannot push the others out of sight. */
const ARGUMENT_LINES = 10;
const LINE_UNITS = 400;
const DETAIL_UNITS = 40_000;

/** Describes a request. */
export function describeRequest(request: ApprovalRequest): RequestText {
  const { tool, owner, does, effects, arguments: given, detail, offer, untrusted } = request;
  const isUntrusted = untrusted !== undefined;
  return {
    tool: oneLine(tool, 100),
    owner: oneLine(owner, 100),
    does: oneLine(does, LINE_UNITS),
    effects: [...new Set(effects.map(effectText))],
    arguments: argumentLines(given),
    ...(detail === undefined ? {} : { detail: plainLines(detail, DETAIL_UNITS) }),
    ...(offer === undefined ? {} : { rule: formatRule(offer) }),
    notes: isUntrusted
      ? [`this turn has read text that nobody vouches for: ${oneLine(untrusted.from, 200)}`]
      : [],
  };
}

/** Texts of several lines go below their name. What is left out is said: it could be what matters. */
function argumentLines(given: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(given);
  const shown = entries.slice(0, ARGUMENTS).flatMap(([name, value]) => linesOf(name, value));
  const more = entries.length - ARGUMENTS;
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}

function linesOf(name: string, value: unknown): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  const label = oneLine(name, 80);
  const near = cutUnits(text, LINE_UNITS * ARGUMENT_LINES);
  const lines = plainLines(near, Infinity).split("\n");
  if (lines.length === 1 && text.length <= LINE_UNITS) return [`${label}: ${lines[0]}`];
  const shown = lines.slice(0, ARGUMENT_LINES).map((line) => `  ${oneLine(line, LINE_UNITS)}`);
  const isCut = near.length < text.length || lines.length > ARGUMENT_LINES;
  return [`${label}: (${text.length} characters)`, ...shown, ...(isCut ? ["  … and more"] : [])];
}
