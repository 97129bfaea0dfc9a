/**
 * `pyra daemon run`: a run that becomes the profile's daemon.
 * @module
 */
import type { AppCalls, AppRoom } from "../app_room.ts";
import { durationOf } from "../duration.ts";
import { KernelError } from "../error.ts";
import { EXIT_FAILED, exitCodeOf, failureText } from "../failure.ts";
import { exists } from "../profile.ts";
import type { Run } from "../run.ts";
import { VaultAccess } from "../vault_access.ts";
import { DaemonHost } from "./host.ts";

/** A room that dies is started again after so long, ms; longer each time, up to the second. */
const RESTART_MS = 5_000;
const LONGEST_RESTART_MS = 300_000;
const RESTARTS = 10;
/** So long without a death, and all is forgiven, ms. */
const QUIET_MS = 600_000;
const CREDENTIAL = "pyra-passphrase";

/**
 * Becomes the daemon; returns when it serves. A second SIGINT or SIGTERM ends it at once.
 * @throws {KernelError} `daemon_running`
 */
export async function becomeDaemon(
  run: Run,
  room: AppRoom,
  { calls, exit }: { readonly calls: AppCalls; readonly exit: (code: number) => never },
): Promise<void> {
  const opening = DaemonHost.open(run, room, { calls, end: exit });
  run.daemon = opening;
  const daemon = await opening;
  let signals = 0;
  const end = () => {
    if (++signals > 1) daemon.end(EXIT_FAILED);
    else void daemon.terminate(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  if (Deno.build.os !== "windows") {
    // A terminal that was closed says so by the same signal.
    Deno.addSignalListener(
      "SIGHUP",
      () => run.terminal.stdin && !hasTerminal() ? end() : daemon.reload(),
    );
  }
  const { stderr } = run.terminal;
  if (stderr) {
    run.terminal.say(`pyra: the daemon of the profile ${run.profile.name}; Ctrl-C ends it`);
  }
  try {
    await openVault(run, daemon);
  } catch (error) {
    run.terminal.restore();
    run.terminal.say(failureText(error, run.line.options));
    daemon.log({ event: "the vault did not open" });
    await daemon.stop(0);
    return daemon.end(exitCodeOf(error));
  }
  daemon.settled();
  room.start();
  if (stderr) {
    run.terminal.say(`pyra: it runs (process ${Deno.pid}); pyra daemon logs shows what it does`);
  }
}

/** Whether the process still has the terminal that it was started from. */
function hasTerminal(): boolean {
  try {
    Deno.openSync("/dev/tty", { read: true }).close();
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** What is done when a room of the daemon dies: the trusted ones start when they are needed. */
export function deathsOf(run: Run, room: AppRoom): (name: string, cause: unknown) => void {
  let deaths = 0;
  let last = 0;
  return (name, cause) => {
    void run.daemon?.then((daemon) => {
      daemon.log({ event: `the ${name} room ended`, reason: String(cause) });
      if (name !== "app") return run.rooms.stop();
      if (Date.now() - last > QUIET_MS) deaths = 0;
      last = Date.now();
      if (++deaths > RESTARTS) return void daemon.terminate(EXIT_FAILED);
      const wait = Math.min(RESTART_MS * 2 ** (deaths - 1), LONGEST_RESTART_MS);
      room.stop();
      setTimeout(() => room.start(), wait);
    });
  };
}

/** Opens the vault with what was given, or asks for its passphrase where somebody can be asked. */
async function openVault(run: Run, daemon: DaemonHost): Promise<void> {
  const forMs = durationOf(run.line, "--for") ?? null;
  if (run.line.rest.includes("--locked")) return;
  const { state, mode } = await daemon.vaultStatus();
  if (state !== "locked") return;
  const access = new VaultAccess(run);
  const { credentials } = run.environment;
  const given = mode === "passphrase"
    ? access.givenPassphrase() ?? credential(credentials)
    : undefined;
  if (mode === "passphrase" && given === undefined) {
    if (!run.terminal.reachable()) return staysLocked(daemon, "nobody can be asked");
    await access.open();
    daemon.vault.keepFor(forMs);
    return;
  }
  try {
    await daemon.vault.unlock(given ?? null, forMs);
  } catch (error) {
    // A passphrase that is wrong is a mistake to be told; a key store may just not be there yet.
    if (mode === "passphrase") throw error;
    staysLocked(daemon, failureText(error, { verbose: false }));
  }
}

function staysLocked(daemon: DaemonHost, reason: string): void {
  daemon.log({ event: "the vault stays locked", reason, hint: "run pyra vault unlock" });
}

/** The passphrase as a service's manager hands it over. */
function credential(folder: string | undefined): string | undefined {
  const path = `${folder}/${CREDENTIAL}`;
  if (folder === undefined || !exists(path)) return undefined;
  try {
    return Deno.readTextFileSync(path).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new KernelError("usage", `the credential ${path} cannot be read`, "check it", cause);
  }
}
