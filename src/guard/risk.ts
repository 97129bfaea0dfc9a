/**
 * How dangerous a command line is.
 * @module
 */

/** From harmless to never. */
export const RISKS = ["SAFE", "MODERATE", "DANGEROUS", "FORBIDDEN"] as const;
/** From harmless (reads) to never (ruins the machine or opens the vault). */
export type Risk = typeof RISKS[number];

/** In which language a command line is written. */
export type Shell = "bash" | "powershell" | "cmd";

/** A verdict on a command line. */
export interface RiskVerdict {
  readonly risk: Risk;
  /** One sentence for the person, lower case, no full stop: `deletes files without asking`. */
  readonly reason: string;
  /** The part of the command that decides, one line of 200 UTF-16 units at most; empty if all of it does. */
  readonly part: string;
}

/** What is known of where a command would run. Paths are absolute. */
export interface RiskPlace {
  /** The folder it starts in. */
  readonly folder?: string;
  readonly home?: string;
  /** The profile's folder (`~/.pyra`), whose vault nothing may touch. */
  readonly profile?: string;
  /** Variables whose values are known. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly shell?: Shell;
}
