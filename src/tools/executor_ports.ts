/**
 * What running tools needs of the world.
 * @module
 */
import type { Effect, Provenance } from "../protocol/tool.ts";
import type { Holder } from "./approval.ts";
import type { Approver } from "./approver.ts";
import type { CallHooks } from "./call_hooks.ts";
import type { JudgeRun } from "./judged_runs.ts";
import type { Redact } from "./log_line.ts";
import type { ToolRegistry } from "./registry.ts";
import type { Rule } from "./rule.ts";

/** What a scan found. */
export type ScanVerdict =
  | { readonly kind: "pass" }
  /** Goes on; the person is told. */
  | { readonly kind: "warn"; readonly message: string }
  /** Does not go on; the model and the person are told why. */
  | { readonly kind: "block"; readonly reason: string };

/** What a scan looks at. */
export interface Scanned {
  /** The tool's full name. */
  readonly tool: string;
  readonly owner: string;
  /** The arguments as JSON, or the result. */
  readonly text: string;
  readonly effects: readonly Effect[];
  /** Of the turn for arguments, of the text itself for a result. */
  readonly untrusted: Provenance | undefined;
}

/** Looks at what goes into a tool and what comes out. One that fails blocks. */
export interface Scan {
  arguments(scanned: Scanned): ScanVerdict | Promise<ScanVerdict>;
  result(scanned: Scanned): ScanVerdict | Promise<ScanVerdict>;
}

/** The ports of the executor. */
export interface ExecutorPorts {
  readonly registry: ToolRegistry;
  readonly approver: Pick<Approver, "decide">;
  readonly scan: Scan;
  /** Judges what calls would run; without it the person is asked about each. */
  readonly risk?: JudgeRun;
  /** What holds programs; nothing does, and the person is not told, if absent. */
  readonly heldBy?: () => Holder | Promise<Holder>;
  /** Takes secrets out of the log and of what models get. */
  readonly redact: Redact;
  /** Appends one line, without its line end, to the log of tools. */
  readonly log: (line: string) => void | Promise<void>;
  /** Keeps a result that the model gets only a part of. */
  readonly keep: (callId: string, text: string) => void | Promise<void>;
  /** Stores what was answered with "always". */
  readonly remember: (rule: Rule) => void | Promise<void>;
  /** The time, ms since 1970. */
  readonly now: () => number;
  /** Whether the results of a plugin's tool, by its full name, are believed. None are if absent. */
  readonly isTrusted?: (tool: string) => boolean | Promise<boolean>;
  /** Shows how far a call has come; one line. */
  readonly progress?: (callId: string, text: string) => void;
  /** Shows what a program of a call writes; whole lines of foreign text. */
  readonly output?: (callId: string, text: string) => void;
  /** Asked before and after each call; none if absent. */
  readonly hooks?: CallHooks;
  readonly limits?: Partial<ExecutorLimits>;
}

/** The limits of running tools. */
export interface ExecutorLimits {
  /** ms for one run. */
  readonly runMs: number;
  /** ms for one plan. */
  readonly planMs: number;
  /** ms for scanning, keeping, logging and storing. */
  readonly portMs: number;
  /** Calls of one round; the others are refused. */
  readonly calls: number;
  /** Runs of one tool that are not over, those left behind included. */
  readonly openRuns: number;
}

/** The limits where nothing else was said. */
export const LIMITS: ExecutorLimits = {
  runMs: 60_000,
  planMs: 10_000,
  portMs: 5_000,
  calls: 16,
  openRuns: 24,
};
