/**
 * What commands change for those behind them: variables, the folder, aliases; and what redirections write.
 * @module
 */
import type { Assignment } from "unbash";
import { type Court, type Input, isUnknown, type Scope, UNKNOWN } from "./court.ts";
import { expandWord, type RunScript, textOf } from "./bash_word.ts";
import { groundOf, resolvePath } from "./paths.ts";
import { judgeWrite } from "./writing.ts";

/** Gives a variable its value. */
export function assign(item: Assignment, scope: Scope, run: RunScript): string {
  if (item.value.type === "ArrayValue") {
    const values = item.value.elements.flatMap((word) => expandWord(word, scope, run));
    values.slice(0, 64).forEach((value, at) => scope.variables.set(`${item.name}[${at}]`, value));
    const all = values.join(" ");
    scope.variables.set(`${item.name}[@]`, all).set(`${item.name}[*]`, all);
    scope.variables.set(item.name, values[0] ?? "");
    return all;
  }
  const text = textOf(item.value, scope, run);
  const value = item.append ? (scope.variables.get(item.name) ?? UNKNOWN) + text : text;
  const name = item.index ? `${item.name}[${textOf(item.index, scope, run)}]` : item.name;
  scope.variables.set(name, value.slice(0, 16_384));
  return value;
}

/** What a builtin changes for the commands behind it. */
export function declare(words: readonly string[], scope: Scope): void {
  const [program, ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith("-"));
  switch (program) {
    case "cd":
    case "pushd":
      scope.folder = rest[0] === undefined
        ? scope.variables.get("HOME") ?? scope.folder
        : resolvePath(rest.at(-1) === "-" ? UNKNOWN : rest.at(-1) ?? "", scope);
      scope.variables.set("PWD", scope.folder);
      break;
    case "export":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
      for (const word of operands) {
        const equals = word.indexOf("=");
        if (equals > 0) scope.variables.set(word.slice(0, equals), word.slice(equals + 1));
      }
      break;
    case "alias":
      for (const word of operands) {
        const equals = word.indexOf("=");
        if (equals > 0) scope.aliases.set(word.slice(0, equals), word.slice(equals + 1));
      }
      break;
    case "set":
      if (rest[0] === "--") {
        rest.slice(1, 10).forEach((value, at) => scope.variables.set(String(at + 1), value));
        scope.variables.set("@", rest.slice(1).join(" ")).set("*", rest.slice(1).join(" "));
      }
      break;
    case "printf":
      if (rest[0] === "-v") {
        scope.variables.set(rest[1] ?? "", rest.length === 3 ? rest[2] ?? "" : UNKNOWN);
      }
      break;
    case "read":
    case "unset":
    case "mapfile":
    case "readarray":
    case "getopts":
      for (const word of operands) scope.variables.delete(word);
  }
}

/** A redirection and the command it belongs to. */
interface Redirected {
  readonly words: readonly string[] | undefined;
  readonly input: Input;
  readonly scope: Scope;
}

/** Judges one redirection; says which file the output goes to, if it is one. */
export function judgeRedirect(
  operator: string,
  target: string,
  { words, input, scope }: Redirected,
  court: Court,
): string | undefined {
  if (/^\/dev\/(tcp|udp)\//.test(target)) {
    const shell = /^(ba|z|k|da)?sh$/.test(words?.[0]?.split("/").at(-1) ?? "");
    court.raise(
      shell ? "FORBIDDEN" : "DANGEROUS",
      shell ? "gives a shell to another machine" : "opens a connection to another machine",
      target,
    );
    return undefined;
  }
  if (operator === "<") {
    const ground = groundOf(target, scope, court);
    if (ground === "vault") court.raise("FORBIDDEN", "reads the vault", target);
    else if (ground === "credential") court.raise("DANGEROUS", "reads keys or passwords", target);
    return undefined;
  }
  if (operator.endsWith("&") && /^(\d+|-)$/.test(target)) return undefined;
  const ground = groundOf(target, scope, court);
  if (ground === "harmless") return undefined;
  judgeWrite(target, scope, court);
  if (isUnknown(target)) court.raise("DANGEROUS", "writes to a file that is not known", "");
  if (!operator.includes(">>") && ground !== "temporary" && printsNothing(words, input)) {
    court.raise("DANGEROUS", "empties a file", target);
  }
  return resolvePath(target, scope);
}

function printsNothing(words: readonly string[] | undefined, input: Input): boolean {
  if (words === undefined) return false;
  const line = words.join(" ").trim();
  return /^(:|true|false|echo( -n)?( '')?|printf ?|cat \/dev\/null)?$/.test(line) &&
    (input.text ?? "") === "";
}
