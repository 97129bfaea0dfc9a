/**
 * The door to the judgement of command lines. The parser and the tables are loaded when first asked for:
 * most runs never judge a command.
 * @module
 */
import type { RiskPlace, RiskVerdict } from "./risk.ts";

/**
 * Judges one command line, or a script of several lines. It reads no file and asks nobody, takes anything
 * that is a string, and never throws. What it does not understand is `DANGEROUS` at least.
 */
export type CommandRisk = (command: string, place?: RiskPlace) => RiskVerdict;

/** Loads the parser and the tables, once. */
export async function loadCommandRisk(): Promise<CommandRisk> {
  const { commandRisk } = await import("./command_risk/judge.ts");
  return commandRisk;
}
