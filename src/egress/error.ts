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
 * How an exchange failed: the name has no address, nothing listens there, the connection ended
 * early, nothing came in time, the certificate, the proxy, an encoding that cannot be searched for
 * secrets, or something else.
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

  constructor(code: EgressErrorCode, message: string, reason?: NetworkReason | string) {
    super(message);
    this.code = code;
    this.data = reason === undefined ? {} : { reason };
  }
}
