/**
 * Judges a command line: holds the court, its bounds, and the ways between the parts.
 * @module
 */
import { type Risk, type RiskPlace, RISKS, type RiskVerdict } from "../risk.ts";
import { judgeScript } from "./bash_script.ts";
import { judgeCall } from "./call.ts";
import {
  type Call,
  type Court,
  type Input,
  NO_INPUT,
  type Scope,
  UNKNOWN,
  within,
} from "./court.ts";
import { judgeWindowsLine } from "./windows_line.ts";

/** A longer text is judged at both its ends only, and is never less than dangerous. */
const LENGTH_LIMIT = 131_072;
const NESTING_LIMIT = 200;
/** Scripts and calls in all. */
const STEP_LIMIT = 4_000;
/** Characters of nested scripts in all. */
const TEXT_LIMIT = 1_000_000;
const DEPTH_LIMIT = 40;
const PART_LENGTH = 200;
const PART_WORDS = 64;
/** More arguments than this are not looked at. */
const WORD_LIMIT = 2_000;

/** Shells run what stands in an index, also of a text that is read as a name or a sum; and what `@P` expands. */
const HIDDEN_COMMAND = /(?<=\w)(?<!\$\{\w{1,64})\[\\?(?:\$\((?!\()|`)[^\n]{0,40}|\$\{\w{1,64}@P\}/;

/** What is assumed where nothing is known: folders that no list names. */
const UNKNOWN_HOME = "/home/~";

/** Judges a command line; see {@linkcode CommandRisk}. */
export function commandRisk(command: string, place: RiskPlace = {}): RiskVerdict {
  const court = new Judgement(place);
  court.begin(command);
  return court.verdict();
}

class Judgement implements Court {
  readonly place: RiskPlace;
  readonly home: string;
  #risk: Risk = "SAFE";
  #reason = "only reads or shows";
  #part = "";
  #steps = 0;
  #characters = 0;
  #current: readonly string[] = [];

  constructor(place: RiskPlace) {
    this.place = place;
    this.home = place.home ?? place.variables?.["HOME"] ?? UNKNOWN_HOME;
  }

  begin(command: string): void {
    const clean = (text: string) => text.replaceAll(UNKNOWN, "\uFFFD").toWellFormed();
    if (command.length <= LENGTH_LIMIT) {
      if (command.trim() === "") this.#reason = "does nothing";
      this.line(clean(command), this.#scope());
      return;
    }
    this.raise("DANGEROUS", "is too long to be followed");
    const half = LENGTH_LIMIT / 2;
    this.line(clean(command.slice(0, half)), this.#scope());
    // A part of a line may begin inside quotes; its own beginning is looked for.
    this.line(clean(command.slice(-half)).replace(/^[^;\n|&]*[;\n|&]/, ""), this.#scope());
  }

  raise(risk: Risk, reason: string, part?: string): void {
    if (RISKS.indexOf(risk) <= RISKS.indexOf(this.#risk)) return;
    this.#risk = risk;
    this.#reason = reason;
    this.#part = part ?? this.#current.slice(0, PART_WORDS).join(" ").slice(0, 1_024);
  }

  line(text: string, scope: Scope, input: Input = NO_INPUT): string | undefined {
    this.#characters += text.length;
    if (this.#tooMuch(scope)) return undefined;
    if (bracketDepth(text) > NESTING_LIMIT) {
      this.raise("DANGEROUS", "is nested too deep to be followed", "");
      return undefined;
    }
    const hidden = HIDDEN_COMMAND.exec(text)?.[0];
    if (hidden !== undefined) {
      this.raise("DANGEROUS", "may run a command where a name or a number is expected", hidden);
    }
    const { shell } = this.place;
    try {
      if ((shell === "powershell" || shell === "cmd") && scope.depth === 0) {
        judgeWindowsLine(text, shell, scope, this);
        return undefined;
      }
      return judgeScript(text, scope, this, input);
    } catch (cause) {
      // The parser recurses; what it cannot hold, nobody can read either.
      if (!(cause instanceof RangeError)) throw cause;
      this.raise("DANGEROUS", "is nested too deep to be followed", "");
      return undefined;
    }
  }

  call(call: Call): void {
    if (this.#tooMuch(call.scope) || call.words.length === 0) return;
    if (call.words.length > WORD_LIMIT) {
      this.raise("DANGEROUS", "has too many arguments to be followed", call.words[0] ?? "");
      this.call({ ...call, words: call.words.slice(0, WORD_LIMIT) });
      return;
    }
    const around = this.#current;
    this.#current = call.words;
    judgeCall(call, this);
    this.#current = around;
  }

  aside(judge: () => void): Risk {
    const kept = [this.#risk, this.#reason, this.#part] as const;
    this.#risk = "SAFE";
    judge();
    const risk = this.#risk;
    [this.#risk, this.#reason, this.#part] = kept;
    return risk;
  }

  step(): boolean {
    if (++this.#steps <= STEP_LIMIT) return this.#risk !== "FORBIDDEN";
    this.raise("DANGEROUS", "is too much to be followed", "");
    return false;
  }

  done(): boolean {
    return this.#risk === "FORBIDDEN" || this.#steps > STEP_LIMIT;
  }

  verdict(): RiskVerdict {
    const part = this.#part.replaceAll(UNKNOWN, "…").replace(
      /[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu,
      " ",
    );
    return {
      risk: this.#risk,
      reason: this.#reason,
      part: part.trim().slice(0, PART_LENGTH).toWellFormed(),
    };
  }

  #tooMuch(scope: Scope): boolean {
    const over = ++this.#steps > STEP_LIMIT || this.#characters > TEXT_LIMIT ||
      scope.depth > DEPTH_LIMIT;
    if (over) this.raise("DANGEROUS", "is too much to be followed", "");
    return over || this.#risk === "FORBIDDEN";
  }

  #scope(): Scope {
    const folder = this.place.folder ?? `${this.home}/~/~`;
    const variables = new Map(Object.entries({
      HOME: this.home,
      PWD: folder,
      IFS: " ",
      TMPDIR: "/tmp",
      SHELL: "/bin/bash",
      PS4: "+ ",
      ...this.place.variables,
    }));
    const scope: Scope = {
      folder,
      variables,
      files: new Map(),
      functions: new Map(),
      aliases: new Map(),
      running: [],
      depth: 0,
      remote: false,
      beside: false,
    };
    return within(scope, { depth: 0 });
  }
}

/** How deep brackets are nested, quotes not regarded: a bound, not a measure. */
function bracketDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x28 || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((code === 0x29 || code === 0x7d) && depth > 0) depth--;
  }
  return deepest;
}
