/**
 * Regular expressions of foreign schemas. The engine's own matcher goes back and forth and can be made
 * to run for years; this one reads each character once and costs states times characters at most.
 * @module
 */
import { type Fragment, parsePattern, type Test } from "./pattern_syntax.ts";

/** Work that a check may still do; each takes from it. */
export interface Budget {
  left: number;
}

/** Thrown when the budget is used up. A value of control flow within this folder. */
export class BudgetSpent extends TypeError {}

/** Takes from a budget. @throws {BudgetSpent} */
export function spend(budget: Budget, work = 1): void {
  budget.left -= work;
  if (budget.left < 0) throw new BudgetSpent("too much work");
}

/** States of one pattern. */
const STATE_LIMIT = 2_000;
/** Fragments that are gone through to make them: counted repetition can nest. */
const BUILD_LIMIT = 20_000;

type State =
  | { readonly kind: "test"; readonly test: Test; next: number }
  | { readonly kind: "assert"; readonly assert: Assert; next: number }
  | { readonly kind: "split"; next: number; other: number }
  | { readonly kind: "end" };
type Assert = Extract<Fragment, { kind: "assert" }>["assert"];

/** A pattern that may be searched for. */
export class Pattern {
  readonly #states: State[] = [];
  readonly #building: Budget = { left: BUILD_LIMIT };
  readonly #start: number;

  private constructor(fragment: Fragment) {
    this.#start = this.#build(fragment, this.#add({ kind: "end" }));
  }

  /** `problem` says why a pattern cannot be used. */
  static of(source: string): Pattern | { readonly problem: string } {
    const parsed = parsePattern(source);
    if ("problem" in parsed) return parsed;
    try {
      return new Pattern(parsed.fragment);
    } catch (cause) {
      if (cause instanceof BudgetSpent) return { problem: "it is too large" };
      throw cause;
    }
  }

  /** Whether the pattern occurs in the text. @throws {BudgetSpent} */
  occursIn(text: string, budget: Budget): boolean {
    const characters = [...text];
    spend(budget, characters.length);
    let current = new Set<number>();
    for (let at = 0; at <= characters.length; at++) {
      // A match may begin at each place.
      if (this.#follow(this.#start, characters, at, current, budget)) return true;
      const character = characters[at];
      if (character === undefined) return false;
      const next = new Set<number>();
      for (const index of current) {
        const state = this.#states[index];
        if (state?.kind !== "test") continue;
        spend(budget);
        if (!state.test(character)) continue;
        if (this.#follow(state.next, characters, at + 1, next, budget)) return true;
      }
      current = next;
    }
    return false;
  }

  /** Adds a state and those reached without a character. True: the end is among them. */
  #follow(
    start: number,
    characters: readonly string[],
    at: number,
    into: Set<number>,
    budget: Budget,
  ): boolean {
    const pending = [start];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      if (into.has(index)) continue;
      spend(budget);
      into.add(index);
      const state = this.#states[index];
      if (state?.kind === "end") return true;
      if (state?.kind === "split") pending.push(state.other, state.next);
      if (state?.kind === "assert" && holds(state.assert, characters, at)) pending.push(state.next);
    }
    return false;
  }

  #add(state: State): number {
    if (this.#states.length >= STATE_LIMIT) throw new BudgetSpent("too many states");
    return this.#states.push(state) - 1;
  }

  /** Builds the states of a fragment that go on to `next`; gives the first. */
  #build(fragment: Fragment, next: number): number {
    spend(this.#building);
    switch (fragment.kind) {
      case "test":
        return this.#add({ kind: "test", test: fragment.test, next });
      case "assert":
        return this.#add({ kind: "assert", assert: fragment.assert, next });
      case "sequence":
        return fragment.parts.reduceRight((after, part) => this.#build(part, after), next);
      case "choice":
        return fragment.parts.map((part) => this.#build(part, next))
          .reduceRight((other, first) => this.#add({ kind: "split", next: first, other }));
      case "repeat":
        return this.#repeat(fragment, next);
    }
  }

  #repeat({ part, least, most }: Extract<Fragment, { kind: "repeat" }>, next: number): number {
    let start = next;
    if (most === Infinity) {
      const loop: State = { kind: "split", next, other: next };
      start = this.#add(loop);
      loop.next = this.#build(part, start);
    } else {
      for (let count = least; count < most; count++) {
        start = this.#add({ kind: "split", next: this.#build(part, start), other: next });
      }
    }
    for (let count = 0; count < least; count++) start = this.#build(part, start);
    return start;
  }
}

function holds(assert: Assert, characters: readonly string[], at: number): boolean {
  if (assert === "start") return at === 0;
  if (assert === "end") return at === characters.length;
  const isBoundary = isWord(characters[at - 1]) !== isWord(characters[at]);
  return isBoundary === (assert === "boundary");
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character);
}
