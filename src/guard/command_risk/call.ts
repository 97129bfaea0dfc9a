/**
 * Judges one program with its arguments: by its own rule, by the verbs among its arguments, or as unknown.
 * @module
 */
import {
  atLeast,
  type Call,
  type Court,
  isUnknown,
  programOf,
  type Rule,
  within,
  withWords,
} from "./court.ts";
import { CARRIERS } from "./carriers.ts";
import { isGlob, resolvePath, touchesVault } from "./paths.ts";
import { ARCHIVES } from "./programs/archives.ts";
import { COMMAND_LINES } from "./programs/command_lines.ts";
import { CONTAINERS } from "./programs/containers.ts";
import { DATABASES } from "./programs/databases.ts";
import { DISKS } from "./programs/disks.ts";
import { FILES } from "./programs/files.ts";
import { FIREWALLS } from "./programs/firewalls.ts";
import { judgeGit } from "./programs/git.ts";
import { INTERPRETERS } from "./programs/interpreters.ts";
import { NETWORK } from "./programs/network.ts";
import { PACKAGES } from "./programs/packages.ts";
import { pyra } from "./programs/pyra.ts";
import { READERS } from "./programs/readers.ts";
import { REMOTE_MACHINES } from "./programs/remote_machines.ts";
import { SYSTEM } from "./programs/system.ts";
import { WINDOWS } from "./programs/windows.ts";
import { judgeSideDoors } from "./side_doors.ts";
import { asksForHelp, judgeVerbs } from "./verbs.ts";

const RULES: ReadonlyMap<string, Rule> = new Map(
  [
    WINDOWS,
    COMMAND_LINES,
    READERS,
    PACKAGES,
    DATABASES,
    SYSTEM,
    DISKS,
    FIREWALLS,
    CONTAINERS,
    REMOTE_MACHINES,
    ARCHIVES,
    NETWORK,
    FILES,
    INTERPRETERS,
    CARRIERS,
    { git: judgeGit, pyra },
  ].flatMap((table) => Object.entries(table)),
);

/** Programs that show their arguments and open none of them. */
const SPEAKING = new Set([
  "echo",
  "printf",
  "test",
  "[",
  "[[",
  ":",
  "true",
  "false",
  "export",
  "cd",
]);
/** Names with a version behind: `python3.12`, `gcc-13`. */
const VERSION = /-?\d+(\.\d+)*$/;

/** Judges a program with its arguments. */
export function judgeCall(call: Call, court: Court): void {
  const [word = "", ...rest] = call.words;
  if (isUnknown(word)) {
    court.raise("DANGEROUS", "runs a program whose name is not known");
    unknownProgram(call, court);
    return;
  }
  const name = programOf(word);
  if (!SPEAKING.has(name)) judgeVaultWords(call, court);
  if (isGlob(word) && name !== "[" && name !== "[[") {
    globbedProgram(call, court);
    return;
  }
  if (isForeign(word, call)) court.raise("MODERATE", "runs a program that is not the system's");
  const rule = RULES.get(name) ?? RULES.get(name.replace(VERSION, "")) ??
    (/^mkfs\.|^mke2fs$/.test(name) ? RULES.get("mkfs") : undefined);
  if (asksForHelp(rest) && !(name in CARRIERS) && !(name in INTERPRETERS)) {
    // A program nobody knows may take `--help` for what it likes.
    if (rule === undefined) court.raise("MODERATE", "runs a program that is not known");
    return;
  }
  const script = word.includes("/")
    ? call.scope.files.get(resolvePath(word, call.scope))
    : undefined;
  if (script !== undefined) court.line(script, within(call.scope), call.input);
  judgeSideDoors(call, court);
  if (rule) rule(call, court);
  else unknownProgram(call, court);
}

/** Nothing but the person's own command may open the vault, whatever program would do it. */
function judgeVaultWords({ words, scope }: Call, court: Court): void {
  for (const word of words.slice(0, 256)) {
    const value = word.slice(word.indexOf("=") + 1).replace(/^@|^file:\/\//, "");
    if (value.length < 4_096 && touchesVault(resolvePath(value, scope), court)) {
      court.raise("FORBIDDEN", "opens the vault", word);
    }
  }
}

/** Where the system's own programs lie. */
const SYSTEM_FOLDER =
  /^(?:\/usr(?:\/local)?\/s?bin|\/s?bin|\/opt\/homebrew\/bin|\/run\/current-system\/sw\/bin|\/snap\/bin|\/nix\/store\/[^/]+\/bin|[a-z]:[\\/]+(?:windows|program files).*)[\\/][^\\/]+$/i;

/** Whether a program is named by a place of its own: in a folder of work `./ls` may be anything. */
function isForeign(word: string, { scope }: Call): boolean {
  if (!/[\\/]/.test(word) || word.startsWith("/dev/")) return false;
  return !SYSTEM_FOLDER.test(resolvePath(word, scope));
}

/** A line of a crontab, or a program that is found by a pattern. */
function globbedProgram(call: Call, court: Court): void {
  const fields = call.words.slice(0, 5);
  if (fields.length === 5 && fields.every((field) => /^[\d*/,?LW#-]+$|^[A-Za-z]{3}$/.test(field))) {
    court.raise("MODERATE", "reads as a line of a schedule");
    court.call(withWords(call, call.words.slice(5)));
    return;
  }
  court.raise("DANGEROUS", "runs a program that a pattern stands for");
  const [word = "", ...rest] = call.words;
  const pattern = programOf(word);
  for (const likely of ["rm", "dd", "sh", "bash", "mkfs", "chmod", "chown", "cat", "shred", "mv"]) {
    const fits = [...pattern].length === likely.length &&
      [...pattern].every((letter, at) => letter === "?" || letter === likely[at]);
    if (
      fits || (pattern.includes("*") && likely.startsWith(pattern.slice(0, pattern.indexOf("*"))))
    ) {
      court.call(withWords(call, [likely, ...rest]));
    }
  }
}

function unknownProgram(call: Call, court: Court): void {
  court.raise("MODERATE", "runs a program that is not known");
  judgeVerbs(call, court, "unknown");
  // It may run what its arguments name, as `env` and `timeout` do.
  for (let at = 1; at < Math.min(call.words.length, 8); at++) {
    const word = call.words[at] ?? "";
    if (isUnknown(word) || !RUNNABLE.has(programOf(word)) || court.done()) continue;
    const inner = withWords(call, call.words.slice(at));
    const risk = court.aside(() => court.call(inner));
    if (atLeast(risk, "DANGEROUS")) court.call(inner);
  }
}

/** Programs worth looking for among the arguments of another. */
const RUNNABLE = new Set(
  ("rm dd mkfs shred git sh bash zsh dash ksh sudo doas env xargs find chmod chown mv cp tee curl wget nc " +
    "python python3 perl ruby node php eval kill killall reboot shutdown halt poweroff systemctl docker " +
    "kubectl terraform crontab truncate wipefs busybox").split(" "),
);
