/**
 * What changing a file may lead to beyond the file itself. It decides whether a rule may stand for the
 * person, and is said when they are asked.
 * @module
 */

/** How a change is asked for. `person`: whatever the rules say. */
export interface WriteRisk {
  readonly ask: "rule" | "person";
  /** Why, in plain words; empty for an ordinary file. */
  readonly reasons: readonly string[];
}

/** What is known of the place. */
export interface RiskyPlace {
  /** From the workspace, `/` between parts. */
  readonly path: string;
  readonly workspace: string;
  /** Whether a program could be run from the file as it is. */
  readonly kind: "program" | "file";
}

/** Patterns over the whole path from the disk's top, small letters, and what they mean. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [
    /^\/(?:etc|usr|s?bin|lib\w*|boot|dev|proc|sys|root|var\/(?:spool|lib)|system|library|applications|private\/etc|opt)\//,
    "belongs to the system",
  ],
  [/^[a-z]:\/(?:windows|program ?(?:files|data)(?: \(x86\))?)\//, "belongs to the system"],
  [
    /\/(?:\.ssh|\.gnupg|\.pki|\.password-store|\.aws|\.azure|\.kube|\.config\/(?:gh|gcloud|op|rclone|sops)|\.docker|\.age|keychains|keyrings)\//,
    "is where keys are kept",
  ],
  [
    /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)[^/]*|authorized_keys2?|known_hosts|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|\.htpasswd|\.env(?:\.[^/]*)?|credentials(?:\.[^/]*)?|[^/]*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|age))$/,
    "is, or looks like, keys or passwords",
  ],
  [
    /\/(?:\.(?:bash|zsh|k?sh|mk?sh|csh|tcsh|x|z)?(?:rc|env|profile|_profile|login|_login|logout|_logout|initrc|session|prc|aliases|_aliases)|\.inputrc|\.envrc|\.screenrc|\.tmux\.conf|\.vimrc|\.exrc|\.emacs|\.gdbinit|\.lldbinit|\.pythonrc[^/]*|\.irbrc|\.rprofile|\.xmodmap|\.pam_environment|[^/]*profile\.ps1|sitecustomize\.py|usercustomize\.py)$/,
    "is run when a shell or a program starts",
  ],
  [
    /\/(?:\.config\/(?:autostart|systemd|environment\.d|fish|nushell|nvim|powershell|plasma-workspace|hypr|sway|i3)|\.vim|\.emacs\.d|\.oh-my-zsh|launchagents|launchdaemons|start menu\/programs\/startup|startup items|cron(?:tabs|\.(?:d|daily|hourly|weekly|monthly))?|systemd|init\.d|\.local\/(?:bin|share\/applications))\//,
    "is run at start-up, or by itself",
  ],
  [/\/(?:crontab|rc\.local|autorun\.inf|desktop\.ini)$/, "is run at start-up, or by itself"],
  [/\/(?:\.git|git~\d+|\.hg|\.svn|\.jj|\.bzr)(?:\/|$)/, "is the inside of a version control"],
  [
    /\/(?:\.githooks|\.husky|\.github\/workflows|\.github\/actions|\.gitlab|\.circleci|\.buildkite|\.woodpecker|\.devcontainer|\.vscode|\.idea|\.zed|\.fleet)\//,
    "makes other programs run commands",
  ],
  [
    /\/(?:\.gitmodules|\.gitattributes|\.gitlab-ci\.ya?ml|\.travis\.yml|\.pre-commit-config\.ya?ml|lefthook\.ya?ml|azure-pipelines\.ya?ml|jenkinsfile|\.mise\.toml|\.tool-versions|\.yarnrc\.yml|\.bazelrc|[^/]*\.code-workspace)$/,
    "makes other programs run commands",
  ],
  [
    /\/(?:agents|claude|gemini|copilot-instructions|\.cursorrules|\.clinerules|\.windsurfrules|skill)(?:\.md|\.local\.md)?$/,
    "tells assistants what to do",
  ],
  [/\/(?:\.claude|\.cursor|\.codex|\.gemini|\.agents|\.pyra)\//, "tells assistants what to do"],
];
/** A dot-file or a folder whose name begins so, below the workspace. */
const HIDDEN = /(?:^|\/)\.[^/]/;

/** What a change at that place may lead to. Judged by names alone, capitals and look-alikes folded. */
export function writeRisk({ path, workspace, kind }: RiskyPlace): WriteRisk {
  const name = path.normalize("NFKC").toLowerCase().normalize("NFKC")
    // What Windows and macOS leave out of a name.
    .replace(
      /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|::?\$\w+|[. ]+(?=\/|$)/g,
      "",
    );
  const whole = `${workspace.replaceAll("\\", "/").toLowerCase().replace(/\/$/, "")}/${name}`;
  const grave = PLACES.filter(([pattern]) => pattern.test(whole)).map(([, reason]) => reason);
  if (grave.length === 0 && HIDDEN.test(name)) grave.push("is hidden (a dot-file)");
  const reasons = [...new Set(grave)];
  if (reasons.length > 0) return { ask: "person", reasons };
  return { ask: "rule", reasons: kind === "program" ? ["can be run as a program"] : [] };
}

/** Both risks as one: the stronger way to ask, and all reasons. */
export function bothRisks(one: WriteRisk, other: WriteRisk): WriteRisk {
  return {
    ask: one.ask === "person" || other.ask === "person" ? "person" : "rule",
    reasons: [...new Set([...one.reasons, ...other.reasons])],
  };
}

/** The reasons as the end of a sentence. */
export function riskText({ reasons }: WriteRisk): string {
  return reasons.length === 0 ? "" : ` (careful: it ${reasons.join(", and ")})`;
}
