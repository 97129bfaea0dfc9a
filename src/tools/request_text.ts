/**
 * A request for approval in words, for any surface to lay out. All of it is plain text: what a model
 * or a plugin put in to deceive the eye is taken out.
 * @module
 */
import type { ApprovalRequest } from "./approval.ts";
import { effectText } from "./effect.ts";
import { cutUnits, oneLine, plainLines } from "./foreign_text.ts";
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

const ARGUMENT_LINES = 40;
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

/** Texts of several lines go below their name. */
function argumentLines(given: Readonly<Record<string, unknown>>): string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (lines.length >= ARGUMENT_LINES) break;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const label = oneLine(name, 80);
    // What is not shown is said; the surface's details show no more than this either.
    const whole = plainLines(cutUnits(text, LINE_UNITS * ARGUMENT_LINES), Infinity);
    const parts = whole.split("\n");
    if (parts.length === 1 && text.length <= LINE_UNITS) lines.push(`${label}: ${whole}`);
    else {
      lines.push(`${label}: (${text.length} characters)`);
      lines.push(...parts.map((part) => `  ${oneLine(part, LINE_UNITS)}`));
    }
  }
  const more = lines.length - ARGUMENT_LINES;
  return more > 0 ? [...lines.slice(0, ARGUMENT_LINES), `… and more`] : lines;
}
