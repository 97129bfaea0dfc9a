/**
 * `git`: what is lost with a sub-command, and what a setting would run.
 * @module
 */
import { type Call, type Court, isUnknown, within } from "../court.ts";
import { type Options, optionsOf } from "../options.ts";
import { judgeWrite } from "../writing.ts";

/** Settings whose value is a command. */
const RUNNING_SETTING =
  /^(alias\..*|core\.(sshcommand|pager|editor|fsmonitor|gitproxy|hookspath|askpass)|.*\.(helper|command|cmd|textconv|clean|smudge|process|driver|program)|sequence\.editor|uploadpack\.packobjectshook|pager\..*|diff\.external|gpg\..*program|init\.templatedir|include(if\..*)?\.path)$/i;

const SAFE = new Set(
  ("status log show diff shortlog describe rev-parse rev-list ls-files ls-tree ls-remote blame grep annotate " +
    "cat-file help version whatchanged name-rev merge-base for-each-ref show-ref show-branch count-objects " +
    "check-ignore check-attr cherry range-diff var diff-tree diff-index diff-files verify-commit verify-tag fsck " +
    "request-pull merge-tree check-ref-format get-tar-commit-id symbolic-ref").split(" "),
);

const SHARED_BRANCH =
  /^(refs\/heads\/)?(main|master|trunk|develop|dev|staging|prod\w*|release.*|v?\d.*)$|\0|[*?]/;

type GitRule = (options: Options, court: Court, rest: readonly string[], call: Call) => void;

const lose = (court: Court, what: string) => court.raise("DANGEROUS", what);

