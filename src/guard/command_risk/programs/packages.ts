/**
 * Package managers: installing runs foreign code, removing may break the machine, publishing cannot be
 * taken back.
 * @module
 */
import type { Call, Court, Rule } from "../court.ts";
import { within } from "../court.ts";
import { optionsOf } from "../options.ts";

/** Without these a machine does not start, or nobody gets in to mend it. */
const PROTECTED =
  /^(sudo|doas|systemd.*|init|sysvinit.*|libc6?|glibc|musl|bash|dash|coreutils|util-linux|apt|dpkg|rpm|dnf|yum|pacman|apk-tools|portage|zypper|linux-(image|headers|generic|base).*|linux|linux-lts|kernel.*|grub.*|openssh(-server|-client)?|openssl|libssl.*|login|passwd|shadow|mount|base-files|base-passwd|filesystem|busybox|initramfs-tools|udev|dbus|network-manager|networkmanager|ca-certificates|python3(-minimal)?|perl-base|libpam.*|gcc-libs|e2fsprogs|tar|gzip|sed|grep|findutils|hostname|libgcc.*)(:\w+)?$/;
const READ =
  /^(list|ls|ll|la|show|search|se|info|v|view|outdated|doctor|why|explain|audit|policy|depends|rdepends|provides|whatprovides|repoquery|repolist|check|check-update|query|history|help|home|deps|uses|config|cat|desc|leaves|tree|metadata|fetch|download|freeze|inspect|which|pack|bin|root|prefix|ping|whoami|version|env|explore|fund|docs|bugs|repo|completion|dist-tag|file|log|missing|options|stats|verify|licenses|simulate|index|debug|hash|graph|vendor|doc|changelog|showpkg|madison|dump|installed)$/;
const REMOVE =
  /^(remove|rm|uninstall|un|unlink|purge|erase|autoremove|autopurge|autoclean|clean|cleanup|prune|delete|del|unpublish|publish|deprecate|yank|unmerge|implode|reset|nuke|downgrade|rollback|owner|dist-upgrade|full-upgrade|upload|unstable|push|transfer|revoke|collect-garbage|forget|zap|untap|reinstall|dedupe-force|access|token|logout-all)$/;
const RUN = /^(run|exec|x|dlx|test|t|start|shell|tool|poe|script|run-script)$/;

/** A manager whose first word says what it does. */
function manager({ valued = "", carries }: { valued?: string; carries?: RegExp } = {}): Rule {
  return (call, court) => {
    const rest = call.words.slice(1);
    const options = optionsOf(rest, valued);
    const { operands } = options;
    const verb = operands.find((word) => READ.test(word) || REMOVE.test(word) || RUN.test(word)) ??
      operands[0] ?? "";
    foreignSource(rest, court);
    if (
      options.has("--dry-run", "--simulate") ||
      (options.has("-s", "-n") && call.words[0]?.startsWith("apt"))
    ) {
      return court.raise("MODERATE", "only says what it would do");
    }
    if (READ.test(verb) && verb === operands[0]) {
      if (verb === "download") court.raise("MODERATE", "downloads packages, and may build them");
      if (
        /^(config|token|audit)$/.test(verb) && operands.length > 1 &&
        !/^(list|get|ls)$/.test(operands[1] ?? "")
      ) court.raise("MODERATE", "changes settings");
      return;
    }
    if (
      operands.length === 0 && rest.length > 0 &&
      rest.every((word) => /^-(-version|v|V|-list|-help|h)$/.test(word))
    ) return;
    court.raise("MODERATE", "installs or runs packages");
    if (REMOVE.test(verb)) {
      removed(operands.slice(1), court);
      court.raise("DANGEROUS", `removes or publishes packages (${verb})`);
    } else if (carries?.test(operands[0] ?? "")) {
      const at = call.words.indexOf(operands[0] ?? "") + 1;
      const words = call.words.slice(at).filter((word, index, all) =>
        word !== "--" &&
        !(word.startsWith("-") && all.slice(0, index).every((before) => before.startsWith("-")))
      );
      carried(words, call, court);
    }
    if (
      options.has(
        "--force-yes",
        "--allow-unauthenticated",
        "--nogpgcheck",
        "--allow-downgrades",
        "--allow-remove-essential",
        "--nodeps",
        "--no-gpg-checks",
      )
    ) {
      court.raise("DANGEROUS", "installs without the usual checks");
    }
  };
}

/** What `poetry run …` runs; a name of a script of the project's is not known. */
function carried(words: readonly string[], call: Call, court: Court): void {
  if (words.length > 0) court.call({ ...call, words, scope: within(call.scope) });
}

function removed(names: readonly string[], court: Court): void {
  const name = names.find((word) => PROTECTED.test(word.toLowerCase()));
  if (name !== undefined) {
    court.raise("FORBIDDEN", "removes a package that the machine needs", name);
  }
}

