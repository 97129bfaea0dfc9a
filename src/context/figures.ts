/**
 * Figures of the machine that are measured seldom: a text that changes with every question says no more, and
 * makes a provider read it anew.
 * @module
 */
import type { Surroundings } from "../protocol/kernel_calls.ts";

/** How long a figure counts, ms. What is not here counts for the run. */
const AGE_MS = { load: 15_000, memory: 30_000, disk: 60_000 } as const;

type Measured = keyof typeof AGE_MS;

/** Keeps what was measured for as long as it counts. */
export class Figures {
  readonly #kept = new Map<Measured, { readonly value: unknown; readonly at: number }>();

  /** The same surroundings, with the kept figures where those still count. @param now ms since 1970 */
  steady(seen: Surroundings, now: number): Surroundings {
    return {
      ...seen,
      load: this.#steady("load", seen.load, now),
      memory: this.#steady("memory", seen.memory, now),
      disk: this.#steady("disk", seen.disk, now),
    };
  }

  #steady<T>(name: Measured, value: T, now: number): T {
    const kept = this.#kept.get(name);
    const age = now - (kept?.at ?? 0);
    // A clock that was set back measures again.
    if (kept !== undefined && age >= 0 && age < AGE_MS[name]) return kept.value as T;
    this.#kept.set(name, { value, at: now });
    return value;
  }
}
