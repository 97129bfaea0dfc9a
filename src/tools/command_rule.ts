/**
 * Rules about command lines: which lines `running "npm test"` and `running "git status *"` stand for. A rule is
 * never about a shell itself, which could run anything.
 * @module
 */
import type { Effect } from "../protocol/tool.ts";
import { ANY, programOf } from "./effect.ts";
import { commandLine, type RunVerdict, scriptOf } from "./judged_runs.ts";

/** A program that would be run. */
export type RunsEffect = Extract<Effect, { kind: "runs" }>;
/** How dangerous a command was judged; absent: it was not. */
export type JudgedRisk = Pick<RunVerdict, "risk"> | undefined;

/** What could run anything. */
const SHELLS: ReadonlySet<string> = new Set([
  "bash",
  "cmd",
  "dash",
  "fish",
  "powershell",
  "pwsh",
  "sh",
  "zsh",
]);
/** Ends a rule about all lines that begin so, as long as they only read. */
const REST = " *";
/** A line of words alone: nothing in it is for the shell. */
const WORDS = /^[\w./:=@%+,-]+(?: [\w./:=@%+,-]+)*$/;
const PROGRAM_WORD = /^[a-z][\w.+-]*$/;
const SUB_COMMAND = /^[a-z][a-z-]*$/;
/** Programs whose first argument says what they do. */
const WITH_SUB_COMMANDS: ReadonlySet<string> = new Set(
  ("apt brew bun cargo deno dnf docker flatpak gh git go helm hg ip jj kubectl npm pacman pip pip3 " +
    "pnpm podman poetry rustup snap svn systemctl terraform uv winget yarn").split(" "),
);

/** Whether a rule is about lines that begin so and only read. */
export function isAboutReading(program: string): boolean {
  return program.endsWith(REST);
}

/**
 * Whether a rule's program stands for this run. `program *` stands for lines that begin so and were judged to
 * only read.
 */
export function coversRun(program: string, effect: RunsEffect, risk: JudgedRisk): boolean {
  const line = lineOf(effect);
  if (line === undefined) return program === programOf(effect.program);
  if (SHELLS.has(program) || SHELLS.has(program.slice(0, -REST.length))) return false;
  if (scriptOf(effect.argv ?? []) === undefined && program === effect.program) return true;
  if (program === programOf(line)) return true;
  return program.endsWith(REST) && risk?.risk === "SAFE" && isNear(line) &&
    `${line} `.startsWith(program.slice(0, -1));
}

/** Whether a denial of a program may be about this run: it is, wherever the program's name stands in the line. */
export function touchesRun(program: string, effect: RunsEffect): boolean {
  const named = folded(program.endsWith(REST) ? program.slice(0, -REST.length) : program);
  if (named === folded(effect.program)) return true;
  const line = lineOf(effect);
  if (line === undefined) return false;
  const at = folded(line);
  for (let from = at.indexOf(named); from >= 0; from = at.indexOf(named, from + 1)) {
    const isWhole = !/[\w-]/.test(at.charAt(from - 1)) &&
      !/[\w-]/.test(at.charAt(from + named.length));
    if (isWhole) return true;
  }
  return false;
}

/**
 * What a rule would name to allow this run the next time: the program; of a command line that only reads what
 * it begins with; of any other one that very line. `undefined`: none says plainly what it allows.
 */
export function offeredRun(effect: RunsEffect, risk: JudgedRisk): string | undefined {
  const line = lineOf(effect);
  if (line === undefined) return programOf(effect.program);
  const begin = risk?.risk === "SAFE" && isNear(line) ? beginOf(line) : undefined;
  const named = begin === undefined ? programOf(line) : `${begin}${REST}`;
  return named !== undefined && coversRun(named, effect, risk) ? named : undefined;
}

/** Whether a line is words alone, and none of them a place elsewhere: reading there is another question. */
function isNear(line: string): boolean {
  return WORDS.test(line) && !/(?:^|[\s=:,@])\/|\.\./.test(line);
}

/** `git status` of `git status -sb`; `ls` of `ls -la src`. */
function beginOf(line: string): string | undefined {
  const [program = "", first = ""] = line.split(" ");
  if (!PROGRAM_WORD.test(program) || SHELLS.has(program)) return undefined;
  if (!WITH_SUB_COMMANDS.has(program)) return program;
  return SUB_COMMAND.test(first) ? `${program} ${first}` : undefined;
}

/** The command line that is run; `undefined` where any arguments were agreed to. */
function lineOf({ argv }: RunsEffect): string | undefined {
  return argv === undefined ? undefined : commandLine(argv);
}

function folded(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}

/** Whether a rule that allows this host also allows a program to reach the network. */
export function coversNetwork(host: string | undefined, { network }: RunsEffect): boolean {
  return network !== true || host === ANY;
}