/** Packages from a plain address, or from an index that is not the usual one. */
function foreignSource(rest: readonly string[], court: Court): void {
  rest.forEach((word, at) => {
    const value = word.replace(/^--[\w-]+=/, "");
    const named =
      /^(-i|--index-url|--extra-index-url|--trusted-host|--registry)$/.test(rest[at - 1] ?? "") ||
      /^--(index-url|extra-index-url|registry)=/.test(word);
    const usual =
      /^(https:\/\/)?(pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|npm\.pkg\.github\.com)/
        .test(value);
    if ((named && !usual) || /^(git\+)?http:\/\//.test(value)) {
      court.raise("DANGEROUS", "installs from a foreign source", word);
    }
  });
}

const pacman: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1));
  if (options.has("-Q", "-F", "--query") || (options.has("-S") && options.has("-s", "-i", "-l"))) {
    return;
  }
  court.raise("MODERATE", "installs packages");
  if (options.has("-R", "--remove")) {
    removed(options.operands, court);
    court.raise("DANGEROUS", "removes packages");
  }
  if (options.has("-S") && options.has("-c")) {
    court.raise("DANGEROUS", "removes packages from the store");
  }
};

const dpkg: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1));
  if (
    options.has(
      "-l",
      "-L",
      "-s",
      "-S",
      "-p",
      "-q",
      "-V",
      "-I",
      "-c",
      "--list",
      "--listfiles",
      "--status",
      "--search",
      "--get-selections",
      "--print-architecture",
      "--query",
    ) && !options.has("-e", "-i", "-r", "-P", "-U")
  ) return;
  court.raise("MODERATE", "installs packages");
  if (
    options.has(
      "-r",
      "-P",
      "-e",
      "--remove",
      "--purge",
      "--erase",
      "--force-all",
      "--force-remove-essential",
      "--nodeps",
    )
  ) {
    removed(options.operands, court);
    court.raise("DANGEROUS", "removes packages");
  }
};

/** Runs a package that may be downloaded first. */
const runner: Rule = (call, court) => {
  court.raise("MODERATE", "runs a package");
  const at = call.words.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  if (at > 0) carried(call.words.slice(at), call, court);
};

/** Makes nothing and says what would be made; else it runs what the project says. */
const make: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-C -f -j -I -o -W");
  if (options.has("-n", "--just-print", "--dry-run", "--recon", "-q", "-p")) return;
  court.raise("MODERATE", "runs what the project says");
  if (
    options.operands.some((word) =>
      /^(distclean|mrproper|purge|nuke|destroy|drop|wipe|reset|uninstall|deploy-prod)(-|$)/.test(
        word,
      )
    )
  ) {
    court.raise("DANGEROUS", "deletes, stops or resets something");
  }
};

const common = manager();
const PIP = manager({
  valued: "-r -c -e -t -i -f --index-url --extra-index-url --target --find-links --requirement",
});

/** Rules by program. */
export const PACKAGES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    ("apt apt-get aptitude apt-cache dnf yum microdnf zypper apk emerge xbps-install xbps-remove eopkg snap flatpak port pkg " +
      "pkg_add pkg_delete nix-env nix-collect-garbage guix opkg slackpkg brew winget choco scoop gem cpan cpanm luarocks " +
      "composer cargo rustup go dotnet nuget mix hex stack cabal opam pub dart flutter conan vcpkg conda mamba micromamba " +
      "pyenv rbenv nvm fnm volta asdf mise sdk twine pod carthage swift helm-plugin tlmgr raco julia-pkg apm vsce jsr")
      .split(" ").map((name) => [name, common]),
  ),
  "apt-key": (_call, court) => court.raise("DANGEROUS", "changes which packages are trusted"),
  "add-apt-repository": (_call, court) =>
    court.raise("DANGEROUS", "changes where packages come from"),
  pip: PIP,
  pip3: PIP,
  pipx: PIP,
  ...Object.fromEntries(
    "conda mamba micromamba mise asdf rtx pyenv rbenv composer".split(" ").map((name) => [
      name,
      manager({ valued: "-n -p --name --prefix", carries: /^(exec|run|x)$/ }),
    ]),
  ),
  npm: manager({ valued: "--registry --prefix -C --workspace", carries: /^(exec|x)$/ }),
  pnpm: manager({ valued: "--registry --filter -C", carries: /^(exec|dlx)$/ }),
  yarn: manager({ valued: "--registry --cwd", carries: /^(exec|dlx)$/ }),
  poetry: manager({ carries: /^run$/ }),
  uv: manager({ valued: "--with --python -p --index-url", carries: /^run$/ }),
  pipenv: manager({ carries: /^run$/ }),
  pdm: manager({ carries: /^run$/ }),
  hatch: manager({ carries: /^run$/ }),
  rye: manager({ carries: /^run$/ }),
  bundle: manager({ carries: /^exec$/ }),
  bundler: manager({ carries: /^exec$/ }),
  pacman,
  yay: pacman,
  paru: pacman,
  dpkg,
  rpm: dpkg,
  npx: runner,
  bunx: runner,
  uvx: runner,
  pnpx: runner,
  make,
  gmake: make,
  just: make,
  task: make,
};
