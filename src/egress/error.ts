/**
 * Why egress refused or failed.
 *
 * - `bad_request`: the request is not one that egress sends (shape, scheme, size, a header)
 * - `overload`: the caller has too many requests open
 * - `origin_refused`: the origin is not on the caller's list
 * - `address_refused`: the name leads to a private, loopback or otherwise special address
 * - `origin_unbound`: the secret is not bound to this origin
 * - `sentinel_misplaced`: a sentinel stands where its secret does not belong, or is another caller's
 * - `insecure_credential`: a secret would go over plain HTTP to another machine
 * - `secret_unavailable`: the vault did not release the secret; `data.reason` is the vault's code
 * - `network`: the exchange failed; `data.reason` tells how
 * - `tls`: the server's certificate or the handshake was not accepted
 */
export type EgressErrorCode =
  | "bad_request"
  | "overload"
  | "origin_refused"
  | "address_refused"
  | "origin_unbound"
  | "sentinel_misplaced"
  | "insecure_credential"
  | "secret_unavailable"
  | "network"
  | "tls";

/**
 * How an exchange failed: the name has no address, nothing listens there, there is no way to it, the
 * connection ended early, nothing came in time, the certificate, the proxy, an encoding that cannot
 * be searched for secrets, or an answer that is no HTTP.
 */
export type NetworkReason =
  | "dns"
  | "refused"
  | "unreachable"
  | "reset"
  | "timeout"
  | "tls"
  | "proxy"
  | "encoding"
  | "protocol";

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

/** What the runtime's words say of a failure, tried in order. */
const WORDS: readonly (readonly [RegExp, NetworkReason])[] = [
  [/tunnel|proxy/i, "proxy"],
  [/certificate|tls|ssl|handshake|CorruptMessage/i, "tls"],
  [/dns|lookup|name or service/i, "dns"],
  [/refused/i, "refused"],
  [/unreachable|no route/i, "unreachable"],
  [/timed? ?out/i, "timeout"],
  [/invalid|parse/i, "protocol"],
];

/** How an error of the runtime's network calls failed, by its text: it has no codes. */
export function networkReason(thrown: unknown): NetworkReason {
  const { cause } = thrown instanceof Error ? thrown : {};
  const text = `${thrown} ${cause}`;
  // What precedes the client's words is the address, whose words mean nothing.
  const words = text.slice(text.lastIndexOf("client error (") + 1);
  return WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? "reset";
}
