/**
 * Splits lines of PowerShell and `cmd` into programs and their arguments. There is no grammar of these
 * here: quotes, escapes and separators are followed, and what is left open is dangerous.
 * @module
 */
import type { Shell } from "../risk.ts";
import { type Court, type Input, NO_INPUT, type Scope, UNKNOWN } from "./court.ts";
import { judgeWrite } from "./writing.ts";
import { groundOf } from "./paths.ts";

const CALL_LIMIT = 512;
/** Stands for a dollar sign that starts no variable. */
const QUOTED_DOLLAR = "\uE000";

interface Piece {
  readonly words: string[];
  /** What stood before it: `|` hands its output on. */
  readonly after: string;
  readonly targets: string[];
}

/** Judges a line of PowerShell or `cmd`. */
export function judgeWindowsLine(
  text: string,
  shell: Exclude<Shell, "bash">,
  scope: Scope,
  court: Court,
): void {
  const { pieces, open } = split(
    shell === "powershell" ? text.replace(/<#.*?#>/gs, " ") : text,
    shell,
  );
  if (open) court.raise("DANGEROUS", "cannot be read as a command", "");
  if (pieces.length > CALL_LIMIT) court.raise("DANGEROUS", "is too much to be followed", "");
  let input: Input = NO_INPUT;
  for (const { words: raw, after, targets: places } of pieces.slice(0, CALL_LIMIT)) {
    const words = raw.map((word) => expand(word, shell, scope));
    if (raw[1] === "=" && raw[0]?.startsWith("$")) words[0] = raw[0];
    const [, name, value = ""] = /^(\w+)=(.*)$/s.exec(raw[1] ?? "") ?? [];
    if (shell === "cmd" && /^set$/i.test(raw[0] ?? "") && name !== undefined) {
      scope.variables.set(name.toLowerCase(), expand(value, shell, scope));
    }
    const targets = places.map((word) => expand(word, shell, scope));
    if (after !== "|") input = NO_INPUT;
    if (words.length > 0) judgePiece(words, shell, { input, scope }, court);
    for (const target of targets) {
      if (!/^(nul|\$null)$/i.test(target) && groundOf(target, scope, court) !== "harmless") {
        judgeWrite(target, scope, court);
      }
    }
    const program = (words[0] ?? "").toLowerCase();
    if (
      /^(invoke-webrequest|iwr|invoke-restmethod|irm|curl|wget)$/.test(program) ||
      /download(string|data|file)/i.test(words.join(" "))
    ) input = { from: "network" };
    else if (program === "echo" || program === "write-output") {
      input = { from: "text", text: words.slice(1).join(" ") };
    } else input = { from: "unknown" };
  }
}

function judgePiece(
  words: string[],
  shell: Exclude<Shell, "bash">,
  { input, scope }: { input: Input; scope: Scope },
  court: Court,
): void {
  const [first = "", ...rest] = words;
  const line = words.join(" ");
  if (shell === "powershell") {
    const assigned = /^\$([\w:]+)$/.exec(first);
    if (assigned && rest[0] === "=") {
      scope.variables.set((assigned[1] ?? "").toLowerCase(), rest[1] ?? UNKNOWN);
      if (rest.length > 1) judgePiece(rest.slice(1), shell, { input, scope }, court);
      return;
    }
    if (/\[(system\.)?(io\.(file|directory))\]::(delete|writeall|move)/i.test(line)) {
      court.raise("DANGEROUS", "deletes or changes files");
    }
    if (
      /download(string|data)|frombase64string|\[scriptblock\]|\[reflection\.assembly\]|::load\(|net\.webclient|tcpclient/i
        .test(line)
    ) court.raise("DANGEROUS", "loads or hides what it runs");
    if (/^[&.]$/.test(first)) {
      const [program = "", ...given] = rest;
      court.call({ words: [program.startsWith("$") ? UNKNOWN : program, ...given], input, scope });
      return;
    }
    if (
      /^(\d+([-+*/.]\d+)*|["'].*|\$[\w.:]+|@[({].*|\[.*)$/s.test(first) && !first.includes(UNKNOWN)
    ) return;
    if (
      /^(if|else|elseif|foreach|for|while|do|try|catch|finally|switch|return|function|param|process|begin|end|throw|%|\?|foreach-object|where-object)$/i
        .test(first)
    ) return;
  }
  if (
    shell === "cmd" &&
    /^(if|for|else|do|not|exist|in|@echo|echo\.|goto|setlocal|endlocal|pause|exit)$/i.test(first)
  ) {
    const at = words.findIndex((word, index) => index > 0 && /^(do|else)$/i.test(word));
    const from = at > 0
      ? at + 1
      : first.toLowerCase() === "if"
      ? behindCondition(words)
      : words.length;
    if (from < words.length) judgePiece(words.slice(from), shell, { input, scope }, court);
    return;
  }
  court.call({ words, input, scope });
}

/** Where the command behind `if` begins. */
function behindCondition(words: readonly string[]): number {
  let at = 1;
  while (/^(\/i|not)$/i.test(words[at] ?? "")) at++;
  if (/^(exist|defined|errorlevel|cmdextversion)$/i.test(words[at] ?? "")) return at + 2;
  return words[at]?.includes("==") ? at + 1 : at + 3;
}

/** Follows quotes and escapes; blocks and sub-expressions are pieces like the rest. */
function split(
  text: string,
  shell: Exclude<Shell, "bash">,
): { pieces: Piece[]; open: boolean } {
  const pieces: Piece[] = [{ words: [], after: "", targets: [] }];
  const escape = shell === "powershell" ? "`" : "^";
  let [word, some, quote, target] = ["", false, "", false];
  const close = () => {
    const last = pieces.at(-1);
    if (some && last) (target ? last.targets : last.words).push(word);
    if (some) target = false;
    [word, some] = ["", false];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (letter === escape && quote !== "'" && at + 1 < text.length) {
      word += /[\r\n]/.test(text[at + 1] ?? "") ? "" : text[at + 1];
      [some, at] = [true, at + 1];
    } else if (quote !== "") {
      if (letter === quote) quote = "";
      else word += letter === "$" && quote === "'" ? QUOTED_DOLLAR : letter;
    } else if (letter === '"' || (letter === "'" && shell === "powershell")) {
      [quote, some] = [letter, true];
    } else if (/\s/.test(letter) && letter !== "\n") close();
    else if (letter === "#" && shell === "powershell" && !some) {
      while (at + 1 < text.length && text[at + 1] !== "\n") at++;
    } else if (/[|&\n]/.test(letter) || (letter === ";" && shell === "powershell")) {
      close();
      // A call operator is no separator.
      if (
        letter === "&" && shell === "powershell" && text[at + 1] !== "&" &&
        pieces.at(-1)?.words.length === 0
      ) {
        pieces.at(-1)?.words.push("&");
        continue;
      }
      const double = text[at + 1] === letter && letter !== "\n";
      if (double) at++;
      pieces.push({ words: [], after: double ? letter + letter : letter, targets: [] });
    } else if (letter === ">") {
      if (/^[0-9*]$/.test(word)) [word, some] = ["", false];
      close();
      if (text[at + 1] === ">") at++;
      if (text[at + 1] === "&") at += 2;
      else target = true;
    } else if (/[(){}]/.test(letter)) {
      close();
      pieces.push({ words: [], after: ";", targets: [] });
    } else {
      word += letter;
      some = true;
    }
  }
  const open = quote !== "";
  close();
  return { pieces, open };
}

function expand(word: string, shell: Exclude<Shell, "bash">, scope: Scope): string {
  if (word.includes(QUOTED_DOLLAR)) return word.replaceAll(QUOTED_DOLLAR, "$");
  const value = (name: string) => {
    const plain = name.replace(/^env:/i, "");
    const known = scope.variables.get(plain.toLowerCase()) ??
      scope.variables.get(plain.toUpperCase());
    if (known !== undefined) return known;
    if (/^(systemroot|windir)$/i.test(plain)) return "C:\\Windows";
    if (/^systemdrive$/i.test(plain)) return "C:";
    if (/^(userprofile|home)$/i.test(plain)) return scope.variables.get("HOME") ?? UNKNOWN;
    return UNKNOWN;
  };
  if (shell === "cmd") return word.replace(/%([\w()]{1,64})%/g, (_, name: string) => value(name));
  if (
    /^\$(null|true|false|_|\w+\.)/i.test(word) ||
    /^\$[\w:]+$/.test(word) && value(word.slice(1)) === UNKNOWN
  ) return word;
  return word.replace(/\$\{?((?:env:)?\w{1,64})\}?/gi, (_, name: string) => value(name));
}
