/**
 * A request for approval in words, for any surface to lay out. All of it is plain text: what a model
 * or a plugin put in to deceive the eye is taken out.
 * @module
 */
import type { ApprovalRequest } from "./approval.ts";
import type { Effect } from "../protocol/tool.ts";
import { ANY, effectText } from "./effect.ts";
import { cutUnits, hiddenCount, oneLine, plainLines } from "../protocol/foreign_text.ts";
import { type RunVerdict, scriptOf } from "./judged_runs.ts";
import { carriesOut, mayLeak } from "./policy.ts";
import { formatRule } from "./rule.ts";

/** How much is said: `short` leaves out the ends of what is long, `whole` nothing that can be shown. */
export type Extent = "short" | "whole";

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
  /** Where private data may go by it; absent if it cannot, or none was read. */
  readonly leavesTo?: string;
  /** How dangerous what it runs is: `MODERATE: changes files: touch a`. */
  readonly risk?: string;
  /** Why the person should look twice. */
  readonly notes: readonly string[];
}

const ARGUMENTS = 30;
/** Lines of one argument, so that it cannot push the others out of sight. */
const ARGUMENT_LINES = 10;
const LINE_UNITS = 400;
/** UTF-16 units of a change, and of all arguments, that can be shown. */
const SHOWN_UNITS = 100_000;

/** Describes a request. */
export function describeRequest(request: ApprovalRequest, extent: Extent = "short"): RequestText {
  const { tool, owner, does, effects, arguments: given, detail, offer, untrusted } = request;
  const { risk, heldBy } = request;
  return {
    tool: oneLine(tool, 100),
    owner: oneLine(owner, 100),
    does: oneLine(does, LINE_UNITS),
    effects: [
      ...new Set(
        effects.map((effect) =>
          isShownBelow(effect, detail)
            ? effectText(belowText(effect))
            : effectText(effect, extent === "whole" ? SHOWN_UNITS : undefined)
        ),
      ),
      ...(heldBy === undefined ? [] : [oneLine(heldBy.told, 200)]),
    ],
    arguments: extent === "whole" ? allLines(given) : argumentLines(given),
    ...(detail === undefined ? {} : { detail: plainLines(withReturns(detail), SHOWN_UNITS) }),
    ...(offer === undefined ? {} : { rule: formatRule(offer) }),
    ...(mayLeak(request) ? { leavesTo: destination(effects) } : {}),
    ...(risk === undefined ? {} : { risk: riskText(risk) }),
    notes: [
      ...(untrusted === undefined ? [] : [
        "this conversation has read text that nobody vouches for, from " +
        `${oneLine(untrusted.from, 200)}${privateToo(request)}`,
      ]),
      ...doubts(request),
    ],
  };
}

/** Whether the detail begins with the very command line that is run: it need not be read twice. */
function isShownBelow(effect: Effect, detail = ""): boolean {
  const script = effect.kind === "runs" ? scriptOf(effect.argv ?? []) : undefined;
  return script !== undefined && hiddenCount(script) === 0 && !script.includes("\r") &&
    `${detail}\n`.startsWith(`$ ${script.replaceAll("\n", "\n  ")}\n`);
}

/** The effect with words in place of its arguments. */
function belowText(effect: Effect): Effect {
  if (effect.kind !== "runs") return effect;
  const { argv: _shown, ...rest } = effect;
  return { ...rest, program: `the line below (by ${effect.program})` };
}

function riskText({ risk, reason, part }: RunVerdict): string {
  const where = part === "" ? "" : `: ${oneLine(part, 200)}`;
  return `${risk}: it ${oneLine(reason, 200)}${where}`;
}

function privateToo(request: ApprovalRequest): string {
  if (!mayLeak(request)) return "";
  const { sensitive } = request;
  const what = sensitive === undefined ? "what this reads" : oneLine(sensitive.from, 200);
  return `; and private data: ${what}. Look at what would leave`;
}

/** Where what a call carries may go. */
function destination(effects: readonly Effect[]): string {
  const places = effects.filter(carriesOut).map((effect) =>
    effect.kind === "network"
      ? effect.host === ANY ? "any host" : oneLine(effect.host, 300)
      : effect.kind === "runs"
      ? `the program ${oneLine(effect.program, 300)}, which may pass it on`
      : ""
  );
  return [...new Set(places)].join(", ");
}

/** What of a request the person cannot see, whatever they look at. */
function doubts({ effects, arguments: given, detail = "" }: ApprovalRequest): string[] {
  const texts = [...textsOf([given, effects])];
  const hidden = [...texts, detail].reduce((sum, text) => sum + hiddenCount(text), 0);
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  return [
    ...(hidden === 0 ? [] : [
      `${hidden} character${hidden === 1 ? "" : "s"} of this cannot be seen: beware of what ` +
      "they may say to whoever reads them",
    ]),
    ...(Math.max(units, detail.length) <= SHOWN_UNITS
      ? []
      : ["this is too long to be shown whole: look at it elsewhere before you agree"]),
  ];
}

/** All texts in a value, names included. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (!Array.isArray(value)) yield name;
      yield* textsOf(item);
    }
  }
}

/** All arguments as they are, as far as they can be shown. */
function allLines(given: Readonly<Record<string, unknown>>): string[] {
  let room = SHOWN_UNITS;
  const lines: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const text = withReturns(textOf(value));
    const label = oneLine(name, 80);
    // The bars keep what is blank at both ends.
    const [first = "", ...others] = plainLines(`|${cutUnits(text, Math.max(0, room))}|`, Infinity)
      .slice(1, -1).split("\n");
    lines.push(
      ...(others.length === 0 ? [`${label}: ${first}`] : [
        `${label}: (${text.length} characters)`,
        ...[first, ...others].map((one) => `  ${one}`),
      ]),
    );
    room -= text.length + label.length;
    if (room < 0) return [...lines, "… the rest is too long to be shown"];
  }
  return lines;
}

/** A return alone is no end of a line; shown as one it would make lines that are none. */
function withReturns(text: string): string {
  return text.replace(/\r(?!\n)/g, "␍");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

/** Texts of several lines go below their name. What is left out is said: it could be what matters. */
function argumentLines(given: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(given);
  const shown = entries.slice(0, ARGUMENTS).flatMap(([name, value]) => linesOf(name, value));
  const more = entries.length - ARGUMENTS;
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}

function linesOf(name: string, value: unknown): string[] {
  const text = withReturns(textOf(value));
  const label = oneLine(name, 80);
  const near = cutUnits(text, LINE_UNITS * ARGUMENT_LINES);
  const lines = plainLines(near, Infinity).split("\n");
  if (lines.length === 1 && text.length <= LINE_UNITS) return [`${label}: ${lines[0]}`];
  const shown = lines.slice(0, ARGUMENT_LINES).map((line) => `  ${oneLine(line, LINE_UNITS)}`);
  const isCut = near.length < text.length || lines.length > ARGUMENT_LINES;
  return [`${label}: (${text.length} characters)`, ...shown, ...(isCut ? ["  … and more"] : [])];
}
