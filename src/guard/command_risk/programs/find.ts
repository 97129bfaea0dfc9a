/**
 * `find` and `fd`: what they delete, write and run, and where.
 * @module
 */
import { type Call, type Court, UNKNOWN, within, withWords } from "../court.ts";
import { groundOf } from "../paths.ts";
import { judgeRead, judgeWrite } from "../writing.ts";

/** Tests and actions that take one value, which is then no action. */
const VALUED =
  /^-(i?name|i?path|i?wholename|i?regex|i?lname|type|xtype|size|[acm]time|[acm]min|newer\w*|[acB]newer|user|group|uid|gid|perm|maxdepth|mindepth|fstype|links|inum|samefile|printf|regextype|used|context|files0-from)$/;
const FILTER = /^-(i?name|i?path|i?wholename|i?regex|size|[acm]time|[acm]min|newer\w*|empty)$/;

/** Judges `find`. */
export function judgeFind(call: Call, court: Court): void {
  const { words } = call;
  const roots: string[] = [];
  let filtered = false;
  for (let at = 1; at < words.length && !court.done(); at++) {
    const word = words[at] ?? "";
    if (/^-(exec|execdir|ok|okdir)$/.test(word)) {
      const end = endOf(words, at + 1);
      carried(call, words.slice(at + 1, end), roots, court, filtered);
      at = end;
    } else if (word === "-delete") deleteBelow(call, roots, filtered, court);
    else if (/^-(fprint0?|fls|fprintf)$/.test(word)) {
      court.raise("MODERATE", "writes a file", words[at + 1] ?? "");
      judgeWrite(words[++at] ?? "", call.scope, court);
      if (word === "-fprintf") at++;
    } else if (VALUED.test(word)) {
      filtered ||= FILTER.test(word);
      at++;
    } else if (word === "-empty") filtered = true;
    else if (!/^[-(!),]/.test(word)) roots.push(word);
  }
}

function endOf(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && words[at] !== ";" && !(words[at] === "+" && words[at - 1] === "{}")) {
    at++;
  }
  return at;
}

function carried(
  call: Call,
  words: readonly string[],
  roots: readonly string[],
  court: Court,
  filtered: boolean,
): void {
  // With a filter it is some of the files below; without one, the folder itself is the first of them.
  for (const root of roots.length > 0 ? roots.slice(0, 8) : ["."]) {
    if (!filtered && !/^(ls|stat|file|echo|test)$/.test(words[0] ?? "")) {
      judgeRead(root, call.scope, court, "whole");
    }
    const found = filtered ? `${root}/${UNKNOWN}` : root;
    const filled = words.map((word) => word.replaceAll("{}", () => found));
    court.call(withWords(call, filled));
  }
}

function deleteBelow(call: Call, roots: readonly string[], filtered: boolean, court: Court): void {
  for (const root of roots.length > 0 ? roots : ["."]) {
    const ground = groundOf(root, call.scope, court);
    const wide = ["root", "system", "home", "vault"].includes(ground);
    if (wide && !filtered) {
      court.raise("FORBIDDEN", "deletes all that lies below a folder of the system");
    } else court.raise("DANGEROUS", "deletes every file that it finds");
  }
}

/** Judges `fd`, whose `-x` and `-X` run a program on what they find. */
export function judgeFd(call: Call, court: Court): void {
  const at = call.words.findIndex((word) => /^(-x|-X|--exec|--exec-batch)$/.test(word));
  if (at < 0) return;
  const filled = call.words.slice(at + 1).map((word) => word.replace(/\{[./]*\}/g, () => UNKNOWN));
  const touched = filled.some((word) => word.includes(UNKNOWN)) ? filled : [...filled, UNKNOWN];
  court.call({ ...withWords(call, touched), scope: within(call.scope) });
}
