/**
 * Options, settings and operands by which programs that only look, or pack, or build, are made to run another
 * program or to write a file. They are looked for beside a program's own rule.
 * @module
 */
import { type Call, type Court, isUnknown, programOf, within } from "./court.ts";
import { optionsOf } from "./options.ts";
import { STEERING } from "./steering.ts";
import type { Risk } from "../risk.ts";
import { judgeWrite } from "./writing.ts";

type Door = (call: Call, court: Court) => void;

/** A text in the value of these options is run by a shell. */
function running(valued: string, more = ""): Door {
  return (call, court) => {
    for (const text of valuesOf(call, valued, more)) {
      court.raise("DANGEROUS", "is told to run another program", text);
      court.line(text, within(call.scope));
    }
  };
}

/** The value of these options is a file that is written. */
function writing(valued: string, more = ""): Door {
  return (call, court) => {
    for (const path of valuesOf(call, valued, more)) judgeWrite(path, call.scope, court);
  };
}

/** Told to do that by an argument that fits. */
function told(pattern: RegExp, reason: string, risk: Risk = "DANGEROUS"): Door {
  return ({ words }, court) => {
    const part = words.slice(1).find((word) => pattern.test(word));
    if (part !== undefined) court.raise(risk, reason, part);
  };
}

/** Whatever it is told. */
function always(reason: string, risk: Risk = "MODERATE"): Door {
  return (_call, court) => court.raise(risk, reason);
}

function valuesOf({ words }: Call, valued: string, more: string): string[] {
  const isLong = /(^| )-\w{2}/.test(valued);
  return optionsOf(words.slice(1), `${valued} ${more}`, { clustered: !isLong })
    .values(...valued.split(" "));
}

const RUNS = "is told to run another program";
const APT_RUNS = /Invoke|Dir::Bin|-hook|Dpkg::Options(?!::=--force-conf(?:def|old|new|miss|ask)$)/i;

/** `less '+!command'`, and what it writes a log to. */
const pager: Door = (call, court) => {
  for (const word of call.words.slice(1)) {
    const [, text] = /^\++[^!|]{0,20}[!|](.*)$/s.exec(word) ?? [];
    if (text === undefined) continue;
    court.raise("DANGEROUS", RUNS, word);
    court.line(text, within(call.scope));
  }
  writing("-o -O --log-file --LOG-FILE")(call, court);
};

/** Commands of an editor that run a shell's. */
const editor: Door = (call, court) => {
  const script = [...call.words.slice(1), ...(call.input.text ?? "").split("\n")];
  for (const word of script) {
    const [, text] = /^(?:\+|-c|--cmd=)?\s*:?[\d,.%$\sa-z]{0,40}!(.+)$/s.exec(word) ?? [];
    if (text !== undefined) court.line(text, within(call.scope));
    const isCode =
      /\b(system|libcall|job_start|termopen|shell-command|call-process|start-process)\b/;
    if (text === undefined && !isCode.test(word)) continue;
    court.raise("DANGEROUS", RUNS, word);
  }
};

const SHOWS_KEYS = "shows keys or passwords";

const LISP_DELETES = /\b(delete-file|delete-directory|rename-file|write-region|copy-file)\b/;

/** The second file is written. */
const secondFile: Door = (call, court) => {
  const { operands } = optionsOf(call.words.slice(1), "-f -s -w -l -c -g -o -n");
  if (operands[1] === undefined) return;
  court.raise("MODERATE", "writes a file", operands[1]);
  judgeWrite(operands[1], call.scope, court);
};

/** Names with something in them that their owner may choose: that is how words leave by a name server. */
const lookingUp: Door = ({ words }, court) => {
  if (words.slice(1).some((word) => isUnknown(word) && /[\w.-]/.test(word))) {
    court.raise("MODERATE", "asks for a name that is not known");
  }
};

/** A builtin that gives a variable its value, and so the programs behind it their ways. */
const naming: Door = ({ words }, court) => {
  for (const word of words.slice(1)) {
    if (word === "PATH" || STEERING.test(word)) {
      court.raise("DANGEROUS", "makes other programs run foreign code", word);
    }
  }
};

const shown: Door = ({ words }, court) => {
  if (words.length === 1 || words[1] === "-p" && words.length === 2) {
    court.raise("MODERATE", "shows every variable");
  }
};

const gdb: Door = (call, court) => {
  court.raise("MODERATE", "runs a program and what its files say");
  for (const word of call.words.slice(1)) {
    const [, text] = /^\s*(?:shell|pipe|make|!|\|)\s*(.+)$/s.exec(word) ?? [];
    if (text !== undefined) court.line(text, within(call.scope));
  }
  told(/^\s*(?:shell|pipe|python|py|guile|source|call|!|\|)/, RUNS)(call, court);
};

