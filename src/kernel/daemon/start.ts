/**
 * Starts the daemon in a process and a session of its own, and waits until it answers.
 * @module
 */
import type { DaemonStatus } from "../../protocol/daemon_calls.ts";
import { KernelError } from "../error.ts";
import { HANDED_OVER, type HandedOver } from "../handed_over.ts";
import { exists } from "../profile.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import { seen } from "../waiting.ts";
import { findInstance, runningAlready } from "./instance.ts";
import { daemonLog } from "./log.ts";
import { programLine } from "./program_line.ts";
import { callDaemon } from "./socket/reach.ts";

/** How long it has until it answers, ms. */
const READY_LIMIT_MS = 20_000;
const LOOK_MS = 25;
/** What it says before it fails is told, so many lines of it. */
const TOLD_LINES = 3;

/**
 * Starts it. What the environment of a process would show to others goes by its standard input.
 * @param passphrase what opens the vault, if that needs one and it is to be open
 * @param options for `daemon run`
 * @throws {KernelError} `daemon` if it does not answer, with what it said
 */
export async function startDaemon(
  run: Run,
  passphrase: string | undefined,
  options: readonly string[],
): Promise<DaemonStatus> {
  const { environment: { identity, shown } } = run;
  const secret = passphrase === undefined ? {} : { PYRA_VAULT_PASSPHRASE: passphrase };
  const said = openLog(daemonLog(run.profile));
  const child = spawn(run, said.path, [HANDED_OVER, "daemon", "run", ...options]);
  const handed: HandedOver = { ...identity, ...shown, ...secret };
  const fed = feed(child, JSON.stringify(handed));
  const limit = performance.now() + READY_LIMIT_MS;
  let end: string | undefined;
  const ended = child.status.then(({ code, signal }) => end = signal ?? `exit code ${code}`);
  const found = await seen({ limitMs: READY_LIMIT_MS, everyMs: LOOK_MS }, async () => {
    const status = await answer(run, limit);
    // The vault may take its time to open.
    const isOpening = passphrase !== undefined && status?.vault.state === "locked";
    return status?.pid === child.pid && !isOpening ? status : end;
  });
  if (typeof found === "object") {
    await fed;
    child.unref();
    return found;
  }
  // One that is just hanging is not left behind.
  const hung = found === undefined ? "it did not answer in 20 seconds" : undefined;
  if (hung) child.kill("SIGKILL");
  await ended;
  await refuseSecond(run);
  const reason = said.since();
  const hint = reason === "" ? "see pyra daemon logs" : "";
  throw new KernelError("daemon", `the daemon did not start (${hung ?? end})${reason}`, hint);
}

/** @throws {KernelError} `daemon_running` */
export async function refuseSecond({ profile }: Run): Promise<void> {
  const record = await findInstance(profile);
  if (record) throw runningAlready(record);
}

function spawn(
  { environment: { programs }, userHome, profile, entries }: Run,
  log: string,
  words: readonly string[],
): Deno.ChildProcess {
  const [program = "", ...args] = programLine({ profile, entries }, words);
  const options = {
    clearEnv: true,
    // What it says of a fault goes to a file.
    env: { ...programs, NO_COLOR: "1" },
    cwd: userHome !== undefined && exists(userHome) ? userHome : profile.home,
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  } as const;
  if (Deno.build.os === "windows") return new Deno.Command(program, { args, ...options }).spawn();
  // The runtime cannot append a program's output to a file; the shell is gone before the program begins.
  // A core dump would hold secrets.
  const line = ["-c", 'ulimit -c 0; exec "$@" >>"$0" 2>&1', log, program, ...args];
  return new Deno.Command("/bin/sh", { args: line, ...options }).spawn();
}

async function feed({ stdin }: Deno.ChildProcess, text: string): Promise<void> {
  const writer = stdin.getWriter();
  // One that ends before it has read everything says why.
  await writer.write(new TextEncoder().encode(text)).then(() => writer.close())
    .catch(() => undefined);
}

/** What a daemon says that answers now; another may just end, and one that starts is not there yet. */
async function answer({ profile }: Run, limit: number): Promise<DaemonStatus | undefined> {
  const leftMs = Math.max(1, limit - performance.now());
  return await callDaemon(profile, "status", null, leftMs).catch(() => undefined) as
    | DaemonStatus
    | undefined;
}

/** The log, made with its mode; `since` is what was added to it, for people. */
function openLog(path: string): { readonly path: string; readonly since: () => string } {
  using file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  const { size } = file.statSync();
  return {
    path,
    since() {
      const bytes = Deno.readFileSync(path);
      // It may have been put aside meanwhile.
      const text = new TextDecoder().decode(bytes.subarray(bytes.length < size ? 0 : size));
      // Its events are for `pyra daemon logs`; what it said on standard error is the reason.
      const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("{"));
      const told = lines.slice(-TOLD_LINES).map((line) => sanitise(line.replace(/^pyra: /, "")));
      return told.length > 0 ? `: ${told.join("; ")}` : "";
    },
  };
}
