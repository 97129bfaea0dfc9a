/**
 * Programs that run other programs: each rule finds the words that would be run.
 * @module
 */
import {
  type Call,
  type Court,
  type Input,
  NO_INPUT,
  type Rule,
  UNKNOWN,
  within,
  withWords,
} from "./court.ts";
import { judgeFind } from "./programs/find.ts";
import { optionsOf } from "./options.ts";
import { evaluate, later, shell, shellInput, source, su } from "./shells.ts";

/** What belongs to the carrier itself, besides its options. */
interface Own {
  /** Operands of its own. */
  readonly skip?: number;
  /** Whether `NAME=value` may stand in front. */
  readonly settings?: boolean;
}

/** Runs what is left when its own options, `skip` operands and settings are taken away. */
function carrier(valued = "", own: Own = {}): Rule {
  return (call, court) => {
    const at = restAt(call.words, valued, own);
    if (at < call.words.length) court.call(withWords(call, call.words.slice(at)));
  };
}

/** Where the carried command begins. */
function restAt(
  words: readonly string[],
  valued: string,
  { skip = 0, settings = false }: Own,
): number {
  const takesValue = new Set(valued.split(" "));
  let [at, left] = [1, skip];
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      if (left === 0 && !settings) return at + 1;
    } else if (word.startsWith("-")) {
      if (takesValue.has(word)) at++;
    } else if (settings && /^[\w.-]*=/.test(word)) continue;
    else if (left-- <= 0) return at;
  }
  return at;
}

/** `env`: settings in front, and `-S`, which splits a text. */
const env: Rule = (call, court) => {
  const words = [...call.words];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? "";
    const split = /^(?:-[iv0]*S|--split-string=?)(.*)$/s.exec(word);
    if (!split) {
      if (/^-[uCPa]$|^--(unset|chdir|argv0)$/.test(word)) at++;
      else if (!word.startsWith("-") && !/^[\w.-]*=/.test(word)) break;
      continue;
    }
    const text = split[1] || (words[at + 1] ?? "");
    const rest = words.slice(at + (split[1] ? 1 : 2));
    court.line(
      `env ${text} ${rest.map((part) => `'${part}'`).join(" ")}`,
      within(call.scope),
      call.input,
    );
    return;
  }
  const settings = words.slice(1).filter((word) => /^[\w.-]+=/.test(word));
  if (settings.length > 0) court.call(withWords(call, ["export", ...settings]));
  const scope = within(call.scope);
  for (const setting of settings) {
    scope.variables.set(
      setting.slice(0, setting.indexOf("=")),
      setting.slice(setting.indexOf("=") + 1),
    );
  }
  const at = restAt(words, "-u -C -P -a --unset --chdir --argv0", { settings: true });
  if (at < words.length) court.call({ ...call, words: words.slice(at), scope });
};

/** Another user's rights: what is run there is never less than moderate. */
function elevated(valued: string): Rule {
  return (call, court) => {
    court.raise("MODERATE", "runs with the rights of another user");
    const options = optionsOf(call.words.slice(1), valued);
    for (const text of options.values("-c", "--command")) {
      court.line(text, within(call.scope), call.input);
    }
    const at = restAt(call.words, valued, { settings: true });
    if (at < call.words.length) court.call(withWords(call, call.words.slice(at)));
    else if (options.has("-i", "-s", "--login", "--shell")) shellInput(call, court);
  };
}

