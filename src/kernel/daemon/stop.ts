/**
 * Ends the daemon that runs: in order, or by force.
 * @module
 */
import { isRecord } from "../../rpc/frame.ts";
import { KernelError } from "../error.ts";
import { sanitise } from "../prompt.ts";
import type { Run } from "../run.ts";
import { seen } from "../waiting.ts";
import { findInstance, type InstanceRecord } from "./instance.ts";
import { callDaemon } from "./socket/reach.ts";

/** What the daemon may take to end beyond the time that its work has, ms. */
const ANSWER_MS = 20_000;
/** How long its process may take to be gone after it answered, or was killed, ms. */
const GONE_LIMIT_MS = 10_000;
const LOOK_MS = 25;

/** How work that runs is treated. */
export interface StopOptions {
  /** So long it is waited for, ms. */
  readonly limitMs: number;
  /** One that does not end in order is killed. */
  readonly force: boolean;
}

/**
 * Ends it.
 * @returns what was interrupted; `undefined` if none runs
 * @throws {KernelError} `daemon` if it does not end
 */
export async function stopDaemon(
  run: Run,
  { limitMs, force }: StopOptions,
): Promise<readonly string[] | undefined> {
  const { profile } = run;
  const record = await findInstance(profile);
  if (record === undefined) return undefined;
  const asked = callDaemon(profile, "stop", { limitMs }, limitMs + ANSWER_MS);
  const reply = await asked.catch((error) => {
    // It may have ended before its answer left.
    if (error instanceof KernelError && error.code === "no_daemon") return {};
    if (!force) throw error;
    return undefined;
  });
  if (reply !== undefined && await isGone(run, record)) return interruptedOf(reply);
  if (!force) {
    const hint = "pyra daemon stop --force ends it";
    throw new KernelError("daemon", `the daemon (process ${record.pid}) does not end`, hint);
  }
  return await kill(run, record);
}

/** Kills the process that holds the lock. */
async function kill(run: Run, record: InstanceRecord): Promise<readonly string[]> {
  const { pid, id } = record;
  // Its lock says that the number is still the daemon's, and no other program's by now.
  if ((await findInstance(run.profile))?.id !== id) return [];
  Deno.kill(pid, "SIGKILL");
  run.security("daemon.kill", { pid });
  if (await isGone(run, record)) return ["everything: it was killed"];
  throw new KernelError("daemon", `the daemon (process ${pid}) cannot be killed`);
}

/** Waits until its lock is free. */
async function isGone({ profile }: Run, { id }: InstanceRecord): Promise<boolean> {
  const isGone = async () => (await findInstance(profile))?.id !== id || undefined;
  return await seen({ limitMs: GONE_LIMIT_MS, everyMs: LOOK_MS }, isGone) ?? false;
}

function interruptedOf(reply: unknown): readonly string[] {
  const { interrupted } = isRecord(reply) ? reply : {};
  return Array.isArray(interrupted) ? interrupted.map((one) => sanitise(String(one))) : [];
}
