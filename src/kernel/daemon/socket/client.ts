/**
 * A program that speaks with the daemon of its profile.
 * @module
 */
import { Channel, type Handler } from "../../../rpc/channel.ts";
import { JsonRpcTransport } from "../../../rpc/connection.ts";
import { RpcError } from "../../../rpc/error.ts";
import { KernelError } from "../../error.ts";
import type { Profile } from "../../profile.ts";
import { VERSION } from "../../version.ts";
import { seen } from "../../waiting.ts";
import { connectTo, type Endpoint } from "./endpoint.ts";
import { introduce, type Known } from "./handshake.ts";
import { type InstanceRecord, readToken, recordedInstance } from "../instance.ts";

/** How long the daemon has to let one in, ms. */
const CONNECT_LIMIT_MS = 1_000;
/** How long it has for an answer, ms. */
const SEND_LIMIT_MS = 5_000;
/** The pause before a full queue is tried again, ms. */
const RETRY_MS = 10;

/** Of a socket or port that nobody listens at. */
const ABSENT = [
  Deno.errors.NotFound,
  Deno.errors.ConnectionRefused,
  Deno.errors.ConnectionReset,
  Deno.errors.TimedOut,
];

/** What the daemon may call here, and how long it has to let one in. */
export interface ConnectOptions {
  readonly handlers?: Readonly<Record<string, Handler>>;
  readonly notified?: (name: string, value: unknown) => void;
  readonly limitMs?: number;
}

/** A connection to the daemon, after both proved who they are. */
export interface DaemonConnection {
  readonly channel: Channel;
  /** The daemon's, which may be another than this program's. */
  readonly version: string;
  /** The daemon's id. */
  readonly instance: string;
  /** What both know, for `macOf`. */
  readonly token: Uint8Array<ArrayBuffer>;
  /**
   * Calls a method. `limitMs` is 5 s unless it says otherwise.
   * @throws {KernelError} `no_daemon` if it ended meanwhile; {RpcError}
   */
  send(method: string, params: unknown, limitMs?: number): Promise<unknown>;
  /** Ends it; what was sent before still is. */
  close(): void;
}

/**
 * Connects to the daemon that runs; `undefined` if none does, or none that proves itself in time. Costs
 * one look for a file where there is none.
 * @throws {KernelError} `daemon_version` for one that speaks another protocol; `daemon` for one that is full
 */
export async function connectDaemon(
  profile: Profile,
  { handlers, notified, limitMs = CONNECT_LIMIT_MS }: ConnectOptions = {},
): Promise<DaemonConnection | undefined> {
  const record = recorded(profile);
  const token = record && readToken(profile);
  if (!record || !token) return undefined;
  const deadline = performance.now() + limitMs;
  const look = () => connectionTo(record.endpoint);
  const conn = await seen({ limitMs, everyMs: RETRY_MS }, look);
  if (!conn) return undefined;
  const transport = new JsonRpcTransport(conn, { ended: (reason) => channel.close(reason) });
  const channel = new Channel(transport);
  const known = { token, instance: record.id, version: VERSION };
  const version = await introduced(channel, known, Math.max(1, deadline - performance.now()));
  if (version === undefined) return undefined;
  // Only now may it call anything here.
  channel.serve(handlers ?? {}, notified);
  return {
    channel,
    version,
    instance: record.id,
    token,
    send: (method, params, ms = SEND_LIMIT_MS) => send(channel, method, params, ms),
    close: () => channel.close(),
  };
}

/** What cannot be told of a config that cannot be read is not needed: the run goes on without a daemon. */
function recorded(profile: Profile): InstanceRecord | undefined {
  try {
    return recordedInstance(profile);
  } catch (cause) {
    if (cause instanceof KernelError) return undefined;
    throw cause;
  }
}

/** A connection; null if nobody listens there any more. @throws other `Deno.errors` */
async function connectionTo(endpoint: Endpoint): Promise<Deno.Conn | null | undefined> {
  try {
    return await connectTo(endpoint);
  } catch (cause) {
    // The queue is full: many are just connecting.
    if (cause instanceof Deno.errors.WouldBlock) return undefined;
    if (ABSENT.some((absent) => cause instanceof absent)) return null;
    throw cause;
  }
}

/** The daemon's version, or `undefined` and no connection. */
async function introduced(
  channel: Channel,
  known: Known,
  limitMs: number,
): Promise<string | undefined> {
  try {
    const version = await introduce(channel, known, limitMs);
    if (version === undefined) channel.close();
    return version;
  } catch (cause) {
    channel.close();
    if (!(cause instanceof RpcError)) throw cause;
    const { remoteCode, message } = cause;
    if (remoteCode !== "daemon_version" && remoteCode !== "daemon") return undefined;
    throw new KernelError(remoteCode, message, "", cause);
  }
}

async function send(
  channel: Channel,
  method: string,
  params: unknown,
  limitMs: number,
): Promise<unknown> {
  try {
    return await channel.call(method, params, { limitMs });
  } catch (cause) {
    if (!(cause instanceof RpcError) || cause.code !== "closed") throw cause;
    const hint = "run pyra daemon status, or pyra daemon start";
    throw new KernelError("no_daemon", "the daemon ended, or cut the connection", hint, cause);
  }
}
