/**
 * `pyra daemon run`: a run that becomes the profile's daemon.
 * @module
 */
import type { AppRoom } from "../app_room.ts";
import { KernelError } from "../error.ts";
import { EXIT_FAILED, failureText } from "../failure.ts";
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
 * @throws {KernelError} `daemon_running`, `wrong_passphrase`
 */
export async function becomeDaemon(
  run: Run,
  room: AppRoom,
  exit: (code: number) => never,
): Promise<void> {
  run.daemon = DaemonHost.open(run, room, exit);
  const daemon = await run.daemon;
  let signals = 0;
  const end = () => {
    if (++signals > 1) exit(EXIT_FAILED);
    void daemon.terminate(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", () => daemon.reload());
  try {
    await openVault(run, daemon);
  } catch (error) {
    daemon.log({ event: "the vault stays locked", reason: failureText(error, { verbose: false }) });
    await daemon.stop(0);
    throw error;
  }
  room.start();
  run.terminal.say(`pyra: the daemon runs (process ${Deno.pid}); Ctrl-C ends it`);
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
  const { state, mode } = await daemon.vaultStatus();
  if (state !== "locked") return;
  const access = new VaultAccess(run);
  const { credentials } = run.environment;
  const given = mode === "passphrase"
    ? access.givenPassphrase() ?? credential(credentials)
    : undefined;
  if (mode !== "passphrase" || given !== undefined) {
    await daemon.vault.unlock(given ?? null, null);
  } else if (run.terminal.reachable()) await access.open();
  else daemon.log({ event: "the vault stays locked", reason: "run pyra vault unlock" });
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
