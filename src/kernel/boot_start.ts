/**
 * What a run begins with, in this process or by a daemon.
 * @module
 */
import type { CommandLine } from "./command_line.ts";
import type { Environment } from "./environment.ts";
import type { Terminal } from "./terminal.ts";

/** What boots a run. */
export interface Boot {
  readonly args: readonly string[];
  /** The folder of the rooms' entries. */
  readonly entries: URL;
  readonly line: CommandLine;
  readonly environment: Environment;
  /** The folder that the command line was typed in. */
  readonly folder: string;
  readonly terminal: Terminal;
  /** Restores the terminal and ends the process. */
  readonly exit: (code: number) => never;
}
