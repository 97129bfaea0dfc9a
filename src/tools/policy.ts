/**
 * What may stand for the person's own answer, as a table.
 * @module
 */
import type { Effect, Provenance } from "../protocol/tool.ts";
import { type Weight, weightOf } from "./effect.ts";

/**
 * What agrees in the person's place.
 * - `consent`: what was agreed to when the tool came, such as reading the workspace
 * - `rule`: a stored rule
 * - `named`: `--allow TOOL` of this run
 * - `yes`: `--yes` of this run
 */
export type Stand = "consent" | "rule" | "named" | "yes";

/** A call as the policy sees it. */
export interface JudgedCall {
  readonly effects: readonly Effect[];
  /** As the plan has it. */
  readonly approval: "none" | "rule" | "person";
  /** Set once the turn has read untrusted text. */
  readonly untrusted: Provenance | undefined;
}

/** Until when it stands: `clean` is a turn that has read no untrusted text. */
type Reach = "always" | "clean" | "never";

/**
 * A text that nobody vouches for may have turned the model: then what was agreed to beforehand does
 * not hold for what changes, sends or runs something. Naming a tool for one run is the only way to let
 * a script go on after its first search; programs are not in it.
 */
const TABLE: Readonly<Record<Stand, Readonly<Record<Weight, Reach>>>> = {
  consent: { reads: "always", changes: "never", runs: "never" },
  rule: { reads: "always", changes: "clean", runs: "clean" },
  named: { reads: "always", changes: "always", runs: "clean" },
  yes: { reads: "always", changes: "clean", runs: "never" },
};

/** Whether it may stand for the person in this call. */
export function mayStand(stand: Stand, { effects, approval, untrusted }: JudgedCall): boolean {
  if (approval === "person") return false;
  if (stand === "consent" && approval !== "none") return false;
  const reach = TABLE[stand][weightOf(effects)];
  return reach === "always" || (reach === "clean" && untrusted === undefined);
}