/** `xargs` and `parallel`: what they read becomes arguments. */
function repeated(valued: string): Rule {
  return (call, court) => {
    const { words, input } = call;
    const at = restAt(words, valued, {});
    const separators = words.findIndex((word) => /^::::?\+?$/.test(word));
    const carried = words.slice(at, separators < 0 ? undefined : separators);
    const given = separators < 0 ? known(input) : words.slice(separators + 1);
    const marks = optionsOf(words.slice(1, at), valued).values("-I", "-J", "--replace", "-i");
    const mark = [...marks, "{}"].find((text) =>
      text !== "" && carried.some((word) => word.includes(text))
    );
    if (carried.length === 0) {
      if (given.includes(UNKNOWN)) court.raise("DANGEROUS", "runs lines that are not known");
      for (const line of given.slice(0, 32)) court.line(line, within(call.scope));
      return;
    }
    const uses = given.length > 0 ? given.slice(0, 32) : [UNKNOWN];
    if (mark === undefined && !carried.some((word) => /\{\d*[./#%]*\}/.test(word))) {
      runCarried(call, court, [...carried, ...uses]);
      // Words of one line may be split or handed on whole.
      for (const use of uses) if (/\s/.test(use)) runCarried(call, court, [...carried, use]);
      return;
    }
    for (const use of uses) {
      const fill = (word: string) =>
        mark === undefined
          ? word.replace(/\{\d*[./#%]*\}/g, () => use)
          : word.replaceAll(mark, () => use);
      runCarried(call, court, carried.map(fill));
    }
  };
}

function known(input: Input): string[] {
  if (input.text === undefined) return [UNKNOWN];
  return input.text.split(/\s+/).filter((word) => word !== "").slice(0, 256)
    .map((word) => word.replace(/["'\\]/g, ""));
}

function runCarried(call: Call, court: Court, words: readonly string[]): void {
  const shellText = /(^|\/)(ba|z|da|k)?sh$/.test(words[0] ?? "") && words.length > 2 &&
    words[1] === "-c";
  // What xargs gives to `sh -c` alone is its text, split or not.
  if (shellText) court.raise("DANGEROUS", "runs lines that it reads as commands");
  if (shellText) court.line(words.slice(2).join(" "), within(call.scope));
  court.call({ ...withWords(call, words), input: NO_INPUT });
}

/** Runs a text that stands in some operand. */
function texts(at: number, valued = ""): Rule {
  return (call, court) => {
    court.raise("MODERATE", "runs another program");
    const { operands } = optionsOf(call.words.slice(1), valued);
    const text = operands.slice(at).join(" ");
    if (text !== "") court.line(text, within(call.scope), call.input);
  };
}

const trap: Rule = (call, court) => {
  const text = call.words[1] ?? "";
  if (call.words.length > 2 && !text.startsWith("-")) court.line(text, within(call.scope));
};

const alias: Rule = (call, court) => {
  for (const word of call.words.slice(1)) {
    if (word.includes("=")) court.line(word.slice(word.indexOf("=") + 1), within(call.scope));
  }
};

const PLAIN = carrier();
const SUDO =
  "-u -g -h -p -C -D -R -T -U -r -t --user --group --host --prompt --chdir --chroot --close-from";
const XARGS =
  "-I -n -P -L -s -E -d -a -J -R --max-args --max-procs --max-lines --delimiter --arg-file --max-chars";
const PARALLEL =
  "-j -n -N -S -a -I -P -L -D --jobs --arg-file --colsep --delay --timeout --retries --joblog --results --sshlogin --tagstring --max-args --block --recstart --recend";

/** Rules by program. */
export const CARRIERS: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    [
      "sh",
      "bash",
      "zsh",
      "dash",
      "ksh",
      "mksh",
      "ash",
      "fish",
      "tcsh",
      "csh",
      "rbash",
      "yash",
      "elvish",
      "nu",
    ].map((name) => [name, shell]),
  ),
  ...Object.fromEntries(
    [
      "builtin",
      "nohup",
      "setsid",
      "busybox",
      "toybox",
      "catchsegv",
      "unbuffer",
      "coproc",
      "then",
      "do",
      "else",
      "!",
      "{",
      "(",
    ].map((name) => [name, PLAIN]),
  ),
  env,
  command: (call, court) => {
    // It only says where a program lies.
    if (!/^-[vV]$/.test(call.words[1] ?? "")) PLAIN(call, court);
  },
  exec: carrier("-a"),
  time: carrier("-o -f --output --format"),
  nice: carrier("-n --adjustment"),
  ionice: carrier("-c -n -p --class --classdata"),
  chrt: carrier("-T -P -D", { skip: 1 }),
  taskset: carrier("", { skip: 1 }),
  stdbuf: carrier("-i -o -e --input --output --error"),
  timeout: carrier("-s -k --signal --kill-after", { skip: 1 }),
  gtimeout: carrier("-s -k --signal --kill-after", { skip: 1 }),
  flock: carrier("-w -E --timeout", { skip: 1 }),
  chroot: carrier("--userspec --groups", { skip: 1 }),
  unshare: carrier("-S -G --setuid --setgid"),
  nsenter: carrier("-t -S -G --target"),
  caffeinate: carrier("-t -w"),
  strace: carrier("-o -e -s -p -u -a"),
  ltrace: carrier("-o -e -s -p -u"),
  gdb: carrier("-p"),
  valgrind: PLAIN,
  perf: carrier("-o -e -F", { skip: 1 }),
  watch: texts(0, "-n --interval"),
  entr: PLAIN,
  script: su,
  torsocks: PLAIN,
  proxychains: carrier("-f"),
  proxychains4: carrier("-f"),
  firejail: PLAIN,
  bwrap: carrier(),
  "systemd-run": carrier("-p -u -E --unit --property --setenv"),
  "dbus-run-session": PLAIN,
  "xvfb-run": carrier("-s -n"),
  direnv: (call, court) => {
    if (call.words[1] !== "exec") return court.raise("MODERATE", "changes what folders may set");
    carrier("", { skip: 2 })(call, court);
  },
  dotenv: carrier("-f -e"),
  winpty: PLAIN,
  wsl: carrier("-d -u --distribution --user"),
  hyperfine: texts(0, "-w -r -m -M -p -n --warmup --runs --prepare"),
  rlwrap: PLAIN,
  arch: PLAIN,
  setarch: carrier("", { skip: 1 }),
  sudo: elevated(SUDO),
  doas: elevated("-u -C"),
  pkexec: elevated("--user"),
  gosu: carrier("", { skip: 1 }),
  runuser: (call, court) => {
    if (call.words.some((word) => /^(-u|--user)/.test(word))) elevated("-u --user")(call, court);
    else su(call, court);
  },
  su,
  eval: evaluate,
  source,
  ".": source,
  xargs: repeated(XARGS),
  gxargs: repeated(XARGS),
  parallel: repeated(PARALLEL),
  find: judgeFind,
  gfind: judgeFind,
  trap,
  alias,
  at: later,
  batch: later,
};
