/**
 * What plugins do beside answering: what the person is told of it, and programs as plugins see them.
 * @module
 */

/** What the person is told that a tool does beside answering. */
export type PluginEffect =
  /** Reads or writes files: `workspace`, or a folder of the manifest. */
  | { readonly kind: "reads" | "writes"; readonly where: string }
  /** Reaches a host of the manifest. */
  | { readonly kind: "network"; readonly host: string }
  /**
   * Runs a program of the manifest. With `argv`, of which `program` is the first, exactly that is agreed to and
   * may be run once, without input, and in that folder; without, any arguments are, in any folder.
   */
  | {
    readonly kind: "runs";
    readonly program: string;
    readonly argv?: readonly string[];
    /** Whether it may reach the network; it may not if absent. */
    readonly network?: boolean;
    /** A folder in the workspace, where it starts; the workspace if absent. */
    readonly folder?: string;
  };

/** How a program is run. */
export interface RunOptions {
  /** A folder in the workspace, where it starts; the workspace if absent. */
  readonly folder?: string;
  /** What it reads on its standard input; nothing if absent. */
  readonly input?: string;
  /** It is ended after so long, ms; 30,000 if absent, 300,000 at most. */
  readonly limitMs?: number;
  /** Whether it needs the network. */
  readonly network?: boolean;
  readonly signal?: AbortSignal;
}

/** A part of what a program wrote. */
export interface RunPiece {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /**
   * Set on the first piece after a gap: bytes that were dropped before it. Of more than 10 MB the first 5 MB
   * come as they are written, and the last 5 MB at the end.
   */
  readonly dropped?: number;
}

/** How a program ended. */
export interface RunResult {
  /** Null if a signal ended it. */
  readonly code: number | null;
  /** Such as `SIGKILL`. */
  readonly signal: string | null;
  /** Whether it was ended at its limit. */
  readonly timedOut: boolean;
  /** Whether a part of its output was dropped. */
  readonly truncated: boolean;
  /** What held it: `bubblewrap`, `sandbox-exec`, `container`, `none`. */
  readonly sandbox: string;
}

/** A program that runs. Its output may be read once; whoever wants the result alone just waits for that. */
export interface RunningProgram extends AsyncIterable<RunPiece> {
  /** Rejects with an `Error` whose `code` says why it was not run: `denied`, `program`, … */
  readonly result: Promise<RunResult>;
}

/** A program that goes on beside the conversation. */
export interface PluginJob {
  /** A small number as text, for this run of Pyra. */
  readonly id: string;
  readonly argv: readonly string[];
  /** ms since it was started. */
  readonly ageMs: number;
  /** Null while it runs. */
  readonly result: RunResult | null;
}

/** A plugin's jobs; 8 at most run at a time. They end with Pyra, or when their plugin is disabled. */
export interface PluginJobs {
  /** As `run`, without a time limit. */
  start(
    argv: readonly string[],
    options?: Pick<RunOptions, "folder" | "network">,
  ): Promise<PluginJob>;
  list(): Promise<readonly PluginJob[]>;
  /** The end of what it wrote, both streams as they came: 16,384 characters if not said, 262,144 are kept. */
  tail(
    id: string,
    characters?: number,
  ): Promise<PluginJob & { readonly text: string; readonly dropped: number }>;
  /** Ends it and all that it started. */
  stop(id: string): Promise<PluginJob>;
}
