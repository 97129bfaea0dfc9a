/**
 * What package managers are called with. Every argument is here or a checked name, and none is a shell's.
 * @module
 */
import type { Command } from "./command.ts";
import type { ManagerName } from "./package_names.ts";

/** A package manager. */
export interface Manager {
  search(words: readonly string[]): Command;
  install(names: readonly string[]): Command;
  remove(names: readonly string[]): Command;
  /** What tells beforehand what would be removed; absent: the manager removes nothing but what is named. */
  rehearse?(action: "install" | "remove", names: readonly string[]): Command | undefined;
  /** Whether installing and removing needs the administrator's rights. */
  readonly needsRights: boolean;
}

const APT_QUIET = ["--yes", "--quiet"];
/** Nobody answers what dpkg would ask: files that the person changed stay. */
const APT_FILES = [
  "-o",
  "Dpkg::Options::=--force-confdef",
  "-o",
  "Dpkg::Options::=--force-confold",
];
/** What is not used any more goes when the person says so. */
const DNF_KEEP = "--setopt=clean_requirements_on_remove=False";
const WINGET_QUIET = ["--disable-interactivity", "--accept-source-agreements"];

/** The managers, by name. */
export const MANAGERS: Readonly<Record<ManagerName, Manager>> = {
  apt: {
    search: (words) => ({ argv: ["apt-cache", "search", "--names-only", "--", ...words] }),
    install: (names) => ({
      argv: ["apt-get", ...APT_QUIET, ...APT_FILES, "install", "--", ...names],
      network: true,
    }),
    remove: (names) => ({ argv: ["apt-get", ...APT_QUIET, "remove", "--", ...names] }),
    rehearse: (action, names) => ({ argv: ["apt-get", "--simulate", action, "--", ...names] }),
    needsRights: true,
  },
  dnf: {
    search: (words) => ({ argv: ["dnf", "--quiet", "search", "--", ...words], network: true }),
    install: (names) => ({
      argv: ["dnf", "--assumeyes", "install", "--", ...names],
      network: true,
    }),
    remove: (names) => ({ argv: ["dnf", "--assumeyes", DNF_KEEP, "remove", "--", ...names] }),
    rehearse: (action, names) =>
      action === "install"
        ? undefined
        : { argv: ["dnf", "--assumeno", DNF_KEEP, "remove", "--", ...names] },
    needsRights: true,
  },
  pacman: {
    search: (words) => ({ argv: ["pacman", "--sync", "--search", "--", ...words] }),
    install: (names) => ({
      argv: ["pacman", "--sync", "--noconfirm", "--needed", "--", ...names],
      network: true,
    }),
    remove: (names) => ({ argv: ["pacman", "--remove", "--noconfirm", "--", ...names] }),
    rehearse: (action, names) =>
      action === "install"
        ? undefined
        : { argv: ["pacman", "--remove", "--print", "--print-format", "%n", "--", ...names] },
    needsRights: true,
  },
  brew: {
    search: (words) => ({ argv: ["brew", "search", words.join(" ")], network: true }),
    install: (names) => ({ argv: ["brew", "install", ...names], network: true }),
    remove: (names) => ({ argv: ["brew", "uninstall", ...names] }),
    needsRights: false,
  },
  winget: {
    search: (words) => ({
      argv: ["winget", "search", "--query", words.join(" "), ...WINGET_QUIET],
      network: true,
    }),
    install: (names) => ({
      argv: [
        ...["winget", "install", "--exact", "--id", names[0] ?? "", "--silent", ...WINGET_QUIET],
        "--accept-package-agreements",
      ],
      network: true,
    }),
    remove: (names) => ({
      argv: ["winget", "uninstall", "--exact", "--id", names[0] ?? "", "--silent", ...WINGET_QUIET],
    }),
    needsRights: false,
  },
};

const LINUX: readonly ManagerName[] = ["apt", "dnf", "pacman", "brew"];

/** What manages packages on this system. */
export function packageCommands(): Command[] {
  const { os } = Deno.build;
  const names = os === "windows"
    ? ["winget" as const]
    : os === "darwin"
    ? ["brew" as const]
    : LINUX;
  return names.flatMap((name) => {
    const install = MANAGERS[name].install([]);
    const asked = MANAGERS[name].needsRights ? [withRights(install)] : [];
    return [MANAGERS[name].search([]), install, ...asked];
  });
}

/** The same command with the administrator's rights: the system itself asks the person for them. */
export function withRights({ argv, ...rest }: Command): Command {
  return { argv: ["pkexec", ...argv], ...rest };
}

/** What a rehearsal says: which packages would be installed and removed; undefined if it does not say. */
export function rehearsed(
  manager: ManagerName,
  text: string,
): { readonly installed: readonly string[]; readonly removed: readonly string[] } | undefined {
  switch (manager) {
    case "apt": {
      const named = (verb: string) =>
        [...text.matchAll(new RegExp(`^${verb} (\\S+)`, "gm"))].map(([, name = ""]) => name);
      // Its words are in the person's language; these two are not.
      if (text.trim() === "") return undefined;
      return { installed: named("Inst"), removed: [...named("Remv"), ...named("Purg")] };
    }
    case "pacman":
      return { installed: [], removed: text.split("\n").map((row) => row.trim()).filter(Boolean) };
    case "dnf":
      return dnfTransaction(text);
    case "brew":
    case "winget":
      return undefined;
  }
}

function dnfTransaction(text: string): ReturnType<typeof rehearsed> {
  const removed: string[] = [];
  const installed: string[] = [];
  let list: string[] | undefined;
  for (const row of text.split("\n")) {
    if (/^\S.*:\s*$/.test(row)) {
      list = /^Remov/.test(row)
        ? removed
        : /^(?:Install|Upgrad|Downgrad|Reinstall)/.test(row)
        ? installed
        : undefined;
    } else if (/^Transaction Summary/.test(row)) {
      return { installed, removed };
    } else {
      const [, name] = /^ {1,2}([A-Za-z0-9]\S*)/.exec(row) ?? [];
      if (name !== undefined) list?.push(name);
    }
  }
  return undefined;
}
