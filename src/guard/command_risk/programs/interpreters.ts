/**
 * Interpreters: code on the command line or on standard input, and scripts.
 * @module
 */
import { type Call, type Court, isUnknown, type Rule, UNKNOWN, within } from "../court.ts";
import { optionsOf } from "../options.ts";
import { groundOf, touchesVault } from "../paths.ts";
import { judgeVerbs } from "../verbs.ts";
import { judgeDelete, judgeRead, judgeWrite } from "../writing.ts";

const CODE_LIMIT = 16_384;
const LITERAL = /(?<q>'''|"""|['"`])((?:\\.|(?!\k<q>)[^\\]){0,2000})\k<q>/gs;
const RUNS =
  /\b(system|popen[234]?|p?exec\w*|spawn\w*|subprocess|child_process|check_output|check_call|getoutput|shell_exec|passthru|proc_open|qx|startfile|os\.\w*exec\w*|Deno\.Command|Bun\.\$|sh\.\w+|IO\.popen|Open3|ProcessBuilder|Runtime)\b|`|%x[{([]|\|\s*["']|\bdo shell script\b/i;
const DELETES =
  /\b(rmtree|rmSync|rmdirSync|unlinkSync|unlink|removeSync|rm_rf|rm_r|rmdir|removedirs|remove_tree|remove_entry|removeAll|remove_all|truncate|ftruncate)\b|\b(os|fs|Deno|shutil|File|Dir|FileUtils|fsPromises)\.(remove|removeSync|delete|rm|rm_f|rmtree|move|rename|replace)\b|\bunlink\b|\.unlink\(|\.rmdir\(|\bdestroy(_all)?\b|\bdelete_all\b|\bdrop(_all|_table|Database|_database)?\(/;
const WRITES =
  /\b(writeFile\w*|appendFile\w*|copyFile\w*|write_text|write_bytes|chmod|chown|symlink|writeTextFile\w*|mkdir\w*|makedirs|copytree|file_put_contents)\b|open\([^)]{0,200},\s*["'][wax+rb]*[wax+]/;
const HIDDEN =
  /\b(eval|exec|compile|__import__|marshal|loads|b64decode|a85decode|fromhex|unhexlify|atob|fromCharCode|decompress|Function|getattr|globals|instance_eval|class_eval|send|runInThisContext|Buffer\.from|unpack|pack|decode64)\b/;
const NETWORK =
  /\b(socket|urllib\w*|requests|http\.client|httplib|https?\.(get|request)|fetch|net\.(connect|Socket|createConnection)|TCPSocket|Net::HTTP|IO::Socket|LWP|ftplib|smtplib|paramiko|open-uri)\b/;
const SHELL_PATH = /\/bin\/(ba|z|da|k)?sh\b|\bcmd(\.exe)?\b|pty\.spawn|powershell/;

/** Judges a piece of code by what it names. It is not parsed: what it hides is dangerous. */
export function judgeCode(code: string, call: Call, court: Court): void {
  const { scope } = call;
  court.raise("MODERATE", "runs code on the command line");
  if (isUnknown(code)) court.raise("DANGEROUS", "runs code that is not known");
  if (code.length > CODE_LIMIT) {
    court.raise("DANGEROUS", "runs code that is too long to be followed");
  }
  const text = code.slice(0, CODE_LIMIT);
  const literals = Array.from(text.matchAll(LITERAL), ([, , literal = ""]) => plain(literal)).slice(
    0,
    64,
  );
  const [runs, deletes] = [RUNS.test(text), DELETES.test(text)];
  if (NETWORK.test(text) && (/\bdup2\b|\bpty\b/.test(text) || (runs && SHELL_PATH.test(text)))) {
    court.raise("FORBIDDEN", "gives a shell to another machine");
  }
  if (/\bfork\b/.test(text) && /\b(while|until|loop|for)\b/.test(text)) {
    court.raise("FORBIDDEN", "starts itself again without end");
  }
  if (runs) judgeRun(text, literals, call, court);
  for (const literal of literals) {
    if (literal.length > 1_024 || /\s{2}|\n/.test(literal)) continue;
    if (touchesVault(literal.replace(/^~/, court.home), court)) {
      court.raise("FORBIDDEN", "opens the vault", literal);
    }
    if (/\/|^\.env|^id_/.test(literal)) judgeRead(literal.replace(/^~/, court.home), scope, court);
  }
  if (deletes) {
    court.raise("DANGEROUS", "runs code that deletes or empties files");
    for (const path of literals) {
      const place = path.replace(/^~/, court.home);
      if (
        /^[\w~./*-]{1,200}$/.test(path) &&
        ["root", "home", "system", "vault"].includes(groundOf(place, scope, court))
      ) {
        judgeDelete(place, scope, court, {
          recursive: /tree|_rf|rm_r|recursive|removeAll|remove_all/i.test(text),
        });
      }
    }
  }
  if (HIDDEN.test(text) && !/\b(json|JSON|yaml|pickle)\.loads?\b/.test(text)) {
    court.raise("DANGEROUS", "runs code that may hide what it does");
  }
  if (WRITES.test(text)) {
    for (const path of literals) {
      const ground = groundOf(path.replace(/^~/, court.home), scope, court);
      if (
        /^[~/.]/.test(path) &&
        ["system", "device", "startup", "credential", "profile"].includes(ground)
      ) {
        court.raise("DANGEROUS", "runs code that changes the machine's own files", path);
      }
    }
  }
}

/** What code hands to a shell: single literals as lines, lists of them as one. */
function judgeRun(text: string, literals: readonly string[], call: Call, court: Court): void {
  const commands = literals.filter((literal) => /^[\w./~$("'\\:-]/.test(literal));
  if (commands.length === 0) court.raise("DANGEROUS", "runs programs that are not known");
  for (const command of commands.slice(0, 16)) {
    if (/^[\w.-]+$/.test(command) && commands.length > 1) continue;
    court.line(command, within(call.scope));
  }
  const joined = commands.map((word) =>
    /^[\w./=:@~*-]+$/.test(word) ? word : `'${word.replaceAll("'", "")}'`
  );
  for (let from = 0; from < Math.min(joined.length, 4); from++) {
    if (/\[|,/.test(text)) court.line(joined.slice(from).join(" "), within(call.scope));
  }
  court.raise("MODERATE", "runs code that runs programs");
  if (/["']\s*[+.%]\s*\w|\.format\(|\bf["']|\$\{/.test(text)) {
    court.raise("DANGEROUS", "runs programs that are not known");
  }
}

function plain(literal: string): string {
  return literal.replace(
    /\\x([0-9a-f]{2})/gi,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  )
    .replace(/\\(["'`\\/])/g, "$1").replace(/\\n/g, "\n").replaceAll(UNKNOWN, "");
}

interface Interpreter {
  /** Options that take code. */
  readonly code: readonly string[];
  readonly valued?: string;
}

function interpreter({ code, valued = "" }: Interpreter): Rule {
  return (call, court) => {
    const options = optionsOf(call.words.slice(1), `${code.join(" ")} ${valued}`);
    const pieces = options.values(...code);
    for (const piece of pieces) judgeCode(piece, call, court);
    if (pieces.length > 0) return;
    const [file] = options.operands;
    if (options.values("-m").length > 0) return judgeModule(call, court);
    if (options.has("-v", "-V", "--version", "-h") && file === undefined) return;
    court.raise("MODERATE", "runs a script");
    if (file === undefined || file === "-" || file === "/dev/stdin") return judgeInput(call, court);
    const text = call.scope.files.get(file) ?? call.scope.files.get(`${call.scope.folder}/${file}`);
    if (text !== undefined) judgeCode(text, call, court);
    else if (isUnknown(file)) court.raise("DANGEROUS", "runs a script that is not known");
    else {judgeVerbs(
        { ...call, words: call.words.slice(call.words.indexOf(file)) },
        court,
        "unknown",
      );}
    if (/^https?:/.test(file)) court.raise("DANGEROUS", "runs what it downloads");
  };
}

function judgeInput(call: Call, court: Court): void {
  const { input } = call;
  if (input.text !== undefined) judgeCode(input.text, call, court);
  else if (input.from === "network") court.raise("DANGEROUS", "runs what it downloads");
  else if (input.from !== "nothing") court.raise("DANGEROUS", "runs code that is not known");
}

/** `python -m pip …` is pip. */
function judgeModule(call: Call, court: Court): void {
  const at = call.words.indexOf("-m");
  const [name, ...rest] = at < 0 ? [] : call.words.slice(at + 1);
  court.raise("MODERATE", "runs a module");
  if (name === "pip" || name === "pytest" || name === "twine") {
    court.call({ ...call, words: [name, ...rest], scope: within(call.scope) });
  }
}

const awk: Rule = (call, court) => {
  const { words } = call;
  if (optionsOf(words.slice(1), "-F -v -f").has("-f")) court.raise("MODERATE", "runs a script");
  const code = words.slice(1).find((word) => /[{}]|^BEGIN|system|\|/.test(word)) ?? "";
  const inPlace = words.some((word, at) => word === "inplace" && words[at - 1] === "-i");
  if (inPlace) court.raise("MODERATE", "changes files in place");
  if (/\bsystem\s*\(|\|\s*(getline|&|")|"\s*\|/.test(code)) {
    court.raise("MODERATE", "runs code that runs programs");
    const literals = Array.from(
      code.slice(0, CODE_LIMIT).matchAll(/"((?:\\.|[^"\\])*)"/g),
      ([, text = ""]) => plain(text),
    );
    for (const text of literals.slice(0, 16)) court.line(text, within(call.scope));
    if (/\bsystem\s*\(\s*[^")]|\|\s*"?(ba|z|da)?sh\b/.test(code)) {
      court.raise("DANGEROUS", "runs programs that are not known");
    }
  } else if (/>\s*"/.test(code)) {
    court.raise("MODERATE", "writes a file");
    for (const [, path = ""] of code.slice(0, CODE_LIMIT).matchAll(/>\s*"([^"]{1,300})"/g)) {
      judgeWrite(path, call.scope, court);
    }
  }
};

const deno: Rule = (call, court) => {
  const [verb = "", ...rest] = call.words.slice(1);
  if (verb === "eval") {
    return judgeCode(rest.filter((word) => !word.startsWith("-")).join(" "), call, court);
  }
  if (/^(info|check|lint|doc|types|completions|--version|-V|help|outdated)$/.test(verb)) return;
  court.raise("MODERATE", "runs a script");
  const everything = rest.some((word) => /^(-\w*A\w*|--allow-all)$/.test(word));
  if (rest.some((word) => /^https?:/.test(word)) && everything) {
    court.raise("DANGEROUS", "runs what it downloads, with all rights");
  }
  if (/^(uninstall|remove|publish|upgrade|clean)$/.test(verb)) {
    court.raise("DANGEROUS", `deno ${verb}`);
  }
};

const python = interpreter({ code: ["-c"], valued: "-m -W -X" });
const node = interpreter({
  code: ["-e", "-p", "--eval", "--print"],
  valued: "-r --require --import",
});
const perl = interpreter({ code: ["-e", "-E"], valued: "-I" });
const ruby = interpreter({ code: ["-e"], valued: "-I -r" });

/** Rules by program. */
export const INTERPRETERS: Readonly<Record<string, Rule>> = {
  python,
  python3: python,
  python2: python,
  pypy: python,
  pypy3: python,
  ipython: python,
  node,
  nodejs: node,
  bun: node,
  tsx: node,
  "ts-node": node,
  perl,
  ruby,
  irb: ruby,
  jruby: ruby,
  php: interpreter({ code: ["-r", "-B", "-R"], valued: "-d -c" }),
  lua: interpreter({ code: ["-e"] }),
  luajit: interpreter({ code: ["-e"] }),
  rscript: interpreter({ code: ["-e"] }),
  r: interpreter({ code: ["-e"] }),
  julia: interpreter({ code: ["-e", "-E"] }),
  elixir: interpreter({ code: ["-e"] }),
  erl: interpreter({ code: ["-eval"] }),
  groovy: interpreter({ code: ["-e"] }),
  scala: interpreter({ code: ["-e"] }),
  osascript: interpreter({ code: ["-e"] }),
  tclsh: interpreter({ code: [] }),
  expect: interpreter({ code: ["-c"] }),
  ghc: interpreter({ code: ["-e"] }),
  guile: interpreter({ code: ["-c"] }),
  sbcl: interpreter({ code: ["--eval"] }),
  emacs: interpreter({ code: ["--eval", "-eval"] }),
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  deno,
};
