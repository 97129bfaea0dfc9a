/**
 * How dangerous the command lines of a call are, as whoever judges them says.
 * @module
 */
import type { Effect } from "../protocol/tool.ts";

/** From harmless (it reads) to never. */
export const RUN_RISKS = ["SAFE", "MODERATE", "DANGEROUS", "FORBIDDEN"] as const;
/** From harmless (it reads) to never. */
export type RunRisk = typeof RUN_RISKS[number];

/** What was found about a command line. */
export interface RunVerdict {
  readonly risk: RunRisk;
  /** One sentence for the person, lower case, no full stop. */
  readonly reason: string;
  /** The part that decides; empty if all of it does. */
  readonly part: string;
}

/** Judges a program and its arguments. @param folder in the workspace; the workspace if absent */
export type JudgeRun = (
  argv: readonly string[],
  folder?: string,
) => RunVerdict | Promise<RunVerdict>;

/** Shells, by what stands before a command line in their arguments. */
const SHELLS: Readonly<Record<string, string>> = {
  bash: "-c",
  sh: "-c",
  dash: "-c",
  zsh: "-c",
  powershell: "-Command",
  pwsh: "-Command",
};
/** Nobody could say what was run. */
const UNJUDGED: RunVerdict = {
  risk: "DANGEROUS",
  reason: "does what nobody could judge",
  part: "",
};

/** The command line that a shell is given whole; `undefined` for any other program. */
export function scriptOf(argv: readonly string[]): string | undefined {
  const [program = "", ...rest] = argv;
  const option = Object.hasOwn(SHELLS, program) ? SHELLS[program] : undefined;
  const at = option === undefined ? -1 : rest.indexOf(option);
  return at >= 0 && at === rest.length - 2 ? rest.at(-1) : undefined;
}

/** A command as a person would write it. */
export function commandLine(argv: readonly string[]): string {
  return scriptOf(argv) ?? argv.map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The gravest verdict on what a call runs; `undefined` if it names no arguments. */
export async function judgedRuns(
  effects: readonly Effect[],
  judge: JudgeRun,
): Promise<RunVerdict | undefined> {
  let gravest: RunVerdict | undefined;
  for (const effect of effects) {
    if (effect.kind !== "runs" || effect.argv === undefined) continue;
    const verdict = await judge(effect.argv, effect.folder);
    if (gravest === undefined || isGraver(verdict.risk, gravest.risk)) gravest = verdict;
  }
  return gravest;
}

/** What counts where nobody could judge. */
export function unjudged(effects: readonly Effect[]): RunVerdict | undefined {
  const isRun = effects.some((effect) => effect.kind === "runs" && effect.argv !== undefined);
  return isRun ? UNJUDGED : undefined;
}

function isGraver(one: RunRisk, other: RunRisk): boolean {
  return RUN_RISKS.indexOf(one) > RUN_RISKS.indexOf(other);
}
