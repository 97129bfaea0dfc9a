/**
 * Rules that a table can say in one line.
 * @module
 */
import type { Rule } from "../court.ts";
import type { Risk } from "../../risk.ts";

/** The same whatever is asked of it. */
export function always(risk: Risk, reason: string): Rule {
  return (_call, court) => court.raise(risk, reason);
}

/** Looks unless some word says otherwise. */
export function unless(pattern: RegExp, risk: Risk, reason: string, floor: Risk = "SAFE"): Rule {
  return (call, court) => {
    court.raise(floor, "changes something");
    if (call.words.slice(1).some((word) => pattern.test(word))) court.raise(risk, reason);
  };
}

/** Changes unless some word says that it only looks. */
export function onlyIf(pattern: RegExp, risk: Risk, reason: string): Rule {
  return (call, court) => {
    if (!call.words.slice(1).some((word) => pattern.test(word))) court.raise(risk, reason);
  };
}

/** The same rule for several programs. */
export function same(names: string, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names.toLowerCase().split(" ").map((name) => [name, rule]));
}
