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
import type { DAEMON_PROTOCOL } from "../../../protocol/daemon_calls.ts";
import type { Channel, Handler } from "../../../rpc/channel.ts";
import { isRecord } from "../../../rpc/frame.ts";
import { KernelError } from "../../error.ts";

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
 * The daemon's part: all that a connection may call before its proof. Each error is the end of it.
 * @param admit serves the client, which proved itself; throws what refuses it
 */
export function doorkeeper(
  known: Known,
  admit: (version: string) => void,
): Record<string, Handler> {
  let client = "";
  let nonces: Nonces | undefined;
  let isTried = false;
  return {
    async hello(params) {
      if (nonces) throw new KernelError("denied", "hello is said once");
      const { protocol, version, nonce } = isRecord(params) ? params : {};
      if (!Number.isSafeInteger(protocol) || !isVersion(version) || !isNonce(nonce)) {
        const message = "hello needs a protocol, a version, and a nonce of 32 hexadecimal digits";
        throw new KernelError("bad_call", message);
      }
      if (protocol !== PROTOCOL) {
        throw new KernelError("daemon_version", otherVersion(known.version, version));
      }
      client = version;
      nonces = { client: nonce, daemon: newNonce() };
      return {
        protocol: PROTOCOL,
        version: known.version,
        instance: known.instance,
        nonce: nonces.daemon,
        proof: await proofOf("daemon", known, nonces),
      };
    },
    async prove(params) {
      if (!nonces || isTried) throw new KernelError("denied", "hello comes first, then one proof");
      isTried = true;
      const proof = isRecord(params) ? params["proof"] : undefined;
      if (!isEqual(proof, await proofOf("client", known, nonces))) {
        const message = "the proof is wrong: only the daemon's own user may connect";
        throw new KernelError("denied", message);
      }
      admit(client);
      return {};
    },
  };
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
