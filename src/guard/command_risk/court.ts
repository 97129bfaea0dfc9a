/**
 * What the parts of a judgement share: the call that is judged, what is known around it, and the court
 * that keeps the worst that was said.
 * @module
 */
import { type Risk, type RiskPlace, RISKS } from "../risk.ts";

/** Stands in a word for a text that is not known. NUL bytes of the command itself are taken out before. */
export const UNKNOWN = "\0";

/** What comes in on standard input. */
export interface Input {
  /** Where it comes from: nowhere, a known text, the network, something private, or it is not known. */
  readonly from: "nothing" | "text" | "network" | "private" | "unknown";
  /** The text, if it is known. */
  readonly text?: string | undefined;
}

/** No input at all. */
export const NO_INPUT: Input = { from: "nothing" };

/** What is known at one place of a script. */
export interface Scope {
  /** The folder, absolute. */
  folder: string;
  readonly variables: Map<string, string>;
  /** Known contents of files, by absolute path: written earlier in the same script. */
  readonly files: Map<string, string>;
  /** Bodies of functions; the walk of the script knows their type. */
  readonly functions: Map<string, unknown>;
  readonly aliases: Map<string, string>;
  /** Functions that are being run. */
  readonly running: readonly string[];
  /** How many scripts, calls and functions lie around this one. */
  readonly depth: number;
  /** Whether it runs on another machine. */
  readonly remote: boolean;
  /** Whether it runs beside others: in a pipeline or in the background. */
  readonly beside: boolean;
}

/** One program and what it is given. */
export interface Call {
  /** The program and its arguments, expanded. */
  readonly words: readonly string[];
  readonly input: Input;
  readonly scope: Scope;
}

/** How a program is judged. */
export type Rule = (call: Call, court: Court) => void;

/** Keeps the worst that was said, and leads to the other parts. */
export interface Court {
  readonly place: RiskPlace;
  readonly home: string;
  /** Notes a risk; the first of the worst decides. Without a part, the call that is judged is named. */
  raise(risk: Risk, reason: string, part?: string): void;
  /** Judges a text as a shell would run it, and says what it prints, if that is known. */
  line(text: string, scope: Scope, input?: Input): string | undefined;
  /** Judges a program with its arguments. */
  call(call: Call): void;
  /** Judges on the side: what would be the risk? Nothing is noted. */
  aside(judge: () => void): Risk;
  /** Counts one step of a walk. Says whether there is time for it. */
  step(): boolean;
  /** Whether the worst is reached, or the work is at its bound; then nothing more needs to be done. */
  done(): boolean;
}

/** Whether the first risk is at least the second. */
export function atLeast(risk: Risk, bound: Risk): boolean {
  return RISKS.indexOf(risk) >= RISKS.indexOf(bound);
}

/** The same place one level deeper, with changes. */
export function within(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return {
    ...scope,
    variables: new Map(scope.variables),
    depth: scope.depth + 1,
    ...changes,
  };
}

/** The same call with other words. */
export function withWords(call: Call, words: readonly string[]): Call {
  return { ...call, words, scope: { ...call.scope, depth: call.scope.depth + 1 } };
}

/** A program's name without folder and ending, in small letters. */
export function programOf(word: string): string {
  const name = word.slice(Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\")) + 1)
    .toLowerCase();
  return name.replace(/\.(exe|com|cmd|bat)$/, "");
}

/** Whether a word, or a part of it, is not known. */
export function isUnknown(word: string): boolean {
  return word.includes(UNKNOWN);
}
