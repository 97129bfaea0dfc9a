/**
 * What the command line of `pyra schedule add` says that a job does. The same is read when it is added, when
 * it is shown and when it runs: from the words that the person typed, as the kernel keeps them.
 * @module
 */
import { asPyraError } from "../../protocol/error.ts";
import { jsonOf, oneLine } from "../../protocol/foreign_text.ts";
import { NAME_UNITS } from "../../scheduler/schedule.ts";
import { parseRule, type Rule } from "../../tools/rule.ts";
import { usageError } from "../errors.ts";
import { findCommand } from "../invocation.ts";
import { countOf, isOn, listOf, textOf, wordOf } from "../option_values.ts";
import { parseCommand, type Parsed } from "../program.ts";

/** What a job does. */
export interface TypedJob {
  /** As it was typed. */
  readonly when: string;
  readonly prompt: string;
  readonly name: string;
  readonly zone?: string;
  readonly missed: "late" | "skip";
  readonly provider?: string;
  readonly model?: string;
  /** Full names of tools. */
  readonly allow: readonly string[];
  /** Parts of what tools may do. */
  readonly narrowly: readonly Rule[];
  readonly maxRequests: number;
  /** US dollars. */
  readonly maxCost?: number;
  readonly limitMs: number;
  /** As it was typed. */
  readonly output?: string;
  readonly notify: boolean;
  readonly check?: JobCheck;
  readonly isDisabled: boolean;
}

/** The tool that says whether there is anything to do. */
export interface JobCheck {
  /** Its full name, or as models call it. */
  readonly tool: string;
  /** Its arguments as JSON. */
  readonly given: string;
}

const DEFAULT_REQUESTS = 20;
const DEFAULT_LIMIT_MS = 600_000;
/** No job runs longer, ms; what runs it gives it a little more. */
const LONGEST_LIMIT_MS = 6 * 3_600_000;
const MOST_DOLLARS = 1_000_000;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** Of a prompt, characters of the name that is made of it. */
const NAME_FROM_PROMPT = 40;

/** The job of words that were typed once: `["schedule", "add", …]`. @throws {PyraError} `usage` */
export function jobOf(typed: readonly string[]): TypedJob {
  const named = findCommand(["schedule", "add"]);
  if (named === undefined) throw new TypeError("no command schedule add in the table");
  return readJob(parseCommand(named, typed.slice(named.words.length)));
}

/** The job of a command line. @throws {PyraError} `usage` */
export function readJob({ arguments: [when = "", ...words], options }: Parsed): TypedJob {
  const prompt = words.join(" ").trim();
  if (prompt === "") {
    throw usageError("there is nothing to ask", 'write pyra schedule add "daily 08:00" "a prompt"');
  }
  const [provider, model] = [textOf(options, "--provider"), textOf(options, "--model")];
  const [zone, output] = [textOf(options, "--zone"), textOf(options, "--output")];
  const allowed = listOf(options, "--allow");
  const maxCost = costOf(textOf(options, "--max-cost"));
  const check = checkOf(textOf(options, "--check"), textOf(options, "--check-args"));
  return {
    when,
    prompt,
    name: nameOf(textOf(options, "--name"), prompt),
    ...(zone === undefined ? {} : { zone }),
    missed: wordOf(options, "--missed", ["late", "skip"]) ?? "late",
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    allow: allowed.filter((one) => !one.includes("=")),
    narrowly: allowed.filter((one) => one.includes("=")).map(narrowed),
    maxRequests: countOf(options, "--max-requests") ?? DEFAULT_REQUESTS,
    ...(maxCost === undefined ? {} : { maxCost }),
    limitMs: limitOf(textOf(options, "--limit")),
    ...(output === undefined ? {} : { output }),
    notify: isOn(options, "--notify"),
    ...(check === undefined ? {} : { check }),
    isDisabled: isOn(options, "--disabled"),
  };
}

function nameOf(typed: string | undefined, prompt: string): string {
  if (typed === undefined) return oneLine(prompt, NAME_FROM_PROMPT) || "schedule";
  const name = oneLine(typed, NAME_UNITS + 1);
  if (name !== "" && name.length <= NAME_UNITS && name === typed.trim()) return name;
  throw usageError(
    "the schedule needs another name",
    `write one line of at most ${NAME_UNITS} characters after --name`,
  );
}

/** `files.write_file=in /home/me/notes` */
function narrowed(text: string): Rule {
  const at = text.indexOf("=");
  try {
    return parseRule(`allow ${text.slice(0, at)} ${text.slice(at + 1)}`);
  } catch (thrown) {
    const { message } = asPyraError(thrown);
    throw usageError(message, 'write --allow "files.write_file=in /home/me/notes", for example');
  }
}

function costOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const cost = /^\d{1,7}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (cost > 0 && cost <= MOST_DOLLARS) return cost;
  throw usageError("--max-cost needs dollars", "write --max-cost 0.10, for example");
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT_MS;
  const [, count = "", unit = ""] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= LONGEST_LIMIT_MS) return ms;
  throw usageError(
    ms === 0 ? "--limit needs a time" : "a run may take 6 h at most",
    "write --limit 90s, 10m or 2h",
  );
}

function checkOf(tool: string | undefined, given: string | undefined): JobCheck | undefined {
  if (tool === undefined) {
    if (given === undefined) return undefined;
    throw usageError("--check-args is for a tool", "name it with --check");
  }
  const value = given === undefined ? {} : jsonOf(given);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { tool, given: given ?? "{}" };
  }
  throw usageError(
    "--check-args is no JSON object",
    `write it as --check-args '{"name": "value"}'`,
  );
}
