/**
 * A tool: what the model may ask for, what would be done, and what came of it. Built-in tools and those
 * of plugins are the same to whoever runs them.
 * @module
 */
import type { ToolDescription } from "./message.ts";

/** Something that a call does beside answering. Shown to the person, and what rules are about. */
export type Effect =
  /** `where`: an absolute folder or file, or a noun such as `notes`; `*`, in what a tool declares. */
  | { readonly kind: "reads"; readonly where: string }
  | { readonly kind: "writes"; readonly where: string }
  /** `host`: as in a URL, with a port that is not the usual one; `*` if any may be reached. */
  | { readonly kind: "network"; readonly host: string }
  /**
   * `program`: its name, without arguments; `*`, in what a tool declares. With `argv`, of which the program is
   * the first, exactly that, in that folder; without, any arguments, in any folder.
   */
  | {
    readonly kind: "runs";
    readonly program: string;
    readonly argv?: readonly string[];
    /** Whether it may reach the network. */
    readonly network?: boolean;
    /** In the workspace, relative; the workspace if absent. */
    readonly folder?: string;
    /** Whether it is one that no sandbox holds. */
    readonly outside?: boolean;
  };

/** Where text came from that neither the person nor the model wrote; one line that may be shown. */
export interface Provenance {
  readonly from: string;
}

/** What a conversation has read. It only grows while that is in it. */
export interface Marks {
  /** Where the first text came from that nobody vouches for: the conversation is *tainted*. */
  readonly untrusted: Provenance | undefined;
  /** Where the first private data came from, such as a note: the conversation is *sensitive*. */
  readonly sensitive: Provenance | undefined;
}

/** What a call runs with. */
export interface ToolContext {
  /** Set once the conversation has read untrusted text. */
  readonly untrusted: Provenance | undefined;
  readonly signal: AbortSignal;
  /** Set if the call was judged to do no more than read: what it runs may write nothing. */
  readonly onlyReads?: true;
  /** Tells the person how far a long call has come; one line. */
  readonly progress: (text: string) => void;
  /** Shows the person what a program writes, as it comes; whole lines of foreign text. */
  readonly output?: (text: string) => void;
}

/** What a call came to. `text` is for the model. */
export interface ToolOutcome {
  readonly status: "ok" | "error";
  readonly text: string;
  /** Set if `text` holds what neither the person nor the model wrote. */
  readonly untrusted?: Provenance;
}

/** What a call would do. */
export type ToolPlan =
  /** It cannot be done; the sentence tells the model why and what to repair. */
  | { readonly kind: "refused"; readonly message: string }
  | {
    readonly kind: "ready";
    /** In plain words, lower case, as an imperative: `write the note knowledge/deno.md`. */
    readonly does: string;
    readonly effects: readonly Effect[];
    /** What the person may look at before they agree, such as a unified diff. Foreign text. */
    readonly detail?: string;
    /**
     * `none`: consent was given before (reading the person's notes, the workspace); `rule`: a stored
     * rule may stand for the person; `person`: they are asked whatever the rules say.
     */
    readonly approval: "none" | "rule" | "person";
    /** Set if all that it reaches is asked for public text, such as a page, by a tool that comes with Pyra. */
    readonly looksUp?: true;
    /**
     * Set for a tool that comes with Pyra, if what it runs only reads: `always`, or, of one that does nothing
     * but run a command line, `if safe`, where that was judged to only read and a sandbox holds it.
     */
    readonly runsToRead?: "always" | "if safe";
    /** Does exactly what was planned, once. */
    readonly run: (context: ToolContext) => Promise<ToolOutcome>;
  };

/** A tool. */
export interface Tool {
  /** The name is the owner's own: `memory_search`, or `now` of the plugin `clock`. */
  readonly description: ToolDescription;
  /** The plugin that gives it; `pyra` for what is built in. */
  readonly owner: string;
  /** What it may do at most; a plan's effects are among these. */
  readonly effects: readonly Effect[];
  /** How long a run may take, ms; the executor's own limit if absent. */
  readonly timeLimit?: number;
  /** @param given valid by the description's schema. Never throws for what the arguments say. */
  plan(given: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolPlan>;
}
