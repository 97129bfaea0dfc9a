/**
 * Rules about tools, as lines that a person reads and writes: `allow files.write_file in
 * /home/me/notes`, `allow websearch.search on api.tavily.com`, `deny shell.run_command`.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { ANY, hostOf, programOf } from "./effect.ts";
import { isPlain, oneLine } from "../protocol/foreign_text.ts";
import { placeOf, placeText } from "./place.ts";
import { isToolName } from "./tool_name.ts";

/**
 * A rule. One that allows covers a call only if it names everything that the call does; without more
 * than the tool's name it covers calls that do nothing but answer. One that denies names one thing, or
 * nothing, and then means every call of the tool.
 */
export interface Rule {
  readonly decision: "allow" | "deny";
  /** A full name, such as `files.write_file`. */
  readonly tool: string;
  /** `in`: reading and writing in this folder; `*` for anywhere. */
  readonly where?: string;
  /** `reading`: reading only, in this folder; `*` for anywhere. */
  readonly reads?: string;
  /** `on`: exactly this host, not those below it; `*` for any. */
  readonly host?: string;
  /**
   * `running`: exactly this program, with any arguments; exactly this command line; or with ` *` at its end
   * whatever begins so and only reads.
   */
  readonly program?: string;
}

/** UTF-16 units of a line. */
const LINE_UNITS = 10_000;

type Field = "where" | "reads" | "host" | "program";
const WORDS: readonly (readonly [word: string, field: Field])[] = [
  ["in", "where"],
  ["reading", "reads"],
  ["on", "host"],
  ["running", "program"],
];

/** A rule from its line. @throws {PyraError} "bad_rule" */
export function parseRule(line: string): Rule {
  if (line.length > LINE_UNITS) throw bad(line, `is longer than ${LINE_UNITS} characters`);
  const [decision, tool, ...rest] = wordsOf(line);
  if (decision !== "allow" && decision !== "deny") throw bad(line, "must begin with allow or deny");
  if (tool === undefined || !isToolName(tool)) throw bad(line, "must name a tool after that");
  const found: { -readonly [F in Field]?: string } = {};
  for (let at = 0; at < rest.length; at += 2) {
    const word = rest[at];
    const value = rest[at + 1];
    const field = WORDS.find(([known]) => known === word)?.[1];
    if (field === undefined) {
      throw bad(line, `has "${word}" where in, reading, on or running should be`);
    }
    if (value === undefined) throw bad(line, `ends after "${word}"`);
    if (found[field] !== undefined) throw bad(line, `has "${word}" twice`);
    found[field] = valueOf(line, field, value);
  }
  if (decision === "deny" && Object.keys(found).length > 1) {
    throw bad(line, "may name one folder, host or program; write one rule for each");
  }
  return { decision, tool, ...found };
}

/** The line of a rule; it reads as the same rule. */
export function formatRule(rule: Rule): string {
  const parts = WORDS.flatMap(([word, field]) => {
    const value = rule[field];
    return value === undefined ? [] : [word, quoted(value)];
  });
  return [rule.decision, rule.tool, ...parts].join(" ");
}

/** What a rule says, as a sentence without its full stop. */
export function ruleText(rule: Rule): string {
  const { decision, tool, where, reads, host, program } = rule;
  const parts = [
    ...(where === undefined
      ? []
      : [`read and write ${where === ANY ? "anywhere" : `in ${where}`}`]),
    ...(reads === undefined ? [] : [`read ${reads === ANY ? "anywhere" : `in ${reads}`}`]),
    ...(host === undefined ? [] : [`reach ${host === ANY ? "any host" : host}`]),
    ...(program === undefined ? [] : [`run ${programText(program)}`]),
  ];
  if (decision === "deny") {
    return `${tool} may not ${parts.length === 0 ? "be used" : parts.join(", ")}`;
  }
  const what = parts.length === 0 ? "answer, and do nothing else," : parts.join(", ");
  return `${tool} may ${what} without asking`;
}

function programText(program: string): string {
  return program.endsWith(" *") ? `${program.slice(0, -2)} with what only reads` : program;
}

function valueOf(line: string, field: Field, text: string): string {
  if (field === "program") {
    const program = programOf(text);
    if (program === undefined) throw bad(line, "must name one program, and * is none");
    return program;
  }
  if (text === ANY) return ANY;
  if (field === "host") {
    const host = hostOf(text);
    if (host === undefined) throw bad(line, `has "${oneLine(text, 100)}", which is no host`);
    return host;
  }
  const place = placeOf(text);
  if (place === undefined) {
    throw bad(line, `has "${oneLine(text, 100)}", which is no folder; use a full path without ..`);
  }
  return placeText(place);
}

/** Words, or JSON texts for what has white space or quotes in it. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  const word = /\s*(?:("(?:[^"\\]|\\.)*")|([^\s"]+))(?=\s|$)/y;
  const text = line.trimEnd();
  while (word.lastIndex < text.length) {
    const [, inQuotes, plain] = word.exec(text) ?? [];
    if (inQuotes !== undefined) words.push(unquoted(line, inQuotes));
    else if (plain !== undefined) words.push(plain);
    else throw bad(line, "has a quote that is not closed");
  }
  return words;
}

function unquoted(line: string, text: string): string {
  try {
    return String(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw bad(line, "has a wrong \\ in quotes");
    throw cause;
  }
}

function quoted(text: string): string {
  return /[\s"]/.test(text) || !isPlain(text) ? JSON.stringify(text) : text;
}

function bad(line: string, problem: string): PyraError {
  return new PyraError("configuration", "bad_rule", `the rule "${oneLine(line, 200)}" ${problem}`, {
    hint: "write it like: allow files.write_file in /home/me/notes",
  });
}
