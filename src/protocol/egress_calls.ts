/**
 * What the kernel, the vault and callers say to egress and hear from it.
 * @module
 */

/** What the room is started with, all of it from the kernel's environment. */
export interface EgressBoot {
  readonly proxy: ProxySettings;
  /** More certificates to trust, PEM. */
  readonly caCertificates: readonly string[];
}

/** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export interface ProxySettings {
  readonly https?: string | undefined;
  readonly http?: string | undefined;
  readonly no?: string | undefined;
}

/** An origin that a caller may reach. `*` stands for every one. */
export interface AllowedOrigin {
  readonly origin: string;
  /** True if it may lie at a private or loopback address. */
  readonly private: boolean;
}

/** The kernel's calls to egress; all answer null. */
export interface EgressCalls {
  /** Serves a caller on this port (also in the transfer list); a former port of that name is closed. */
  open: (params: { caller: string; port: MessagePort }) => null;
  /** Replaces the list of origins that the caller may reach. */
  allow: (params: { caller: string; origins: readonly AllowedOrigin[] }) => null;
  /** From now on this sentinel, on this caller's port, stands for the secret of that name. */
  issue: (params: { caller: string; sentinel: string; secret: string }) => null;
  /** Ends the caller's port and forgets its origins and sentinels. */
  close: (params: { caller: string }) => null;
}

/** A line for `security.log`; egress makes it as the call `report` to the kernel. */
export interface EgressReport {
  readonly event: "secret_used" | EgressErrorCode;
  readonly caller: string;
  readonly origin: string;
  readonly secret?: string;
  /** One lower-case sentence without values. */
  readonly detail: string;
}

/**
 * Egress's call `release` to the vault: the secret's value for a request to this origin. Error code
 * `origin_unbound` if it is not bound to it; any other code reaches the caller as
 * `secret_unavailable` with `data.reason`.
 */
export type VaultRelease = (params: { name: string; origin: string }) => {
  value: string;
  /** `<header, lower case>: <text with {}>`, `path: <start of the path with {}>` or `form: <field>`. */
  placement: string;
};

/** Parameters of a caller's stream call `fetch`; the body is the call's input stream of bytes. */
export interface FetchParams {
  readonly url: string;
  readonly method: string;
  /** A `content-length` that is at most 1 MiB makes egress send the body with its length. */
  readonly headers: readonly (readonly [string, string])[];
}

/** The first value of the answer to `fetch`; `Uint8Array` chunks of some 64 KiB at most follow. */
export interface FetchHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * Why egress refused or failed.
 *
 * - `bad_request`: the request is not one that egress sends (shape, scheme, size, a header)
 * - `origin_refused`: the origin is not on the caller's list
 * - `address_refused`: the name leads to a private, loopback or otherwise special address
 * - `origin_unbound`: the secret is not bound to this origin
 * - `sentinel_misplaced`: a sentinel stands where its secret does not belong, or is another caller's
 * - `insecure_credential`: a secret would go over plain HTTP to another machine
 * - `secret_unavailable`: the vault did not release the secret; `data.reason` is the vault's code
 * - `network`: the exchange failed; `data.reason` tells how (`NetworkReason`)
 * - `tls`: the server's certificate or the handshake was not accepted
 */
export type EgressErrorCode =
  | "bad_request"
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
