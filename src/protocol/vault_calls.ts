/**
 * Every call to the vault room, and the few it makes itself, as types. Each call may also fail with
 * `bad_params`, `file` and `internal`.
 * @module
 */
import type { SecretSummary, VaultMode, VaultStatus } from "./kernel_calls.ts";

/**
 * Why the vault refused or failed.
 *
 * - `absent`: there is no vault yet
 * - `exists`: there is one already, or a secret of that name
 * - `locked`: the identity is not in memory, or another program changed it
 * - `passphrase_needed`: this needs a passphrase and none was given
 * - `wrong_passphrase`: it opens nothing
 * - `no_secret`: no secret of that name
 * - `origin_unbound`: the secret may not go there
 * - `own_passphrase`: the secret has a passphrase of its own that was not given in this run
 * - `corrupt`: a file was damaged, lost or renamed, or is encrypted for someone else
 * - `refused`: a name, value, binding or recipient that cannot be stored
 * - `bad_params`: parameters that no caller should send
 * - `backend`: the key store or gpg failed
 * - `file`: the disk refused
 * - `internal`: a fault of the vault itself
 */
export type VaultErrorCode =
  | "absent"
  | "exists"
  | "locked"
  | "passphrase_needed"
  | "wrong_passphrase"
  | "no_secret"
  | "origin_unbound"
  | "own_passphrase"
  | "corrupt"
  | "refused"
  | "bad_params"
  | "backend"
  | "file"
  | "internal";

/** The one message that the room waits for; `kernel` and `egress` are transferred. */
export interface VaultBoot {
  readonly boot: {
    /** The absolute path of the profile's vault folder, which the kernel has made. */
    readonly folder: string;
    /** Keys from the environment, by the secret's name (`provider:openai`). They are never stored. */
    readonly environmentKeys: EnvironmentKeys;
  };
  /** Serves `VaultCalls`, calls `VaultPortCalls`. */
  readonly kernel: MessagePort;
  /** Serves `ReleaseCalls`. */
  readonly egress?: MessagePort;
}

/** Where a secret may go. Both parts are empty for one that no request carries. */
export interface Binding {
  /** `https://host[:port]`, in the form that `URL.origin` has. */
  readonly origins: readonly string[];
  /** Its place in a request: `authorization: Bearer {}`, `path: /v1/{}/items`, `form: api_key`. */
  readonly placement: string;
}

/** A key that stands in the environment, and where it may go. */
export interface EnvironmentKey extends Binding {
  readonly value: string;
}

/** Keys from the environment, by the secret's name. */
export type EnvironmentKeys = Readonly<Record<string, EnvironmentKey>>;

/** How and with what the vault's identity is to be kept. */
export interface Keeping {
  readonly mode: VaultMode;
  /** Goes with the mode of that name. */
  readonly passphrase?: string | undefined;
  /** The key that gpg encrypts to. */
  readonly gpgKey?: string | undefined;
}

/** A file in `secrets/` that is no readable secret. Nothing is done to it. */
export interface SecretProblem {
  /** The file, inside the vault's folder. */
  readonly name: string;
  /** One sentence, lower case. */
  readonly message: string;
}

