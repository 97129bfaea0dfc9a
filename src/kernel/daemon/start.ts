/**
 * Starts the daemon in a process and a session of its own, and waits until it answers.
 * @module
 */
import type { DaemonStatus } from "../../protocol/daemon_calls.ts";
import { KernelError } from "../error.ts";
import { HANDED_OVER, type HandedOver } from "../handed_over.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import { connectDaemon } from "./client.ts";
import { findInstance } from "./instance.ts";
import { daemonLog } from "./log.ts";
import { programLine } from "./program_line.ts";
import { shownTime } from "./shown_time.ts";

/** How long it has until it answers, ms. */
const READY_LIMIT_MS = 20_000;
const LOOK_MS = 25;
/** What it says before it fails is told, so many lines of it. */
const TOLD_LINES = 3;
/** Of the log's end, bytes. */
const TOLD_BYTES = 16 * 1024;

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
  let isOver = false;
  const ended = child.status.then(({ code, signal }) => {
    isOver = true;
    return signal ?? `exit code ${code}`;
  });
  const limit = performance.now() + READY_LIMIT_MS;
  while (!isOver && performance.now() < limit) {
    const status = await answer(run, limit);
    if (status?.pid === child.pid) {
      await fed;
      child.unref();
      return status;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  // One that is just hanging is not left behind.
  const hung = isOver ? undefined : "it did not answer in 20 seconds";
  if (hung) child.kill("SIGKILL");
  const end = await ended;
  await refuseSecond(run);
  const reason = said.since();
  const hint = reason === "" ? "see pyra daemon logs" : "";
  throw new KernelError("daemon", `the daemon did not start (${hung ?? end})${reason}`, hint);
}

/** @throws {KernelError} `daemon_running` */
export async function refuseSecond({ profile }: Run): Promise<void> {
  const record = await findInstance(profile);
  if (!record) return;
  const { pid, started } = record;
  const message = `the daemon runs already (process ${pid}, since ${shownTime(started)})`;
  throw new KernelError("daemon_running", message, "pyra daemon restart starts a new one");
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
    cwd: userHome ?? profile.home,
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  } as const;
  if (Deno.build.os === "windows") return new Deno.Command(program, { args, ...options }).spawn();
  // The runtime cannot append a program's output to a file; the shell is gone before the program begins.
  const line = ["-c", 'exec "$@" >>"$0" 2>&1', log, program, ...args];
  return new Deno.Command("/bin/sh", { args: line, ...options }).spawn();
}

async function feed({ stdin }: Deno.ChildProcess, text: string): Promise<void> {
  const writer = stdin.getWriter();
  // One that ends before it has read everything says why.
  await writer.write(new TextEncoder().encode(text)).then(() => writer.close())
    .catch(() => undefined);
}

/** What a daemon says that answers now. */
async function answer({ profile }: Run, limit: number): Promise<DaemonStatus | undefined> {
  const connection = await connectDaemon(profile).catch(() => undefined);
  if (!connection) return undefined;
  try {
    const left = Math.max(1, limit - performance.now());
    return await connection.send("status", null, left) as DaemonStatus;
  } catch (error) {
    // It ended while it was asked, or is another that ends.
    if (!(error instanceof Error)) throw error;
    return undefined;
  } finally {
    connection.close();
  }
}

/** The log, made with its mode; `since` is what was added to it, for people. */
function openLog(path: string): { readonly path: string; readonly since: () => string } {
  const open = () => Deno.openSync(path, { read: true, append: true, create: true, mode: 0o600 });
  using before = open();
  const { size } = before.statSync();
  return {
    path,
    since() {
      using log = open();
      const end = log.statSync().size;
      // It may have been put aside meanwhile.
      const start = Math.max(end < size ? 0 : size, end - TOLD_BYTES);
      log.seekSync(start, Deno.SeekMode.Start);
      const bytes = new Uint8Array(end - start);
      const text = new TextDecoder().decode(bytes.subarray(0, log.readSync(bytes) ?? 0));
      // Its events are for `pyra daemon logs`; what it said on standard error is the reason.
      const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("{"));
      const told = lines.slice(-TOLD_LINES).map((line) => sanitise(line.replace(/^pyra: /, "")));
      return told.length > 0 ? `: ${told.join("; ")}` : "";
    },
  };
}
