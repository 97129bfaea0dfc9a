/**
 * `pyra daemon …`, as far as the kernel does it. Only the command's name comes from the app room, and is
 * held against the command line; its options are read from there.
 * @module
 */
import { resolve } from "node:path";
import type { DaemonReply, DaemonStatus } from "../../protocol/daemon_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { optionValue, optionValues } from "../command_line.ts";
import { durationOf } from "../duration.ts";
import { KernelError } from "../error.ts";
import type { Run } from "../run.ts";
import type { VaultAccess } from "../vault_access.ts";
import { findInstance } from "./instance.ts";
import { callDaemon } from "./reach.ts";
import { shownTime } from "./shown_time.ts";
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

const COMMANDS: Readonly<Record<string, (run: Run, vault: VaultAccess) => Promise<DaemonReply>>> = {
  async start(run, vault) {
    await refuseSecond(run);
    return await start(run, await passphraseOf(run, vault));
  },
  async stop(run) {
    const interrupted = await stop(run);
    if (!interrupted) return { message: "no daemon runs", lines: [] };
    return { message: "the daemon has ended", lines: interrupted.map(interruption) };
  },
  async restart(run, vault) {
    await refuseService(run);
    // A passphrase that is wrong must leave the daemon as it is.
    const passphrase = await passphraseOf(run, vault);
    const interrupted = await stop(run) ?? [];
    const { message, lines } = await start(run, passphrase);
    return { message, lines: [...interrupted.map(interruption), ...lines] };
  },
  async reload(run) {
    const done = await callDaemon(run.profile, "reload", null, RELOAD_LIMIT_MS);
    if (done === undefined) {
      throw new KernelError("no_daemon", "no daemon runs", "pyra daemon start starts it");
    }
    const lines = ["started", "stopped", "kept"].flatMap((what) => {
      const names = isRecord(done) ? done[what] : undefined;
      return Array.isArray(names) && names.length > 0 ? [`${what}: ${names.join(", ")}`] : [];
    });
    return { message: "settings and plugins were read anew", lines };
  },
  async install(run) {
    const { install, serviceText } = await import("./service.ts");
    const options = serviceOptions(run);
    if (run.line.rest.includes("--print")) {
      return { message: "", lines: (await serviceText(run, options)).split("\n") };
    }
    const answering = async () =>
      (await callDaemon(run.profile, "status", null, RELOAD_LIMIT_MS) as DaemonStatus | undefined)
        ?.pid;
    const reply = await install(run, options, answering);
    run.security("daemon.install", { lines: reply.lines });
    return reply;
  },
  async uninstall(run) {
    const { uninstall } = await import("./service.ts");
    const reply = await uninstall(run);
    run.security("daemon.uninstall", { lines: reply.lines });
    return reply;
  },
};

const interruption = (what: string) => `interrupted: ${what}`;

async function stop(run: Run): Promise<readonly string[] | undefined> {
  const limitMs = durationOf(run.line, "--limit") ?? STOP_LIMIT_MS;
  if (limitMs > LONGEST_STOP_MS) throw new KernelError("usage", "--limit is an hour at most");
  return await stopDaemon(run, { limitMs, force: run.line.rest.includes("--force") });
}

async function start(run: Run, passphrase: string | undefined): Promise<DaemonReply> {
  const limit = optionValue(run.line, "--for");
  const options = [
    ...(limit === undefined ? [] : ["--for", limit]),
    ...(run.line.rest.includes("--locked") ? ["--locked"] : []),
  ];
  const { pid, vault } = await startDaemon(run, passphrase, options);
  run.security("daemon.start", { pid, vault: vault.state });
  return { message: `the daemon runs (process ${pid})`, lines: vaultLines(vault) };
}

function vaultLines({ state, until }: DaemonStatus["vault"]): string[] {
  if (state === "absent") return [];
  if (state === "locked") return ["the vault is locked; pyra vault unlock opens it"];
  return [`the vault is open until ${until === null ? "the daemon ends" : shownTime(until)}`];
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

/** @throws {KernelError} `daemon` if the system keeps the daemon that runs */
async function refuseService(run: Run): Promise<void> {
  const record = await findInstance(run.profile);
  if (!record) return;
  const { serviceState } = await import("./service.ts");
  const { pid, label, manager } = await serviceState(run);
  if (pid !== record.pid) return;
  const hint = manager === "systemd"
    ? `run systemctl --user restart ${label}`
    : "run pyra daemon stop, then pyra daemon install";
  throw new KernelError("daemon", `${manager} keeps this daemon running`, hint);
}

function serviceOptions(run: Run): Parameters<typeof import("./service.ts").install>[1] {
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
