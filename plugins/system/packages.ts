/**
 * Searches, installs and removes programs by the system's package manager.
 * @module
 */
import type { Json, PlannedUse, PluginContext } from "pyra/sdk";
import { type Command, effectsOf, type Outcome, outcomeOf } from "./command.ts";
import { type Manager, MANAGERS, rehearsed, withRights } from "./package_commands.ts";
import { checkedNames, isProtected, type ManagerName, searchWords } from "./package_names.ts";
import { SystemError } from "./system_error.ts";

type Input = Readonly<Record<string, Json>>;

/** What a call would do. */
type Wish =
  | { readonly action: "search"; readonly manager: ManagerName; readonly command: Command }
  | {
    readonly action: "install" | "remove";
    readonly manager: ManagerName;
    readonly names: readonly string[];
    readonly rehearsal: Command | undefined;
    readonly command: Command;
  };

const SEARCH_LIMIT_MS = 60_000;
/** A call has no longer. */
const CHANGE_LIMIT_MS = 295_000;
const SHOWN_UNITS = 3_000;
const FOUND_LINES = 40;

/** What would be run; the person is asked each time. */
export async function planPackages(input: Input, context: PluginContext): Promise<PlannedUse> {
  const wish = await wishOf(input, context);
  const commands = wish.action === "search"
    ? [wish.command]
    : [...(wish.rehearsal ? [wish.rehearsal] : []), wish.command];
  return {
    does: wish.action === "search"
      ? `search the packages of ${wish.manager}`
      : `${wish.action} ${wish.names.join(", ")} by ${wish.manager}`,
    effects: effectsOf(commands),
    ask: "always",
  };
}

/** Runs what was planned. */
export async function runPackages(input: Input, context: PluginContext): Promise<string> {
  const wish = await wishOf(input, context);
  if (wish.action === "search") {
    return found(wish.manager, await outcomeOf(context, wish.command, SEARCH_LIMIT_MS));
  }
  const { action, manager, names, rehearsal, command } = wish;
  if (rehearsal) {
    context.progress(`asking ${manager} what it would do`);
    checkRehearsal(wish, await outcomeOf(context, rehearsal, SEARCH_LIMIT_MS));
  }
  context.progress(`${manager}: ${action} ${names.join(", ")}`);
  return changed(wish, await outcomeOf(context, command, CHANGE_LIMIT_MS));
}

async function wishOf(input: Input, context: PluginContext): Promise<Wish> {
  const { action } = input;
  const name = managerOf(input, context);
  const manager: Manager = MANAGERS[name];
  if (action === "search") {
    return { action, manager: name, command: manager.search(searchWords(input["query"])) };
  }
  if (action !== "install" && action !== "remove") {
    throw new SystemError("bad_input", "action is search, install or remove");
  }
  const names = checkedNames(input["names"], name, action);
  const command = manager[action](names);
  const needsAsking = manager.needsRights && !await isAdministrator(context);
  return {
    action,
    manager: name,
    names,
    rehearsal: manager.rehearse?.(action, names),
    command: needsAsking ? withRights(command) : command,
  };
}

function managerOf({ manager }: Input, { settings }: PluginContext): ManagerName {
  for (const name of [manager, settings["package_manager"]]) {
    if (typeof name === "string" && Object.hasOwn(MANAGERS, name)) return name as ManagerName;
  }
  if (Deno.build.os === "darwin") return "brew";
  if (Deno.build.os === "windows") return "winget";
  throw new SystemError(
    "no_manager",
    "say which package manager this system has: apt (Debian, Ubuntu), dnf (Fedora), pacman (Arch) or brew",
  );
}

/** Pyra's folder belongs to whoever runs it. */
async function isAdministrator({ dataFolder }: PluginContext): Promise<boolean> {
  return (await Deno.stat(dataFolder)).uid === 0;
}

/** @throws {SystemError} for a change that is more than what was agreed to */
function checkRehearsal(
  { action, manager, names }: Exclude<Wish, { action: "search" }>,
  { missing, out, err, result }: Outcome,
): void {
  if (missing !== "") throw new SystemError("failed", `${manager} cannot be run: ${missing}`);
  const told = rehearsed(manager, out);
  // It says no to its own question, and that ends it with 1.
  const isDone = result?.code === 0 || (manager === "dnf" && result?.code === 1);
  if (told === undefined || !isDone || result?.timedOut === true) {
    throw new SystemError(
      "failed",
      `nothing was changed: ${manager} does not say what it would do. ${tail(err || out)}`.trim(),
    );
  }
  const guarded = told.removed.find(isProtected);
  if (guarded !== undefined) {
    throw new SystemError(
      "protected",
      `nothing was changed: ${guarded} would be removed, which this machine runs on`,
    );
  }
  const allowed = new Set(action === "remove" ? names : []);
  const more = told.removed.map((name) => name.replace(/:[a-z0-9]+$/, ""))
    .filter((name) => !allowed.has(name));
  if (more.length > 0) {
    throw new SystemError(
      "not_alone",
      `nothing was changed: that would also remove ${
        more.slice(0, 20).join(", ")
      }. Tell the person; if they ` +
        "want that, remove these by name",
    );
  }
  if (action === "remove" && told.installed.length > 0) {
    const what = told.installed.slice(0, 20).join(", ");
    throw new SystemError("not_alone", `nothing was changed: that would install ${what}`);
  }
}

function found(manager: ManagerName, { missing, out, err, result }: Outcome): string {
  if (missing !== "") throw new SystemError("failed", `${manager} cannot be run: ${missing}`);
  const lines = out.split("\n").map((row) => row.trimEnd()).filter((row) => row !== "");
  if (lines.length === 0) {
    return result?.code === 0 || err === "" ? `${manager} knows no such package` : tail(err);
  }
  const more = lines.length - FOUND_LINES;
  const shown = lines.slice(0, FOUND_LINES).join("\n").slice(0, SHOWN_UNITS);
  return more > 0 ? `${shown}\n… and ${more} more lines; search for more words` : shown;
}

function changed(
  { action, manager, names, command }: Exclude<Wish, { action: "search" }>,
  { missing, out, err, result }: Outcome,
): string {
  const list = names.join(", ");
  const [program] = command.argv;
  if (result?.code === 0) {
    return `${action === "install" ? "installed" : "removed"}: ${list}\n${tail(out)}`;
  }
  if (result?.timedOut === true) {
    const hint = manager === "apt" ? "; sudo dpkg --configure -a finishes what was begun" : "";
    throw new SystemError("failed", `${manager} took too long and was stopped${hint}`);
  }
  const own = command.argv.slice(program === "pkexec" ? 1 : 0).join(" ");
  if (program === "pkexec" && (missing !== "" || [126, 127].includes(result?.code ?? 0))) {
    throw new SystemError(
      "failed",
      "nothing was changed: the administrator's rights were not given. The person can run this themselves: " +
        `sudo ${own}`,
    );
  }
  const why = missing || tail(err || out) || "it does not say why";
  throw new SystemError("failed", `${manager} could not ${action} ${list}: ${why}`);
}

/** The end of a text, whole lines; of one that was written over again and again, what stood there last. */
function tail(text: string): string {
  const whole = text.replace(/\r\n/g, "\n").replace(/[^\n]*\r/g, "").trim();
  const end = whole.slice(-SHOWN_UNITS);
  return end.length < whole.length ? end.slice(end.indexOf("\n") + 1) : end;
}
