/**
 * `pyra daemon …`, as far as the kernel does it. Only the command's name comes from the app room, and is
 * held against the command line; its options are read from there.
 * @module
 */
import { resolve } from "node:path";
import type { DaemonReply, DaemonStatus, ReloadReply } from "../../protocol/daemon_calls.ts";
import { optionValue, optionValues } from "../command_line.ts";
import { durationOf } from "../duration.ts";
import { KernelError } from "../error.ts";
import type { Run } from "../run.ts";
import type { VaultAccess } from "../vault_access.ts";
import { callDaemon } from "./socket/reach.ts";
import { refuseSecond, startDaemon } from "./start.ts";
import { stopDaemon } from "./stop.ts";

/** Running work is waited for so long, ms. */
const STOP_LIMIT_MS = 30_000;
const LONGEST_STOP_MS = 3_600_000;
const RELOAD_LIMIT_MS = 15_000;
/** What `systemd-creds encrypt` makes is named so. */
const SEALED = /\.cred$/;

/** Speaks with the person while no room of third-party code is alive. */
type Ask = (question: () => Promise<unknown>) => Promise<unknown>;

/**
 * Does one of them.
 * @throws {KernelError} `boundary` if the command line does not say so
 */
export async function daemonCommand(
  run: Run,
  vault: VaultAccess,
  given: string,
  ask: Ask,
): Promise<unknown> {
  const [group, command] = run.line.words;
  const act = Object.hasOwn(COMMANDS, given) ? COMMANDS[given] : undefined;
  if (group !== "daemon" || command !== given || !act) {
    throw new KernelError("boundary", "a daemon command was not what the command line says");
  }
  // What is typed wrong is told before anybody is asked.
  durationOf(run.line, "--for");
  const asks = (given === "start" || given === "restart") && await needsPerson(run, vault);
  return asks ? await ask(() => act(run, vault)) : await act(run, vault);
}

/**
 * Begins `pyra daemon start` while the app room is still loading, where the command line has nothing else
 * in it that could be wrong. @returns undefined where the person is needed first
 */
export async function beginStart(run: Run, vault: VaultAccess): Promise<DaemonReply | undefined> {
  if (await needsPerson(run, vault)) return undefined;
  return await COMMANDS["start"]?.(run, vault);
}

const COMMANDS: Readonly<Record<string, (run: Run, vault: VaultAccess) => Promise<DaemonReply>>> = {
  async start(run, vault) {
    await refuseSecond(run);
    return await start(run, await passphraseOf(run, vault));
  },
  stop: async (run) => ({ interrupted: await stop(run) ?? null }),
  async restart(run, vault) {
    // A passphrase that is wrong must leave the daemon as it is.
    const passphrase = await passphraseOf(run, vault);
    return { interrupted: await stop(run) ?? [], ...await start(run, passphrase) };
  },
  async reload({ profile }) {
    const done = await callDaemon(profile, "reload", null, RELOAD_LIMIT_MS);
    if (done !== undefined) return done as ReloadReply;
    throw new KernelError("no_daemon", "no daemon runs", "pyra daemon start starts it");
  },
  async install(run) {
    const { install, serviceText } = await import("./service/service.ts");
    const options = serviceOptions(run);
    if (run.line.rest.includes("--print")) return { text: await serviceText(run, options) };
    const answering = async () =>
      (await callDaemon(run.profile, "status", null, RELOAD_LIMIT_MS) as DaemonStatus | undefined)
        ?.pid;
    const reply = await install(run, options, answering);
    run.security("daemon.install", { lines: reply.lines });
    return reply;
  },
  async uninstall(run) {
    const { uninstall } = await import("./service/service.ts");
    const reply = await uninstall(run);
    run.security("daemon.uninstall", { lines: reply.lines });
    return reply;
  },
};

async function stop(run: Run): Promise<readonly string[] | undefined> {
  const limitMs = durationOf(run.line, "--limit") ?? STOP_LIMIT_MS;
  if (limitMs > LONGEST_STOP_MS) throw new KernelError("usage", "--limit is an hour at most");
  return await stopDaemon(run, { limitMs, force: run.line.rest.includes("--force") });
}

async function start(
  run: Run,
  passphrase: string | undefined,
): Promise<Pick<DaemonStatus, "pid" | "vault">> {
  const limit = optionValue(run.line, "--for");
  const options = [
    ...(limit === undefined ? [] : ["--for", limit]),
    ...(run.line.rest.includes("--locked") ? ["--locked"] : []),
  ];
  const { pid, vault } = await startDaemon(run, passphrase, options);
  run.security("daemon.start", { pid, vault: vault.state });
  return { pid, vault };
}

/** Whether the vault's passphrase is needed and can be asked for; the same all through a run. */
async function needsPerson({ line, terminal }: Run, vault: VaultAccess): Promise<boolean> {
  return !line.rest.includes("--locked") && await vault.asksPassphrase() && terminal.reachable();
}

/** What opens the vault, if that is a passphrase: it was tried. @throws {KernelError} `wrong_passphrase` */
async function passphraseOf(
  { line, terminal }: Run,
  vault: VaultAccess,
): Promise<string | undefined> {
  if (line.rest.includes("--locked") || !await vault.takesPassphrase()) return undefined;
  const isThere = vault.givenPassphrase() !== undefined || terminal.reachable();
  // Without one it starts locked, and says so.
  return isThere ? await vault.open() : undefined;
}

function serviceOptions(run: Run): Parameters<typeof import("./service/service.ts").install>[1] {
  const { line, workspace } = run;
  const typed = optionValue(line, "--credential");
  const file = typed === undefined ? undefined : resolve(workspace, typed);
  return {
    linger: line.rest.includes("--linger"),
    confined: !line.rest.includes("--unconfined"),
    writable: optionValues(line, "--writable").map((path) => resolve(workspace, path)),
    ...(file === undefined ? {} : { credential: { file, encrypted: SEALED.test(file) } }),
  };
}