/** Sub-commands that may lose something; the others change the repository and can be taken back. */
const RULES: Readonly<Record<string, GitRule>> = {
  push(options, court, rest) {
    if (
      options.has("-f", "--force", "--mirror", "--prune") || rest.some((word) => /^\+\S/.test(word))
    ) lose(court, "overwrites the history of a remote");
    // A branch of one's own can be pushed again; the ones that others build on are another matter.
    const shared = options.operands.slice(1).some((name) => SHARED_BRANCH.test(name));
    if (options.has("-d", "--delete") && shared) lose(court, "deletes a shared branch of a remote");
    if (rest.some((word) => /^:\S/.test(word))) lose(court, "deletes branches of a remote");
  },
  reset(options, court) {
    if (options.has("--hard", "--merge", "--keep")) {
      lose(court, "throws away changes that are not committed");
    }
  },
  clean(options, court, rest) {
    const dry = rest.length > 0 && options.has("-n", "--dry-run") && !options.has("-f", "--force");
    if (!dry) lose(court, "deletes files that git does not know");
  },
  checkout(options, court, rest) {
    const creates = options.has("-b", "-B", "--orphan", "-t", "--track");
    const behind = rest.indexOf("--");
    if (
      options.has("-f", "--force") || (behind >= 0 && behind < rest.length - 1) ||
      options.has("--ours", "--theirs", "--pathspec-from-file")
    ) {
      lose(court, "throws away changes that are not committed");
    } else if (!creates && options.operands.length > 1) {
      lose(court, "overwrites files with older ones");
    }
  },
  switch(options, court) {
    if (options.has("-f", "--force", "--discard-changes")) {
      lose(court, "throws away changes that are not committed");
    }
  },
  restore(options, court) {
    const staged = options.has("-S", "--staged") && !options.has("-W", "--worktree");
    if (!staged) lose(court, "throws away changes that are not committed");
  },
  branch(options, court) {
    if (options.has("-D") || (options.has("-d", "--delete") && options.has("-f", "--force"))) {
      lose(court, "deletes a branch that may not be merged");
    }
    if (options.has("-M", "-C") || options.has("-f", "--force")) lose(court, "overwrites a branch");
    const only = options.operands.length === 0 ||
      options.has("-l", "--list", "--contains", "--merged", "--show-current", "-a", "-r", "-v");
    if (
      only && !options.has("-d", "--delete", "-m", "-u", "--unset-upstream", "--edit-description")
    ) court.raise("SAFE", "");
    else court.raise("MODERATE", "changes branches");
  },
  stash(_options, court, rest) {
    const [verb = "push"] = rest;
    if (verb === "clear" || verb === "drop") lose(court, "throws away what was stashed");
    if (verb !== "list" && verb !== "show") court.raise("MODERATE", "puts changes away");
  },
  tag(options, court) {
    if (options.has("-d", "--delete")) lose(court, "deletes a tag");
    if (options.has("-f", "--force")) lose(court, "moves a tag");
    if (
      options.operands.length > 0 && !options.has("-l", "--list", "-v", "--contains", "--points-at")
    ) court.raise("MODERATE", "makes a tag");
  },
  worktree(options, court, rest) {
    if (rest[0] === "remove" && options.has("-f", "--force")) {
      lose(court, "deletes a work tree with its changes");
    }
    if (rest[0] !== "list") court.raise("MODERATE", "changes work trees");
  },
  remote(options, court, rest) {
    if (rest[0] === "show" && !options.has("-n")) court.raise("MODERATE", "asks a remote");
    if (rest.some((word) => !word.startsWith("-")) && rest[0] !== "show" && rest[0] !== "get-url") {
      court.raise("MODERATE", "changes remotes");
    }
  },
  reflog(_options, court, rest) {
    if (rest[0] === "expire" || rest[0] === "delete") {
      lose(court, "deletes the record of old states");
    }
  },
  gc(options, court, rest) {
    court.raise("MODERATE", "tidies the repository");
    if (
      rest.some((word) => /^--prune(=now|=all)?$/.test(word)) ||
      options.has("--aggressive", "--force")
    ) lose(court, "deletes old states for good");
  },
  rebase(_options, court, rest, call) {
    court.raise("MODERATE", "writes history anew");
    for (const text of optionsOf(rest, "-x --exec").values("-x", "--exec")) {
      court.line(text, within(call.scope));
    }
  },
  bisect(_options, court, rest, call) {
    court.raise("MODERATE", "moves through the history");
    if (rest[0] === "run") court.call({ ...call, words: rest.slice(1), scope: within(call.scope) });
  },
  submodule(options, court, rest, call) {
    if (rest[0] !== "status" && rest[0] !== "summary" && rest.length > 0) {
      court.raise("MODERATE", "changes submodules");
    }
    if (rest[0] === "foreach") {
      court.line(
        rest.slice(1).filter((word) => !/^--(recursive|quiet)$/.test(word)).join(" "),
        within(call.scope),
      );
    }
    if (rest[0] === "deinit" && options.has("-f", "--force")) {
      lose(court, "throws away a submodule's changes");
    }
  },
  config(options, court, rest, call) {
    const words = optionsOf(rest, "-f --file --type --default").operands.filter((word) =>
      !/^(set|add|get)$/.test(word)
    );
    const [name, value] = words;
    if (options.has("--unset", "--unset-all", "--remove-section", "-e", "--edit")) {
      court.raise("MODERATE", "changes settings");
    }
    if (
      name === undefined || value === undefined ||
      options.has("--get", "-l", "--list", "--get-all", "--get-regexp")
    ) return;
    court.raise("MODERATE", "changes settings");
    judgeSetting(`${name}=${value}`, call, court);
  },
  rm(options, court) {
    court.raise("MODERATE", "deletes files of the repository");
    if (!options.has("--cached") && options.has("-f", "--force", "-r")) {
      lose(court, "deletes files and their changes");
    }
  },
  clone(_options, court, rest, call) {
    court.raise("MODERATE", "downloads a repository");
    const options = optionsOf(rest, "-c --config -u --upload-pack");
    for (const setting of options.values("-c", "--config")) {
      judgeSetting(setting, call, court, "MODERATE");
    }
    for (const text of options.values("-u", "--upload-pack")) court.line(text, within(call.scope));
    if (rest.some((word) => /^ext::|^--upload-pack/.test(word))) {
      lose(court, "runs a program through an address");
    }
  },
  fetch(options, court, rest) {
    court.raise("MODERATE", "downloads from a remote");
    if (options.has("--upload-pack") || rest.some((word) => /^ext::/.test(word))) {
      lose(court, "runs a program through an address");
    }
  },
  commit(options, court) {
    court.raise("MODERATE", "makes a commit");
    if (options.has("--amend")) court.raise("MODERATE", "replaces the last commit");
  },
  symbolicref(options, court) {
    if (options.operands.length > 1 || options.has("-d")) {
      court.raise("MODERATE", "changes references");
    }
  },
  "update-ref"(options, court) {
    lose(court, options.has("-d") ? "deletes a reference" : "changes a reference");
  },
  "filter-branch": (_options, court) => lose(court, "writes the whole history anew"),
  "filter-repo": (_options, court) => lose(court, "writes the whole history anew"),
  difftool(options, court, _rest, call) {
    for (const text of options.values("-x", "--extcmd")) {
      lose(court, "runs a program on what it compares");
      court.line(text, within(call.scope));
    }
  },
  prune: (_options, court) => lose(court, "deletes old states for good"),
  "read-tree": (_options, court) => lose(court, "overwrites the index"),
  "checkout-index": (options, court) => {
    if (options.has("-f", "-a", "--force", "--all")) lose(court, "overwrites files");
  },
  lfs: (_options, court, rest) => {
    court.raise("MODERATE", "handles large files");
    if (rest[0] === "prune") lose(court, "deletes files");
  },
};

