/**
 * What a look at one thing comes to.
 * @module
 */
import type { Patient } from "./patient.ts";

/** `warning`: Pyra goes on, and the person should know; `broken`: something does not work. */
export type State = "ok" | "warning" | "broken";

/** One thing that was found. */
export interface Finding {
  readonly state: State;
  /** What is so: lower case, without a full stop. Foreign words may stand in it. */
  readonly message: string;
  /** How to mend it; empty where there is nothing to do. */
  readonly hint: string;
  /** Whether this run mended it. */
  readonly fixed: boolean;
}

/** One thing that is looked at. */
export interface Check {
  readonly name: string;
  /** How long it may take, ms; that of the others if absent. */
  readonly limitMs?: number;
  /** At least one finding. What it throws is one, too. */
  readonly look: (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];
}

/** All is well. */
export function ok(message: string): Finding {
  return { state: "ok", message, hint: "", fixed: false };
}

/** Something the person should know. */
export function warning(message: string, hint: string): Finding {
  return { state: "warning", message, hint, fixed: false };
}

/** Something that does not work. */
export function broken(message: string, hint: string): Finding {
  return { state: "broken", message, hint, fixed: false };
}

/** Something that this run put right. */
export function mended(message: string): Finding {
  return { state: "ok", message, hint: "", fixed: true };
}

/** How to have it mended. */
export const FIX_HINT = "run pyra doctor --fix";

/** `1 note`, `3 notes`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** So many names are shown. */
const SHOWN_NAMES = 3;

/** `a, b, c and 4 more`. */
export function someOf(names: readonly string[], more = 0): string {
  const left = names.length - SHOWN_NAMES + more;
  if (names.length + more <= SHOWN_NAMES) return names.join(", ");
  return `${names.slice(0, SHOWN_NAMES).join(", ")} and ${left} more`;
}