const make: Door = (call, court) => {
  // Even where it only shows: it runs what variables are made of.
  court.raise("MODERATE", "runs what the project says");
  for (const word of call.words.slice(1)) {
    const [, text] = /^(?:SHELL|MAKE|\.SHELLFLAGS)=(.+)$/s.exec(word) ??
      /^--eval=(.+)$/s.exec(word) ?? [];
    if (text === undefined) continue;
    court.raise("DANGEROUS", RUNS, word);
    court.line(text.replace(/^[\w.-]*\s*:*=\s*|\$\(shell /g, ""), within(call.scope));
  }
};

const OWN_PROGRAM = /^(?!-|\/(?:usr\/)?(?:local\/)?(?:s?bin|lib)).*[\/.]/;
const READS_SETTINGS = "runs what the repository's settings say";

const TABLE: readonly (readonly [names: string, door: Door])[] = [
  ["man", running("-P -H -C --pager --html --config-file", "-L -m -M -S -e -p -r")],
  ["less more most", pager],
  ["vi vim nvim view ex ed red", editor],
  ["emacs", told(LISP_DELETES, "deletes or overwrites files")],
  ["emacs", editor],
  ["zip", running("-TT --unzip-command")],
  ["7z 7za rar", told(/^-sdel$|^-df$/, "deletes what it packed")],
  ["split", running("--filter", "-b -l -n -a -C")],
  ["gdb lldb", gdb],
  [
    "gdb lldb strace ltrace perf",
    told(/^(?:-p\d*|--pid.*|--attach.*)$/, "looks into another program"),
  ],
  ["ldd", told(OWN_PROGRAM, "may run the program", "MODERATE")],
  ["bash sh zsh dash ksh", told(/^--?(?:rcfile|init-file)/, RUNS)],
  ["git", told(/^--(?:upload-pack|receive-pack|exec)\b/, RUNS)],
  ["git", told(/^--(?:ext-diff|textconv|filters)$/, READS_SETTINGS, "MODERATE")],
  ["git", told(/^--(?:git-dir|work-tree)/, READS_SETTINGS, "MODERATE")],
  ["git", told(/^ext::/, RUNS)],
  ["systemd-run", always("is run by the system, and goes on without Pyra", "DANGEROUS")],
  ["direnv", always("runs what a folder sets", "MODERATE")],
  ["dc", always("may run commands", "MODERATE")],
  ["dc", told(/!/, RUNS)],
  ["sqlite3", told(/\b(?:writefile|edit|load_extension|fts3_tokenizer)\s*\(/i, RUNS)],
  ["psql mysql mariadb pgcli mycli", told(/\\!|\\o\b|\bsystem\s|\bprogram\s*'/i, RUNS)],
  ["rpm", told(/^--pipe|^--eval|^-E|^--define|^--load/, RUNS)],
  ["bat batcat", running("--pager")],
  ["xmllint xsltproc", writing("--output -o")],
  ["shuf", writing("-o --output", "-n -i -e --random-source")],
  ["file", told(/^-[a-zA-Z]*C|^--compile/, "writes a file", "MODERATE")],
  ["ss", told(/^-[a-zA-Z]*K|^--kill/, "ends connections")],
  ["go", told(/^(?:-w|-u)$/, "changes settings", "MODERATE")],
  ["cargo", told(/^(?:metadata|tree)$/, "runs what the project says", "MODERATE")],
  ["terraform tofu terragrunt", told(/^plan$/, "runs what the project says", "MODERATE")],
  ["make gmake", make],
  ["mapfile readarray", running("-C", "-d -n -O -s -u -c")],
  ["compgen complete", running("-C", "-A -G -W -F -X -P -S -o")],
  ["mapfile readarray read printf getopts", naming],
  ["bind", told(/^-[a-z]*x$/, "ties keys to programs")],
  ["hash", told(/^-[a-z]*p$/, "lets a foreign program run in the place of another")],
  ["enable", told(/^-[a-z]*f$/, "loads foreign code into the shell")],
  ["fc", told(/^-(?:[se]|-?\d)/, "runs what was run before")],
  ["env set declare typeset export", shown],
  ["nix-shell", running("--run --command", "-p -A -I -E")],
  ["aria2c", told(/^--on-/, RUNS)],
  // Which version of a settings file stays is all that `--force-conf…` says.
  ["apt apt-get aptitude dpkg", told(APT_RUNS, RUNS)],
  ["arp", told(/^-(?:d|s|-delete|-set)/, "changes whom the machine talks to")],
  ["go", told(/^-(?:exec|toolexec)/, RUNS)],
  ["cargo", told(/(?:rustc|rustc-wrapper|linker|runner)\s*=/, RUNS)],
  ["npm pnpm", told(/^--script-shell/, RUNS)],
  ["screen", told(/^stuff$|^exec$/, RUNS)],
  ["op", told(/^(?:read|inject)$/, SHOWS_KEYS)],
  [
    "aws",
    told(
      /^aws_secret|secret_access_key|^get-(?:secret-value|session-token|login-password)$/,
      SHOWS_KEYS,
    ),
  ],
  ["gcloud", told(/^print-(?:access|identity)-token$/, SHOWS_KEYS)],
  ["setcap", told(/\+|=/, "gives a program more rights")],
  ["uniq xxd", secondFile],
  ["pandoc", writing("-o --output", "-f -t -V -M --from --to")],
  ["getent", told(/^(?:ahosts|hosts|networks)/, "asks for a name that is not known", "MODERATE")],
  ["dig host nslookup drill ping ping6 traceroute whois", lookingUp],
];

let doors: ReadonlyMap<string, readonly Door[]> | undefined;

function madeDoors(): ReadonlyMap<string, readonly Door[]> {
  const made = new Map<string, Door[]>();
  for (const [names, door] of TABLE) {
    for (const name of names.split(" ")) made.set(name, [...made.get(name) ?? [], door]);
  }
  return made;
}

/** Judges what a program is made to do beside what it is for. */
export function judgeSideDoors(call: Call, court: Court): void {
  doors ??= madeDoors();
  for (const door of doors.get(programOf(call.words[0] ?? "")) ?? []) door(call, court);
}