/** Judges `git`. */
export function judgeGit(call: Call, court: Court): void {
  const { words } = call;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-c" || word === "--config-env") judgeSetting(words[++at] ?? "", call, court);
    else if (word.startsWith("--exec-path=")) lose(court, "runs programs of another folder");
    else if (/^--config-env=/.test(word)) {
      judgeSetting(word.slice(word.indexOf("=") + 1), call, court);
    } else if (/^(-C|--git-dir|--work-tree|--namespace|--super-prefix)$/.test(word)) at++;
    else if (!word.startsWith("-")) break;
    else if (word === "--help" || word === "--version") return;
  }
  const verb = words[at];
  if (verb === undefined) return;
  if (isUnknown(verb)) return court.raise("DANGEROUS", "runs a git command that is not known");
  const rest = words.slice(at + 1);
  if (rest.includes("-h") || rest.slice(0, rest.indexOf("--") >>> 0).includes("--help")) return;
  if (SAFE.has(verb)) {
    if (verb === "ls-remote") court.raise("MODERATE", "asks a remote");
    for (const path of optionsOf(rest, "--output").values("--output")) {
      court.raise("MODERATE", "writes a file", path);
      judgeWrite(path, call.scope, court);
    }
    if (
      rest.some((word) => /^(-O|--open-files-in-pager|--ext-diff)/.test(word) && verb === "grep")
    ) court.raise("DANGEROUS", "runs a program on what it finds");
    return;
  }
  const rule = RULES[verb];
  const options = optionsOf(rest, VALUED[verb] ?? "-m --message");
  if (rule) {
    rule(options, court, rest, call);
    if (LOOKING.has(verb)) return;
  }
  court.raise("MODERATE", "changes the repository");
}

/** Sub-commands that say themselves when they change something. */
const LOOKING = new Set([
  "branch",
  "stash",
  "tag",
  "worktree",
  "remote",
  "reflog",
  "submodule",
  "config",
]);

/** Options with a value, where that matters. */
const VALUED: Readonly<Record<string, string>> = {
  switch: "-c -C --create --force-create --orphan",
  checkout: "-b -B --orphan --conflict --unified -U --inter-hunk-context",
  branch: "-u --set-upstream-to --sort --format",
  push: "-o --push-option --repo --receive-pack --exec",
  clean: "-e --exclude",
  difftool: "-x --extcmd -t --tool",
  restore: "-s --source --conflict",
  tag: "-m -F -u --sort --format",
};

/** A setting may make git run something. */
function judgeSetting(
  setting: string,
  call: Call,
  court: Court,
  floor: "MODERATE" | "DANGEROUS" = "DANGEROUS",
): void {
  const equals = setting.indexOf("=");
  const name = equals < 0 ? setting : setting.slice(0, equals);
  if (!RUNNING_SETTING.test(name)) return;
  const value = setting.slice(equals + 1).trim();
  const harmless = /^(alias\.)/i.test(name) && !value.startsWith("!");
  const known =
    /^(cat|less|more|delta|bat|vim?|nano|emacs|code( --wait)?|true|store|cache|osxkeychain|manager|libsecret|)$/
      .test(value);
  if (harmless) {
    if (call.scope.depth < 30) {
      judgeGit(
        { ...call, words: ["git", ...value.split(/\s+/)], scope: within(call.scope) },
        court,
      );
    }
    return;
  }
  if (!known) court.raise(floor, "makes git run another program", setting);
  court.line(value.replace(/^!/, ""), within(call.scope));
}
