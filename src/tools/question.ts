/**
 * The one question about all calls of a round, as lines for any surface to lay out, and what each of
 * its answers means.
 * @module
 */
import type { Answer, ApprovalRequest } from "./approval.ts";
import { describeRequest, type Extent, type RequestText } from "./request_text.ts";

/** A line of the question. */
export interface QuestionLine {
  /**
   * `title`: what would be done; `fact`: where and with what; `added` and `removed`: lines of a diff;
   * `foreign`: what a model or a plugin wrote; `warning`: why to look twice.
   */
  readonly kind: "title" | "fact" | "added" | "removed" | "foreign" | "warning";
  /** What stands before the text: a bar before foreign text, so that it cannot pass for the question. */
  readonly prefix: string;
  readonly text: string;
}

/** The keys that answer. */
export type AnswerKey = "y" | "a" | "n";

/** Lines of a change or of arguments that are shown at first. */
const SHORT_LINES = 14;
/** Of several calls each. */
const SHARED_LINES = 6;
const INDENT = "  ";
const BAR = `${INDENT}│ `;

/** The question's lines; `whole` shows what `short` leaves out. Nothing hidden is in them. */
export function questionLines(
  requests: readonly ApprovalRequest[],
  extent: Extent,
): QuestionLine[] {
  const most = extent === "whole" ? Infinity : requests.length > 1 ? SHARED_LINES : SHORT_LINES;
  const texts = requests.map((request) => describeRequest(request, extent));
  const isOne = texts.length === 1;
  const said = [...new Set(texts.flatMap(({ notes }) => notes))];
  // Of one call more may be said than of another: `…; and private data: …`.
  const notes = said.filter((one) => !said.some((other) => other.startsWith(`${one};`)));
  return [
    ...(isOne ? [] : [title(`the model wants to do ${texts.length} things`)]),
    ...texts.flatMap((text, at) => [
      title(isOne ? wish(text) : `${at + 1}. ${text.tool}: ${text.does}`),
      ...body(text, most, extent),
    ]),
    ...notes.map((text): QuestionLine => ({ kind: "warning", prefix: "", text })),
  ];
}

/** A tool of a plugin that says nothing of its calls is just used. */
function wish({ tool, does }: RequestText): string {
  return does === `use ${tool}` ? `the model wants to ${does}` : `${tool} wants to ${does}`;
}

/** What may be answered, on one line: `y once · a always · n no · ? details`. */
export function answerLine(requests: readonly ApprovalRequest[]): string {
  const always = requests.some(({ offer }) => offer !== undefined) ? " · a always" : "";
  return `y once${always} · n no · ? details`;
}

/** The rules that "always" would store, exactly as they will stand in the settings. */
export function offeredRules(requests: readonly ApprovalRequest[]): string[] {
  return [
    ...new Set(requests.flatMap((request) => {
      const { rule } = describeRequest(request);
      return rule === undefined ? [] : [rule];
    })),
  ];
}

/** The answer that was typed as a line, or `?`; `undefined` if it is none. An empty line is no. */
export function answerTyped(
  typed: string,
  requests: readonly ApprovalRequest[],
): AnswerKey | "?" | undefined {
  const word = typed.trim().toLowerCase();
  if (word === "?") return word;
  if (word === "" || word === "n" || word === "no") return "n";
  if (word === "y" || word === "yes") return "y";
  const hasRule = requests.some(({ offer }) => offer !== undefined);
  return (word === "a" || word === "always") && hasRule ? "a" : undefined;
}

/** What a key means for each call. A call that can have no rule is allowed this once with the others. */
export function answersOf(
  requests: readonly ApprovalRequest[],
  key: AnswerKey,
): ReadonlyMap<string, Answer> {
  return new Map(requests.map(({ call, offer }) => [call.id, answerOf(key, offer)]));
}

function answerOf(key: AnswerKey, offer: ApprovalRequest["offer"]): Answer {
  if (key === "n") return { kind: "no" };
  return { kind: key === "a" && offer !== undefined ? "always" : "once" };
}

function body(
  { owner, effects, detail, leavesTo, risk, arguments: given }: RequestText,
  most: number,
  extent: Extent,
): QuestionLine[] {
  const origin = owner === "pyra" ? "" : ` · from the plugin ${owner}`;
  // That is a plugin's own word: what it was granted may reach further.
  const nothing = owner === "pyra" ? "answers, and does nothing else" : "says that it only answers";
  const does = effects.length === 0 ? nothing : effects.join(" · ");
  const change = detail === undefined ? [] : changeLines(detail, most);
  const facts = given.map(foreign);
  const shown = detail === undefined ? facts : change;
  // What leaves is what the model wrote, and not what the plugin says of it.
  const leaving = leavesTo === undefined ? [] : [
    fact(`this would leave, to ${leavesTo}:`),
    ...(detail === undefined ? [] : cut(facts, most)),
  ];
  return [
    fact(does + origin),
    ...(risk === undefined ? [] : [riskLine(risk)]),
    ...leaving,
    ...cut(shown, most),
    // With a change the arguments say the same once more.
    ...(extent === "whole" && detail !== undefined ? [fact("arguments:"), ...facts] : []),
  ];
}

/** What only reads is no reason to look twice. */
function riskLine(text: string): QuestionLine {
  return text.startsWith("SAFE") ? fact(text) : { kind: "warning", prefix: INDENT, text };
}

function cut(lines: readonly QuestionLine[], most: number): QuestionLine[] {
  if (lines.length <= most) return [...lines];
  const kept = lines.slice(0, Math.max(1, most - 1));
  return [...kept, fact(`… ${lines.length - kept.length} more lines; ? shows them`)];
}

const GAP = "⋯";

/**
 * A diff without its line numbers: between its parts stands a mark, and in place of what stays as it is
 * where that would push a change out of sight.
 */
function changeLines(detail: string, most: number): QuestionLine[] {
  const lines = detail.split("\n");
  const isDiff = /^@@ /.test(lines[0] ?? "");
  const shown = lines.slice(isDiff ? 1 : 0)
    .map((line) => line.replace(/^@@ -[\d,]+ \+[\d,]+ @@$/, GAP));
  return (isDiff && shown.length > most ? changesOf(shown) : shown).map(changeLine);
}

function changesOf(lines: readonly string[]): string[] {
  const shown: string[] = [];
  for (const line of lines) {
    if (line !== "" && !line.startsWith(" ") && line !== GAP) shown.push(line);
    else if (shown.length > 0 && shown.at(-1) !== GAP) shown.push(GAP);
  }
  return shown.at(-1) === GAP ? shown.slice(0, -1) : shown;
}

function changeLine(line: string): QuestionLine {
  const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "foreign";
  return { kind, prefix: BAR, text: line };
}

function foreign(line: string): QuestionLine {
  return { kind: "foreign", prefix: BAR, text: line };
}

function fact(text: string): QuestionLine {
  return { kind: "fact", prefix: INDENT, text };
}

function title(text: string): QuestionLine {
  return { kind: "title", prefix: "", text };
}
