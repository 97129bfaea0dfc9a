/**
 * What a tool of the memory is: it reads its arguments, plans, and runs exactly what was planned.
 * Nothing here asks the person; whoever runs tools does, by the plan.
 * @module
 */
import type { ToolDescription } from "../../protocol/message.ts";
import type { Memory } from "../memory.ts";

/** What of the memory the tools use. */
export type ToolMemory = Pick<Memory, "search" | "read" | "list" | "write" | "append">;

/** Where the person lets the model write without being asked. */
export interface WriteRule {
  /** A folder, and those below it; empty: the notes at the top and no others. */
  readonly category: string;
  readonly decision: "always";
}

/** Where untrusted text came from, as it may be shown and written into a note: one line. */
export interface Provenance {
  readonly from: string;
}

/** What a call runs with. */
export interface ToolContext {
  readonly memory: ToolMemory;
  /** Set once the turn has read text that neither the person nor the model wrote. */
  readonly untrusted: Provenance | undefined;
  readonly rules: readonly WriteRule[];
  readonly signal: AbortSignal;
}

/** What the model gets. */
export interface ToolAnswer {
  readonly status: "ok" | "error";
  readonly text: string;
  /** The answer holds untrusted text: from now on the turn has read some. */
  readonly untrusted?: Provenance;
}

/** A change to a note, as the person sees it before it is made. */
export interface PlannedChange {
  readonly name: string;
  /** The folder that rules are about. */
  readonly category: string;
  /** Unified, with the facts that change above the text; foreign text, to be sanitised. */
  readonly diff: string;
}

/** What would be done. `refused`: it cannot be, and the sentence tells the model why. */
export type Plan =
  | { readonly kind: "refused"; readonly message: string }
  | {
    readonly kind: "allowed";
    readonly reason: string;
    /** Absent for what only reads. */
    readonly change?: PlannedChange;
    /** Does it, once. Never throws for what the notes do. @throws the signal's reason */
    readonly run: () => Promise<ToolAnswer>;
  }
  | {
    readonly kind: "ask";
    readonly reason: string;
    readonly change: PlannedChange;
    /** Does what was shown, once the person has agreed; refuses if the note changed since. */
    readonly run: () => Promise<ToolAnswer>;
  };

/** A model's call, read. `invalid`: the sentence tells the model what to repair. */
export type ParsedCall =
  | { readonly kind: "invalid"; readonly message: string }
  | { readonly kind: "call"; readonly plan: (context: ToolContext) => Promise<Plan> };

/** A tool of the memory. */
export interface MemoryTool {
  readonly description: ToolDescription;
  readonly effects: "reads" | "writes";
  /** @param given the arguments as the model wrote them: JSON text, or its value */
  parse(given: unknown): ParsedCall;
}
