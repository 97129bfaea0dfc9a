/**
 * What calls do, compared: with what their tool may do at most, and with each other.
 * @module
 */
import type { Effect } from "../protocol/tool.ts";
import { isPlain, oneLine } from "../protocol/foreign_text.ts";
import { commandLine, scriptOf } from "./judged_runs.ts";
import { isWithin, placeOf } from "./place.ts";

/** Any host, any place, any program; in what a tool declares, and in rules that a person wrote. */
export const ANY = "*";

/** A host as URLs have it, with a port that is not the usual one; `undefined` if it is none. */
export function hostOf(text: string): string | undefined {
  if (text === "" || text.length > 300 || !isPlain(text) || /[\s/\\?#@%]/.test(text)) {
    return undefined;
  }
  const url = URL.parse(`https://${text}`);
  if (url === null || url.host === "" || url.pathname !== "/" || url.host.includes(ANY)) {
    return undefined;
  }
  const host = url.host.replace(/\.(?=:|$)/, "");
  // An empty part would be read as another host the next time.
  return host === "" || /^\.|\.(?=[.:]|$)/.test(host) ? undefined : host;
}

/** A program's name as rules have it; `undefined` if it is none. */
export function programOf(text: string): string | undefined {
  return text !== "" && text.length <= 300 && text === text.trim() && isPlain(text) && text !== ANY
    ? text
    : undefined;
}

/** Whether a planned effect is among those that the tool declared. */
export function isDeclared(planned: Effect, declared: readonly Effect[]): boolean {
  return declared.some((effect) => {
    if (effect.kind === "network") {
      return planned.kind === "network" &&
        (effect.host === ANY || sameHost(planned.host, effect.host));
    }
    if (effect.kind === "runs") {
      return planned.kind === "runs" &&
        (effect.program === ANY || effect.program === planned.program);
    }
    if (planned.kind !== effect.kind) return false;
    if (effect.where === ANY) return true;
    const [inner, outer] = [placeOf(planned.where), placeOf(effect.where)];
    return inner !== undefined && outer !== undefined && isWithin(inner, outer);
  });
}

function sameHost(one: string, other: string): boolean {
  const host = hostOf(one);
  return host !== undefined && host === hostOf(other);
}

/** An effect in words. @param units of what is foreign in it, UTF-16 */
export function effectText(effect: Effect, units = 300): string {
  switch (effect.kind) {
    case "reads":
      return `reads ${oneLine(effect.where, 300)}`;
    case "writes":
      return `writes ${oneLine(effect.where, 300)}`;
    case "network":
      return effect.host === ANY ? "network: any host" : `network: ${oneLine(effect.host, 300)}`;
    case "runs":
      return [
        `runs: ${runText(effect, units)}`,
        ...(effect.folder === undefined ? [] : [`in ${oneLine(effect.folder, 300)}`]),
        ...(effect.network === true ? ["with the network"] : []),
        ...(effect.outside === true ? ["outside any sandbox"] : []),
      ].join(", ");
  }
}

function runText({ program, argv }: Extract<Effect, { kind: "runs" }>, units: number): string {
  if (argv === undefined) return oneLine(program, units);
  const line = oneLine(commandLine(argv), units);
  return scriptOf(argv) === undefined ? line : `${line} (by ${oneLine(program, units)})`;
}
