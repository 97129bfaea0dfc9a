/**
 * What is asked before a call is run, and what is answered.
 * @module
 */
import type { ToolCall } from "../protocol/message.ts";
import type { Effect, Provenance } from "../protocol/tool.ts";
import type { RunVerdict } from "./judged_runs.ts";
import type { Rule } from "./rule.ts";

/** The reason of a denial where no one is there to ask. */
export const NOBODY_ASKED = "nobody can be asked";
/** And where no rule and no `--allow` would do: only the person could say yes. */
export const NOBODY_ASKED_AFTER =
  "nobody can be asked, and nothing else would do after text that " +
  "nobody vouches for";
/** The reason of what the person allowed. */
export const YOU_AGREED = "you agreed";

/** A call that waits for a decision. */
export interface ApprovalRequest {
  /** As the model wrote it; its `id` is the request's, and no other of the round has it. */
  readonly call: ToolCall;
  /** The tool's full name. */
  readonly tool: string;
  /** The plugin that gives it, or `pyra`. */
  readonly owner: string;
  /** What would be done, as an imperative; one line. */
  readonly does: string;
  readonly effects: readonly Effect[];
  /** As they were read; the tool gets these. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What may be looked at before, such as a diff. Foreign text. */
  readonly detail?: string;
  readonly approval: "none" | "rule" | "person";
  /** How dangerous what it runs is; absent if it runs nothing, or what it runs is not named. */
  readonly risk?: RunVerdict;
  /** What holds what it runs: `held by bubblewrap`. */
  readonly heldBy?: Holder;
  /** As the plan has it. */
  readonly looksUp?: true;
  /** As the plan has it. */
  readonly runsToRead?: "always" | "if safe";
  /** Set once the conversation has read untrusted text. */
  readonly untrusted: Provenance | undefined;
  /** Set once it has read private data. */
  readonly sensitive?: Provenance | undefined;
  /** Whether the person named a host in this conversation. */
  readonly isNamed?: ((host: string) => boolean) | undefined;
  /** What "always" would store; absent where there is no "always". */
  readonly offer?: Rule;
}

/** What holds the programs of a call. */
export interface Holder {
  /** For the person: `held by bubblewrap`. */
  readonly told: string;
  /** Whether they can only write what was agreed to, and reach nothing. */
  readonly holds: boolean;
}

/** A decision about one call. */
export type Decision =
  | { readonly kind: "allow"; readonly by: string; readonly reason: string }
  | {
    readonly kind: "allow_always";
    /** To be stored. */
    readonly rule: Rule;
    readonly by: string;
    readonly reason: string;
  }
  | { readonly kind: "deny"; readonly by: string; readonly reason: string };

/** Decisions by the call's id; what is not in it was not decided. */
export type Decisions = ReadonlyMap<string, Decision>;

/** One link of the chain: decides what it can, leaves the rest. */
export type Decider = (
  requests: readonly ApprovalRequest[],
  signal: AbortSignal,
) => Decisions | Promise<Decisions>;

/** What the person says to one request. */
export type Answer =
  | { readonly kind: "once" }
  | { readonly kind: "always" }
  | { readonly kind: "no"; readonly reason?: string };

/** Where the person is asked: a terminal, a message, a page. */
export interface AskingSurface {
  /** As the log names it: `terminal`. */
  readonly name: string;
  /** One question for all. What has no answer is a no. */
  ask(
    requests: readonly ApprovalRequest[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Answer>>;
}
