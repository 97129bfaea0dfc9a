/**
 * The daemon as a service of the system: installed, looked at, removed. The service's text is made here
 * from the person's command line and the kernel's own facts, never from what a room says.
 * @module
 */
import { MARKER, type ServiceFacts, unwritable } from "../../../../service/facts.ts";
import { writableFolders } from "../../../../service/systemd.ts";
import { utf16 } from "../../../../service/task_scheduler.ts";
import { ifPresent, writeAtomically } from "../../../durable/file.ts";
import type { ServiceReply, ServiceStatus } from "../../../protocol/daemon_calls.ts";
import { KernelError } from "../../error.ts";
import { seen } from "../../waiting.ts";
import {
  chosenFrom,
  factsOf,
  type Installation,
  installationOf,
  keep,
  recordFile,
  type ServiceOptions,
  type ServicePlace,
} from "./facts.ts";
import {
  launchd,
  lingers,
  type ServiceManager,
  setLinger,
  systemd,
  taskScheduler,
} from "./systems.ts";

/** How long a started service may take until its daemon answers, ms. */
const START_LIMIT_MS = 30_000;
const LOOK_MS = 200;
/** What the person's own programs may read: a unit is no secret. */
const FILE_MODE = 0o644;

function managerHere(): ServiceManager {
  const { os } = Deno.build;
  return os === "windows" ? taskScheduler : os === "darwin" ? launchd : systemd;
}

/** @throws {KernelError} `usage` if the service's text cannot hold these facts */
function textOf(manager: ServiceManager, facts: ServiceFacts): string {
  const reason = unwritable(facts);
  if (reason === undefined) return manager.text(facts);
  throw new KernelError("usage", reason, "rename that folder, or run pyra daemon start instead");
}

/** The text of the service's file, and nothing done. @throws {KernelError} */
export async function serviceText(place: ServicePlace, options: ServiceOptions): Promise<string> {
  return textOf(managerHere(), await factsOf(place, chosenFrom(options)));
}

function fileText(file: string): string | undefined {
  const bytes = ifPresent(() => Deno.readFileSync(file));
  return bytes && new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-8").decode(bytes);
}

/** How the service is. It is asked only where there is one. */
export async function serviceState(place: ServicePlace): Promise<ServiceStatus> {
  const manager = managerHere();
  const kept = await installationOf(place);
  const facts = await factsOf(place, kept?.chosen ?? chosenFrom({}));
  const file = manager.file(facts.label, place.profile.home);
  const text = fileText(file);
  const { label } = facts;
  const about = { manager: manager.name, label, file };
  const ends = { folders: null, lingers: null };
  const off = { enabled: false, running: false, pid: undefined, failure: undefined, ...ends };
  if (text === undefined) return { ...about, written: "none", ...off };
  if (!text.includes(MARKER)) return { ...about, written: "foreign", ...off };
  const isCurrent = unwritable(facts) === undefined && text === manager.text(facts);
  const written = isCurrent ? "current" : "old";
  try {
    const { registered: enabled, ...look } = await manager.look(label);
    const isSystemd = manager === systemd;
    const folders = isSystemd && facts.confined ? writableFolders(facts) : null;
    const stays = isSystemd ? await lingers() : null;
    return { ...about, written, enabled, ...look, folders, lingers: stays };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { ...about, written, ...off, failure: error.message };
  }
}

/** Tells the process of the profile's daemon that answers now; `undefined` if none does. */
export type Answering = () => Promise<number | undefined>;

/**
 * Writes the service's file, registers and starts it, and waits until the daemon answers. Done again, it
 * changes only what is asked for otherwise than before. If it does not start, nothing stays.
 * @throws {KernelError}
 */
