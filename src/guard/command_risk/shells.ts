/**
 * Shells and what is like them: the text that they are given is judged as a script.
 * @module
 */
import { type Call, type Court, isUnknown, UNKNOWN, within } from "./court.ts";
import { optionsOf } from "./options.ts";

/** `su`, `runuser`, `script`: a shell of another user, or a text for one. */
export function su(call: Call, court: Court): void {
  court.raise("MODERATE", "runs with the rights of another user");
  const options = optionsOf(call.words.slice(1), "-c --command -s --shell -g -G -u");
  const texts = options.values("-c", "--command");
  for (const text of texts) court.line(text, within(call.scope), call.input);
  if (texts.length === 0) shellInput(call, court);
}

/** What a shell, or a program like one, reads on standard input. */
export function shellInput(call: Call, court: Court): void {
  const { input } = call;
  if (input.text !== undefined) court.line(input.text, within(call.scope));
  else if (input.from === "network") court.raise("DANGEROUS", "runs what it downloads");
  else if (input.from !== "nothing") court.raise("DANGEROUS", "runs a text that is not known");
}

/** `sh` and its relatives: `-c`, a file, or standard input. */
export function shell(call: Call, court: Court): void {
  const { words, scope } = call;
  const at = words.findIndex((word, index) => index > 0 && /^[-+][a-zA-Z]*c[a-zA-Z]*$/.test(word));
  if (at > 0) {
    // Options may stand between `-c` and its text.
    let text = at + 1;
    while (/^[-+][a-z]+$|^--$/.test(words[text] ?? "")) {
      text += /o$/.test(words[text] ?? "") ? 2 : 1;
    }
    const inside = within(scope);
    words.slice(text + 1, text + 10).forEach((word, index) => {
      inside.variables.set(String(index), word);
    });
    const rest = words.slice(text + 2).join(" ");
    inside.variables.set("@", rest).set("*", rest);
    const script = words[text];
    if (script === undefined) court.raise("MODERATE", "starts a shell");
    else if (script === UNKNOWN) court.raise("DANGEROUS", "runs a text that is not known");
    else court.line(script, inside, call.input);
    return;
  }
  const options = optionsOf(words.slice(1), "-o -O --rcfile --init-file");
  for (const file of options.values("--rcfile", "--init-file")) runFile(file, call, court);
  const [file] = options.operands;
  if (options.has("-s") || file === undefined || file === "-" || file === "/dev/stdin") {
    if (!options.has("--version")) court.raise("MODERATE", "starts a shell");
    shellInput(call, court);
  } else runFile(file, call, court);
}

function runFile(file: string, call: Call, court: Court): void {
  const { scope } = call;
  const text = scope.files.get(file) ?? scope.files.get(`${scope.folder}/${file}`);
  if (text !== undefined) court.line(text, within(scope));
  if (text === undefined && isUnknown(file)) {
    court.raise("DANGEROUS", "runs a script that is not known");
  } else court.raise("MODERATE", "runs a script");
}

/** Runs a file in this shell. */
export function source(call: Call, court: Court): void {
  const file = call.words[1];
  if (file === "/dev/stdin" || file === "-") shellInput(call, court);
  else if (file !== undefined) runFile(file, call, court);
}

/** Reads its arguments again, as a command. */
export function evaluate(call: Call, court: Court): void {
  const text = call.words.slice(call.words[1] === "--" ? 2 : 1).join(" ");
  // Unknown words may be anything once they are read again.
  if (isUnknown(text)) court.raise("DANGEROUS", "runs a text that is not known");
  court.line(text, { ...call.scope, depth: call.scope.depth + 1 }, call.input);
}

/** `at` and `batch`: the text comes on standard input, and runs later. */
/** `at` and `batch`: the text comes on standard input, and runs later. */
export function later(call: Call, court: Court): void {
  if (call.words.some((word) => /^-[lq]$/.test(word))) return;
  court.raise("MODERATE", "runs something later");
  if (call.words.some((word) => /^-[rd]$/.test(word))) {
    court.raise("DANGEROUS", "removes what was planned");
  }
  shellInput(call, court);
}
