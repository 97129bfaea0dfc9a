/**
 * Expands the words of a parsed bash script with what is known: quotes, variables, substitutions, braces.
 * @module
 */
import type {
  ArithmeticExpression,
  ParameterExpansionPart,
  ParsedScript,
  Word,
  WordPart,
} from "unbash";
import { type Scope, UNKNOWN } from "./court.ts";

/** Runs a nested script in the walk, and says what it prints if that is known. */
export type RunScript = (script: ParsedScript | undefined, scope: Scope) => string | undefined;

/** More words or alternatives than this are cut: what is cut is unknown. */
const ALTERNATIVE_LIMIT = 64;
const LENGTH_LIMIT = 16_384;

/** What is too long goes on in an unknown way. */
function cut(text: string): string {
  return text.length <= LENGTH_LIMIT ? text : text.slice(0, LENGTH_LIMIT) + UNKNOWN;
}

/** What a word's parts add up to. */
class Fields {
  readonly #done: string[] = [];
  #open: string[] = [""];
  /** Whether something was written that makes a field even if it is empty. */
  #some = false;

  add(text: string, split: "split" | "whole"): void {
    if (split === "whole") {
      this.#some = true;
      // What is full stays as it is.
      if (this.#open.every((field) => field.length > LENGTH_LIMIT)) return;
      this.#open = this.#open.map((field) => cut(field + text));
      return;
    }
    text.split(/[ \t\n]+/).slice(0, 4_096).forEach((piece, index) => {
      if (index > 0) this.#close();
      if (piece !== "") this.add(piece, "whole");
    });
  }

  /** One of several texts: each field goes on with each of them. */
  fork(texts: readonly string[]): void {
    this.#some = true;
    if (this.#open.length * texts.length > ALTERNATIVE_LIMIT) return this.add(UNKNOWN, "whole");
    this.#open = this.#open.flatMap((field) => texts.map((text) => cut(field + text)));
  }

  all(): string[] {
    this.#close();
    return this.#done;
  }

  #close(): void {
    if (this.#some) this.#done.push(...this.#open);
    this.#open = [""];
    this.#some = false;
  }
}

/** The fields a word becomes; none if it expands to nothing. */
export function expandWord(word: Word, scope: Scope, run: RunScript): string[] {
  const fields = new Fields();
  addParts(word.parts, word, fields, scope, run, "split");
  return fields.all();
}

/** The text of a word where it is not split: after `=`, as a target, as a here-string. */
export function textOf(word: Word, scope: Scope, run: RunScript): string {
  const fields = new Fields();
  addParts(word.parts, word, fields, scope, run, "whole");
  return fields.all().join(" ");
}

/** The text of parts that stand alone, as in a here-document. */
export function textOfParts(parts: readonly WordPart[], scope: Scope, run: RunScript): string {
  const fields = new Fields();
  for (const part of parts) addPart(part, fields, scope, run, "whole");
  return fields.all().join("");
}

function addParts(
  parts: readonly WordPart[] | undefined,
  word: { readonly text: string; readonly value: string },
  fields: Fields,
  scope: Scope,
  run: RunScript,
  split: "split" | "whole",
): void {
  const tilde = /^~[a-z0-9_+-]*(?=\/|$)/i.exec(word.text)?.[0];
  if (parts === undefined || parts.length === 0) {
    fields.add(tilde ? homeOf(tilde, scope) + word.value.slice(tilde.length) : word.value, "whole");
    return;
  }
  parts.forEach((part, index) => {
    if (index === 0 && tilde && part.type === "Literal") {
      fields.add(homeOf(tilde, scope) + part.value.slice(tilde.length), "whole");
    } else addPart(part, fields, scope, run, split);
  });
}

function addPart(
  part: WordPart,
  fields: Fields,
  scope: Scope,
  run: RunScript,
  split: "split" | "whole",
): void {
  switch (part.type) {
    case "Literal":
    case "Glob":
    case "SingleQuoted":
    case "AnsiCQuoted":
      fields.add(part.value, "whole");
      break;
    case "DoubleQuoted":
    case "LocaleString":
      fields.add("", "whole");
      for (const inner of part.parts) {
        addPart(inner, fields, scope, run, isList(inner) ? "split" : "whole");
      }
      break;
    case "SimpleExpansion":
      fields.add(inFields(valueOf(part.text.slice(1), scope), scope), split);
      break;
    case "ParameterExpansion":
      fields.add(inFields(parameterValue(part, scope, run), scope), split);
      break;
    case "CommandExpansion":
      fields.add(run(part.script, scope)?.replace(/\n+$/, "") ?? UNKNOWN, split);
      break;
    case "ProcessSubstitution": {
      const text = run(part.script, scope);
      const path = `/dev/fd/${UNKNOWN}${scope.files.size}`;
      if (text !== undefined) scope.files.set(path, text);
      fields.add(path, "whole");
      break;
    }
    case "ArithmeticExpansion":
      runArithmetic(part.expression, scope, run);
      fields.add(/^\$\(\(\d+\)\)$/.test(part.text) ? part.text.slice(3, -2) : UNKNOWN, "whole");
      break;
    case "BraceExpansion":
      fields.fork(braceTexts(part.text));
      break;
    case "ExtendedGlob":
      fields.add("*", "whole");
      break;
  }
}

/** `"$@"` and `"${a[@]}"` are as many words as there are, quotes or not. */
function isList(part: WordPart): boolean {
  if (part.type === "SimpleExpansion") return part.text === "$@";
  return part.type === "ParameterExpansion" && (part.parameter === "@" || part.index?.text === "@");
}

/** With blanks where the script has said that words end. */
function inFields(text: string, scope: Scope): string {
  const ends = scope.variables.get("IFS") ?? " ";
  if (/^\s*$/.test(ends)) return text;
  return Array.from(text, (character) => ends.includes(character) ? " " : character).join("");
}

/** Substitutions in a sum are run as well. */
function runArithmetic(
  expression: ArithmeticExpression | undefined,
  scope: Scope,
  run: RunScript,
): void {
  switch (expression?.type) {
    case "ArithmeticBinary":
      runArithmetic(expression.left, scope, run);
      return runArithmetic(expression.right, scope, run);
    case "ArithmeticUnary":
      return runArithmetic(expression.operand, scope, run);
    case "ArithmeticTernary":
      runArithmetic(expression.test, scope, run);
      runArithmetic(expression.consequent, scope, run);
      return runArithmetic(expression.alternate, scope, run);
    case "ArithmeticGroup":
      return runArithmetic(expression.expression, scope, run);
    case "ArithmeticWord":
      textOfParts(expression.parts ?? [], scope, run);
      return;
    case "ArithmeticCommandExpansion":
      run(expression.script, scope);
  }
}

/** The value of a variable; `UNKNOWN` if nothing says what it is. */
export function valueOf(name: string, scope: Scope): string {
  return scope.variables.get(name) ?? UNKNOWN;
}

function homeOf(tilde: string, scope: Scope): string {
  if (tilde === "~") return valueOf("HOME", scope);
  if (tilde === "~+") return scope.folder;
  if (tilde === "~root") return "/root";
  return tilde === "~-" ? valueOf("OLDPWD", scope) : `/home/${tilde.slice(1)}`;
}

function parameterValue(part: ParameterExpansionPart, scope: Scope, run: RunScript): string {
  let known = scope.variables.get(part.parameter);
  if (part.index) {
    const index = textOf(part.index, scope, run);
    known = scope.variables.get(`${part.parameter}[${index}]`) ??
      (index === "0" ? known : undefined);
  }
  if (part.prefix === "#") return known === undefined ? UNKNOWN : String(known.length);
  if (part.prefix === "!") return known === undefined ? UNKNOWN : valueOf(known, scope);
  const { operation } = part;
  switch (operation?.type) {
    case undefined:
      return known ?? UNKNOWN;
    case "Default": {
      // The operand is expanded in any case: a substitution in it may run.
      const operand = textOf(operation.operand, scope, run);
      if (operation.operator.includes("+")) return known === "" ? "" : operand;
      if (operation.operator.includes("?")) return known ?? UNKNOWN;
      const value = known === undefined || (known === "" && operation.operator.startsWith(":"))
        ? operand
        : known;
      if (operation.operator.endsWith("=")) scope.variables.set(part.parameter, value);
      return value;
    }
    case "Slice": {
      const offset = Number(textOf(operation.offset, scope, run));
      const length = operation.length && Number(textOf(operation.length, scope, run));
      if (known === undefined || Number.isNaN(offset) || Number.isNaN(length ?? 0)) return UNKNOWN;
      const from = known.slice(offset);
      return length === undefined ? from : from.slice(0, length);
    }
    case "CaseModification":
      if (known === undefined || operation.operand) return UNKNOWN;
      return changeCase(known, operation.operator);
    case "Replace":
    case "Remove":
      return changed(known, operation, scope, run);
    default:
      return UNKNOWN;
  }
}

type Change = Extract<ParameterExpansionPart["operation"], { type: "Replace" | "Remove" }>;

/** Patterns that are plain text are followed; with a glob in it, the outcome is unknown. */
function changed(known: string | undefined, change: Change, scope: Scope, run: RunScript): string {
  const pattern = textOf(change.type === "Remove" ? change.operand : change.pattern, scope, run);
  const replacement = change.type === "Remove" ? "" : textOf(change.replacement, scope, run);
  if (known === undefined || pattern === "" || /[*?[\\]/.test(pattern)) return UNKNOWN;
  switch (change.operator) {
    case "//":
      return known.replaceAll(pattern, () => replacement).slice(0, LENGTH_LIMIT);
    case "/":
      return known.replace(pattern, () => replacement);
    case "/#":
    case "#":
    case "##":
      return known.startsWith(pattern) ? replacement + known.slice(pattern.length) : known;
    default:
      return known.endsWith(pattern) ? known.slice(0, -pattern.length) + replacement : known;
  }
}

function changeCase(text: string, operator: "^" | "^^" | "," | ",,"): string {
  const change = (part: string) =>
    operator.startsWith("^") ? part.toUpperCase() : part.toLowerCase();
  return operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
}

/** `{a,b}` and `{1..3}`; deeper nesting is flattened, which keeps every piece. */
function braceTexts(text: string): string[] {
  const inner = text.slice(1, -1);
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})(\.\.-?\d+)?$/.exec(inner);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    const count = Math.min(Math.abs(to - from) + 1, ALTERNATIVE_LIMIT);
    return Array.from({ length: count }, (_, index) => String(from + Math.sign(to - from) * index));
  }
  return inner.split(",").slice(0, ALTERNATIVE_LIMIT)
    .map((piece) => piece.replace(/[{}'"\\]/g, ""));
}
