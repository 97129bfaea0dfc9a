/**
 * Which calls a rule is about. A rule that allows is read narrowly, one that denies widely.
 * @module
 */
import type { Effect } from "../protocol/tool.ts";
import {
  coversNetwork,
  coversRun,
  isAboutReading,
  type JudgedRisk,
  offeredRun,
  touchesRun,
} from "./command_rule.ts";
import { ANY, hostOf } from "./effect.ts";
import { isWithin, mayMeet, type Place, placeOf, placeText } from "./place.ts";
import type { Rule } from "./rule.ts";

/** A call as rules see it. */
export interface RuledCall {
  /** The tool's full name. */
  readonly tool: string;
  readonly effects: readonly Effect[];
  /** How dangerous the command that it runs was judged. */
  readonly risk?: JudgedRisk;
}

/** The rule that decides about a call: a denial before any permission. */
export function ruleFor(call: RuledCall, rules: readonly Rule[]): Rule | undefined {
  return rules.find((rule) => denies(rule, call)) ?? rules.find((rule) => allows(rule, call));
}

/** Whether the rule allows the call and everything that it does. */
export function allows(rule: Rule, { tool, effects, risk }: RuledCall): boolean {
  return rule.decision === "allow" && rule.tool === tool &&
    effects.every((effect) => covers(rule, effect, risk)) && isThere(rule, effects);
}

/**
 * Whether commands that start in a folder are there where the rule is: the same words may do something else in
 * another folder, such as `npm test`.
 */
function isThere({ where, program }: Rule, effects: readonly Effect[]): boolean {
  const folders = effects.flatMap((effect) =>
    effect.kind === "runs" && effect.argv !== undefined ? effect.folder ?? [] : []
  );
  const isBound = folders.length > 0 && program !== undefined && !isAboutReading(program);
  if (!isBound || where === ANY || where === undefined) return true;
  const outer = placeOf(where);
  if (outer === undefined) return false;
  const isNamed = (folder: string) => `/${outer.parts.join("/")}`.endsWith(`/${folder}`);
  return folders.every(isNamed) && effects.every((effect) => {
    const place = effect.kind === "writes" ? placeOf(effect.where) : outer;
    return place !== undefined && isWithin(outer, place);
  });
}

/** Whether the rule denies the call, or something that it may do. */
export function denies(rule: Rule, { tool, effects }: RuledCall): boolean {
  if (rule.decision !== "deny" || rule.tool !== tool) return false;
  const { where, reads, host, program } = rule;
  const isAboutAll = [where, reads, host, program].every((value) => value === undefined);
  return isAboutAll || effects.some((effect) => touches(rule, effect));
}

function covers(
  { where, reads, host, program }: Rule,
  effect: Effect,
  risk: JudgedRisk,
): boolean {
  switch (effect.kind) {
    case "reads":
      return holds(where, effect.where) || holds(reads, effect.where);
    case "writes":
      return holds(where, effect.where);
    case "network":
      return host === ANY || (host !== undefined && host === hostOf(effect.host));
    case "runs":
      return program !== undefined && coversNetwork(host, effect) &&
        coversRun(program, effect, risk);
  }
}

function holds(folder: string | undefined, where: string): boolean {
  if (folder === undefined) return false;
  if (folder === ANY) return true;
  const [inner, outer] = [placeOf(where), placeOf(folder)];
  return inner !== undefined && outer !== undefined && isWithin(inner, outer);
}

function touches({ where, reads, host, program }: Rule, effect: Effect): boolean {
  switch (effect.kind) {
    case "reads":
      return meets(where, effect.where) || meets(reads, effect.where);
    case "writes":
      return meets(where, effect.where);
    case "network": {
      if (host === undefined) return false;
      const reached = hostOf(effect.host);
      return host === ANY || reached === undefined || reached === host;
    }
    case "runs":
      return (program !== undefined && touchesRun(program, effect)) ||
        (host !== undefined && effect.network === true);
  }
}

function meets(folder: string | undefined, where: string): boolean {
  if (folder === undefined) return false;
  const [one, other] = [placeOf(folder), placeOf(where)];
  // What cannot be told apart is taken for the same.
  return folder === ANY || one === undefined || other === undefined || mayMeet(one, other);
}

/**
 * The narrowest rule that allows this call the next time; `undefined` if there is none that says
 * plainly what it allows: several folders, hosts or programs, any host, a whole disk.
 */
export function offerRule({ tool, effects, risk }: RuledCall): Rule | undefined {
  const written = widest(
    effects.flatMap((effect) => effect.kind === "writes" ? [effect.where] : []),
  );
  const hosts = only(
    effects.flatMap((effect) => effect.kind === "network" ? [effect.host] : []),
    hostOf,
  );
  const runs = effects.filter((effect) => effect.kind === "runs");
  const programs = only(runs, (effect) => offeredRun(effect, risk));
  const isOnline = runs.some(({ network }) => network === true);
  const reads = widest(
    effects.flatMap((effect) => effect.kind === "reads" ? [effect.where] : [])
      .filter((where) => written.kind !== "one" || !holds(written.value, where)),
  );
  if ([written, reads, hosts, programs].some(({ kind }) => kind === "several")) return undefined;
  return {
    decision: "allow",
    tool,
    ...(written.kind === "one" ? { where: written.value } : {}),
    ...(reads.kind === "one" ? { reads: reads.value } : {}),
    ...(isOnline ? { host: ANY } : hosts.kind === "one" ? { host: hosts.value } : {}),
    ...(programs.kind === "one" ? { program: programs.value } : {}),
  };
}

/** What a rule would name. `several`: more than one word can say. */
type Named =
  | { readonly kind: "none" }
  | { readonly kind: "one"; readonly value: string }
  | { readonly kind: "several" };

/** The one place that holds all others. */
function widest(texts: readonly string[]): Named {
  if (texts.length === 0) return { kind: "none" };
  const places = texts.map(placeOf).filter((place): place is Place => place !== undefined);
  if (places.length < texts.length) return { kind: "several" };
  const outer = places.find((place) => places.every((other) => isWithin(other, place)));
  return outer === undefined || outer.parts.length === 0
    ? { kind: "several" }
    : { kind: "one", value: placeText(outer) };
}

function only<T>(given: readonly T[], read: (one: T) => string | undefined): Named {
  const [first, ...others] = new Set(given.map(read));
  if (given.length === 0) return { kind: "none" };
  return first === undefined || others.length > 0
    ? { kind: "several" }
    : { kind: "one", value: first };
}