/** The kernel's calls. All but `status`, `create`, `unlock`, `lock` and `bindEnvironmentOrigin` need an open vault (`locked`). */
export interface VaultCalls {
  /** Reads no key. `recipients` is what the list says, and empty if it is missing. */
  status: (params: null) => VaultStatus;
  /**
   * Makes a vault and leaves it open. Codes: `exists`, `passphrase_needed`, `corrupt` (secrets
   * without an identity), `backend`.
   */
  create: (params: Keeping) => null;
  /**
   * Opens the vault and finishes what a kill interrupted; `unfinished` says why it could not (the
   * vault is open all the same). Codes: `absent`, `passphrase_needed`, `wrong_passphrase`,
   * `corrupt`, `backend`.
   */
  unlock: (params: { passphrase?: string | undefined }) => { unfinished: string | null };
  /** Forgets the identity and every opened secret; keys from the environment stay. */
  lock: (params: null) => null;
  /** All secrets by name, never a value. */
  list: (params: null) => { secrets: SecretSummary[]; problems: SecretProblem[] };
  /**
   * Stores a secret, in place of one of that name. `origins` and `placement` come both or not at all
   * (`[]`, `""`); they are brought to one form first. Codes: `refused`, `corrupt` (recipients).
   */
  set: (
    params: Binding & {
      readonly name: string;
      readonly value: string;
      ownPassphrase?: string | undefined;
    },
  ) => null;
  /** Code: `no_secret`. A damaged secret can be removed. */
  remove: (params: { name: string }) => null;
  /**
   * A new value under the old binding. Codes: `no_secret`, `corrupt`, `refused`, `own_passphrase`
   * (it has one: give it), `wrong_passphrase`.
   */
  rotateSecret: (
    params: { name: string; value: string; ownPassphrase?: string | undefined },
  ) => null;
  /**
   * A new identity; everything is encrypted anew. In passphrase mode the present `passphrase` is
   * needed. Codes: `passphrase_needed`, `wrong_passphrase`, `corrupt` (nothing was changed then),
   * `backend`.
   */
  rotateIdentity: (params: { passphrase?: string | undefined }) => null;
  /**
   * Adds and removes further recipients and encrypts everything anew; both empty only reads. Returns
   * all, the vault's own first. Codes: `refused`, `corrupt`.
   */
  changeRecipients: (params: {
    add: readonly string[];
    remove: readonly string[];
  }) => string[];
  /**
   * Keeps the same identity in another way, or under another passphrase (`passphrase` is the new
   * one). Codes: `passphrase_needed`, `corrupt`, `backend`.
   */
  changeMode: (params: Keeping) => null;
  /** Opens a secret that has a passphrase of its own, for this run. Codes: `no_secret`, `corrupt`, `wrong_passphrase`. */
  unlockSecret: (params: { name: string; passphrase: string }) => null;
  /**
   * The value of a plugin's secret that no request carries (`plugin:<name>:<key>` without origins).
   * Codes: `no_secret`, `refused` (it is another kind of secret), `own_passphrase`, `corrupt`.
   */
  reveal: (params: { name: string }) => string;
  /** Whether `release` would give this secret to this origin now; throws as that does. */
  ready: (params: { name: string; origin: string }) => null;
  /** Lets a key from the environment go to one more origin, in this run. Codes: `no_secret`, `refused`. */
  bindEnvironmentOrigin: (params: { name: string; origin: string }) => null;
  /**
   * All secrets in one age file, for `recipients` or else under a `passphrase`. Codes: `refused`,
   * `passphrase_needed`, `corrupt`.
   */
  exportBundle: (
    params: { recipients?: readonly string[]; passphrase?: string | undefined },
  ) => Uint8Array;
  /**
   * Stores the secrets of a bundle, or of one secret's age file, and returns their names. It is
   * opened with the vault's own identity, or the `passphrase`. Without `replace` an existing name
   * refuses all. Codes: `exists`, `passphrase_needed`, `wrong_passphrase`, `corrupt`.
   */
  importBundle: (params: {
    bytes: Uint8Array;
    passphrase?: string | undefined;
    replace: boolean;
  }) => string[];
}

/** A value, and its place in a request. */
export interface Released {
  readonly value: string;
  readonly placement: string;
}

/** Egress's only call. */
export interface ReleaseCalls {
  /**
   * The value for a request to `origin` (`https://host[:port]`). Codes: `locked`, `no_secret`,
   * `origin_unbound`, `own_passphrase`, `refused`, `corrupt`.
   */
  release: (params: { name: string; origin: string }) => Released;
}

/** What the room calls on the kernel's channel: the ways of keeping an identity that need a program. */
export interface VaultPortCalls {
  keystoreLoad: (params: null) => string | null;
  /** `text` is one line, or two while an identity is being rotated. */
  keystoreStore: (params: { text: string }) => null;
  keystoreRemove: (params: null) => null;
  gpgEncrypt: (params: { text: string; key: string }) => Uint8Array;
  gpgDecrypt: (params: Uint8Array) => string;
}

/** Calls one of them. Fails with `backend` and what the program said. */
export type VaultPorts = <M extends keyof VaultPortCalls>(
  method: M,
  params: Parameters<VaultPortCalls[M]>[0],
) => Promise<ReturnType<VaultPortCalls[M]>>;

type Calls = VaultCalls & ReleaseCalls;

/** A call to the room, on either channel. */
export type CallName = keyof Calls;

/** The parameters of a call. */
export type Given<M extends keyof Calls> = Parameters<Calls[M]>[0];

/** What serves a call answers so; a call without a result may answer nothing. */
export type Answer<M extends keyof Calls> = Promise<
  ReturnType<Calls[M]> extends null ? void : ReturnType<Calls[M]>
>;

/** The vault behind those calls. Keys from the environment are no part of it. */
export type VaultService = {
  [M in Exclude<keyof Calls, "bindEnvironmentOrigin" | "ready">]: (params: Given<M>) => Answer<M>;
};
