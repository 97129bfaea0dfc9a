/**
 * The daemon that runs, as one of its person's commands finds it: there, not there, or there and dumb.
 * @module
 */
import { RpcError } from "../../../rpc/error.ts";
import { KernelError } from "../../error.ts";
import type { Profile } from "../../profile.ts";
import { connectDaemon, type DaemonConnection } from "./client.ts";
import { findInstance } from "../instance.ts";

/** One that has much to do is waited for so long, ms. */
const CONNECT_LIMIT_MS = 3_000;

/**
 * Connects to it; `undefined` if none runs.
 * @throws {KernelError} `daemon` if one runs and does not answer; `daemon_version`
 */
export async function reachDaemon(profile: Profile): Promise<DaemonConnection | undefined> {
  const connection = await connectDaemon(profile, { limitMs: CONNECT_LIMIT_MS });
  const dumb = connection ? undefined : await findInstance(profile);
  if (dumb === undefined) return connection;
  const hint = "pyra daemon stop --force ends it";
  throw new KernelError("daemon", `the daemon (process ${dumb.pid}) does not answer`, hint);
}

/**
 * Calls it; `undefined` if none runs.
 * @throws {KernelError} as `reachDaemon`; the daemon's refusals as its own codes say
 */
export async function callDaemon(
  profile: Profile,
  method: string,
  params: unknown,
  limitMs: number,
): Promise<unknown> {
  const connection = await reachDaemon(profile);
  if (!connection) return undefined;
  try {
    return await connection.send(method, params, limitMs);
  } catch (cause) {
    if (!(cause instanceof RpcError) || cause.code !== "timeout") throw cause;
    const hint = "pyra daemon logs may say why; pyra daemon stop --force ends it";
    throw new KernelError("daemon", "the daemon did not answer in time", hint, cause);
  } finally {
    connection.close();
  }
}
