/**
 * How the two ends of the daemon's socket prove to each other that they may read the same token, without
 * saying it: each answers the other's random number with a MAC. Both numbers and the daemon's id are in
 * it, so no answer fits another connection, another daemon or the other side.
 *
 *     client  hello {protocol, version, nonce}  →  {protocol, version, instance, nonce, proof}
 *     client  prove {proof}                     →  {}
 *
 * @module
 */
import type { DAEMON_PROTOCOL } from "../../protocol/daemon_calls.ts";
import { type Channel } from "../../rpc/channel.ts";
import type { JsonRpcTransport } from "../../rpc/connection.ts";
import { toWireError } from "../../rpc/error.ts";
import { isRecord, readFrame, type Request } from "../../rpc/frame.ts";
import { KernelError, type KernelErrorCode } from "../error.ts";

const PROTOCOL: typeof DAEMON_PROTOCOL = 1;
const NONCE_BYTES = 16;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** What an end knows before. */
export interface Known {
  readonly token: Uint8Array<ArrayBuffer>;
  /** The daemon's id. */
  readonly instance: string;
  /** The end's own. */
  readonly version: string;
}

/** Both random numbers. */
interface Nonces {
  readonly client: string;
  readonly daemon: string;
}

/** The client that proved itself, and the call that waits to be told so. */
export interface Proven {
  readonly version: string;
  readonly id: number;
}

/** HMAC-SHA-256 of a text by the token, hexadecimal. */
export async function macOf(token: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", token, HMAC, NOT_EXTRACTABLE, ["sign"]);
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.sign(HMAC.name, key, bytes)).toHex();
}

const NOT_EXTRACTABLE = false;

function proofOf(side: "client" | "daemon", { token, instance }: Known, nonces: Nonces) {
  return macOf(token, `pyra ${PROTOCOL} ${side} ${instance} ${nonces.client} ${nonces.daemon}`);
}

/** In a time that does not tell how much of it is right. */
function isEqual(given: unknown, right: string): boolean {
  if (typeof given !== "string" || given.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < right.length; at++) {
    difference |= given.charCodeAt(at) ^ right.charCodeAt(at);
  }
  return difference === 0;
}

function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).toHex();
}

function isNonce(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{32,128}$/.test(value);
}

function isVersion(value: unknown): value is string {
  return typeof value === "string" && /^[\w.+-]{1,40}$/.test(value);
}

/**
 * The daemon's part. Each connection has one try. The last call is left open: the caller answers it, or
 * refuses the client.
 * @param ended rejects when the connection is gone
 * @throws {KernelError} after the client was told and cut off; what `ended` rejects with
 */
export async function admit(
  transport: JsonRpcTransport,
  known: Known,
  ended: Promise<never>,
): Promise<Proven> {
  const hello = await nextCall(transport, "hello", ended);
  const { protocol, version, nonce } = isRecord(hello.params) ? hello.params : {};
  if (!Number.isSafeInteger(protocol) || !isVersion(version) || !isNonce(nonce)) {
    const message = "hello needs a protocol, a version, and a nonce of 32 hexadecimal digits";
    throw refuse(transport, hello.id, "bad_call", message);
  }
  if (protocol !== PROTOCOL) {
    throw refuse(transport, hello.id, "daemon_version", otherVersion(known.version, version));
  }
  const nonces = { client: nonce, daemon: newNonce() };
  const result = {
    protocol: PROTOCOL,
    version: known.version,
    instance: known.instance,
    nonce: nonces.daemon,
    proof: await proofOf("daemon", known, nonces),
  };
  const proving = nextCall(transport, "prove", ended);
  transport.post({ id: hello.id, result });
  const { id, params } = await proving;
  const proof = isRecord(params) ? params["proof"] : undefined;
  if (isEqual(proof, await proofOf("client", known, nonces))) return { version, id };
  throw refuse(
    transport,
    id,
    "denied",
    "the proof is wrong: only the daemon's own user may connect",
  );
}

/** Answers a call with an error and cuts the client off. Returns the error. */
export function refuse(
  transport: JsonRpcTransport,
  id: number | null,
  code: KernelErrorCode,
  message: string,
): KernelError {
  const error = new KernelError(code, message);
  transport.dismiss(message, toWireError(error), id);
  return error;
}

/** Waits for a call of that method, and answers any other that it is not its turn. */
function nextCall(
  transport: JsonRpcTransport,
  method: string,
  ended: Promise<never>,
): Promise<Request> {
  const { promise, resolve } = Promise.withResolvers<Request>();
  let isAwaited = true;
  transport.listen((received) => {
    const frame = readFrame(received);
    if (!frame || !("id" in frame) || !("method" in frame)) return;
    if (isAwaited && frame.method === method) {
      isAwaited = false;
      return resolve(frame);
    }
    const message = `${method} comes first, and each call after the answer to the one before`;
    transport.post({ id: frame.id, error: { code: "denied", message } });
  });
  return Promise.race([promise, ended]);
}

/**
 * The client's part.
 * @returns the daemon's version; `undefined` if it is not the one that the token is of
 * @throws {KernelError} `daemon_version`; {RpcError}
 */
export async function introduce(
  channel: Channel,
  known: Known,
  limitMs: number,
): Promise<string | undefined> {
  const nonce = newNonce();
  const hello = { protocol: PROTOCOL, version: known.version, nonce };
  const reply = await channel.call("hello", hello, { limitMs });
  if (!isRecord(reply) || !isVersion(reply["version"]) || !isNonce(reply["nonce"])) {
    return undefined;
  }
  const { version, protocol, proof } = reply;
  if (protocol !== PROTOCOL) {
    throw new KernelError("daemon_version", otherVersion(version, known.version));
  }
  const nonces = { client: nonce, daemon: reply["nonce"] };
  // Whoever holds the port or the path by now may be a stranger, who is told nothing more.
  if (!isEqual(proof, await proofOf("daemon", known, nonces))) return undefined;
  await channel.call("prove", { proof: await proofOf("client", known, nonces) }, { limitMs });
  return version;
}

function otherVersion(running: string, client: string): string {
  return `the daemon that runs is Pyra ${running}, this is ${client}: run pyra daemon restart`;
}