export async function install(
  place: ServicePlace,
  options: ServiceOptions,
  answering: Answering,
): Promise<ServiceReply> {
  const manager = managerHere();
  const chosen = chosenFrom(options);
  if (options.linger && manager !== systemd) {
    throw new KernelError("usage", "only systemd starts services of who is not logged in");
  }
  const facts = await factsOf(place, chosen);
  const [file, text] = [manager.file(facts.label, place.profile.home), textOf(manager, facts)];
  const before = fileText(file);
  refuseForeign(file, before);
  await manager.ready();
  const { running } = await manager.look(facts.label);
  const isSame = running && before === text;
  if (!isSame) {
    if (!(running && before !== undefined) && await answering() !== undefined) {
      const hint = "run pyra daemon stop, then this again";
      throw new KernelError("denied", "a daemon runs already that is no service", hint);
    }
    const kept = await installationOf(place);
    await Deno.mkdir(file.replace(/[^/]*$/, ""), { recursive: true });
    await keep(place, { chosen, lingers: kept?.lingers ?? false });
    await writeAtomically(file, manager === taskScheduler ? utf16(text) : text, FILE_MODE);
  }
  try {
    if (!isSame) await manager.start(facts.label, file);
    await verify(manager, facts.label, answering);
  } catch (cause) {
    const { failure } = await manager.look(facts.label);
    await withdraw(place, manager, facts.label, file);
    const why = failure ?? (cause instanceof Error ? cause.message : String(cause));
    const hint = "nothing stays installed; pyra daemon run shows more";
    throw new KernelError("program", `the service did not start: ${why}`, hint, cause);
  }
  if (options.linger && !await lingers()) await linger(place, chosen);
  const message = `the service ${facts.label} runs, and starts when you log in`;
  return { message: isSame ? `${message}; it was so before` : message, lines: [file] };
}

function refuseForeign(file: string, text: string | undefined): void {
  if (text === undefined || text.includes(MARKER)) return;
  throw new KernelError("denied", `${file} was not made by Pyra`, "move it away first");
}

/** The record comes first: what is undone is never less than what was done. */
async function linger(place: ServicePlace, chosen: Installation["chosen"]): Promise<void> {
  await keep(place, { chosen, lingers: true });
  try {
    await setLinger("enable");
  } catch (cause) {
    await keep(place, { chosen, lingers: false });
    const what = "the service runs, but ends when you log out: lingering was refused";
    throw new KernelError("program", what, "ask for: sudo loginctl enable-linger $USER", cause);
  }
}

/** Waits until the service's own process answers. @throws {KernelError} `program` */
async function verify(
  manager: ServiceManager,
  label: string,
  answering: Answering,
): Promise<void> {
  const isThere = await seen({ limitMs: START_LIMIT_MS, everyMs: LOOK_MS }, async () => {
    const { running, pid, failure } = await manager.look(label);
    const daemon = await answering();
    if (running && daemon !== undefined && (pid ?? daemon) === daemon) return true;
    if (failure !== undefined) throw new KernelError("program", failure);
    return undefined;
  });
  if (isThere) return;
  throw new KernelError("program", `it does not answer after ${START_LIMIT_MS / 1000} seconds`);
}

/** Ends the service and removes all of it. Nothing there is no failure. @throws {KernelError} */
export async function uninstall(place: ServicePlace): Promise<ServiceReply> {
  const manager = managerHere();
  const { written, label, file } = await serviceState(place);
  if (written === "foreign") refuseForeign(file, "");
  const kept = await installationOf(place);
  if (written === "none" && kept === undefined) {
    return { message: "there is no service", lines: [] };
  }
  await withdraw(place, manager, label, file);
  return { message: `the service ${label} is gone`, lines: [file] };
}

async function withdraw(
  place: ServicePlace,
  manager: ServiceManager,
  label: string,
  file: string,
): Promise<void> {
  const kept = await installationOf(place);
  const stopped = manager.stop(label);
  // A service whose file somebody removed is mostly unknown, and otherwise goes on.
  await (fileText(file) === undefined ? stopped.catch(() => undefined) : stopped);
  ifPresent(() => Deno.removeSync(file));
  await manager.forget(label);
  if (kept?.lingers) await setLinger("disable");
  ifPresent(() => Deno.removeSync(recordFile(place)));
}
