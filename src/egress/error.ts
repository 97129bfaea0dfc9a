import type { EgressErrorCode, NetworkReason } from "../protocol/egress_calls.ts";

/** A refusal or failure of egress. Its message names origins and secrets' names, never a value. */
export class EgressError extends Error {
  override readonly name = "EgressError";
  readonly code: EgressErrorCode;
  /** `reason` is a `NetworkReason` for `network` and `tls`, the vault's code for `secret_unavailable`. */
  readonly data: { readonly reason?: string };

  constructor(code: EgressErrorCode, message: string, reason?: string) {
    super(message);
    this.code = code;
    this.data = reason === undefined ? {} : { reason };
  }
}

/** What the runtime's words say of a failure, tried in order: it has no codes. */
const WORDS: readonly (readonly [RegExp, NetworkReason])[] = [
  [/tunnel|proxy/i, "proxy"],
  [/certificate|tls|ssl|handshake|CorruptMessage/i, "tls"],
  [/host unreachable/i, "dns"],
  [/refused/i, "refused"],
  [/unreachable/i, "unreachable"],
  [/timed? ?out/i, "timeout"],
  [/invalid|parse/i, "protocol"],
];

/** Why the runtime's `fetch` failed, for the caller. Its words stay here, for they hold the URL. */
export function exchangeError(
  thrown: unknown,
  { host, origin }: URL,
  way: "direct" | "proxied",
): EgressError {
  const { cause } = thrown instanceof Error ? thrown : {};
  const text = `${thrown} ${cause}`;
  // What precedes the client's words is the address, whose words mean nothing.
  const words = text.slice(text.lastIndexOf("client error (") + 1);
  if (way === "direct" && words.includes("not allowed by ruleset")) return addressRefused(host);
  const reason = WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? "reset";
  if (reason !== "tls") return networkError(origin, reason);
  const untrusted =
    `the certificate of ${host} is not trusted, or is for another name: check the ` +
    "address; PYRA_CA_FILE may name the file of an authority to trust";
  return new EgressError("tls", untrusted, reason);
}

/** A failure on the way to a server. */
export function networkError(origin: string, reason: NetworkReason): EgressError {
  return new EgressError("network", `the exchange with ${origin} failed (${reason})`, reason);
}

/** A host that lies where only a grant leads. */
export function addressRefused(host: string): EgressError {
  const message = `${host} is inside this machine or its network, which nobody allowed`;
  return new EgressError("address_refused", message);
}
