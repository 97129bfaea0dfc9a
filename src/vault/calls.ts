/**
 * Every call to the vault room, and the few it makes itself, as types. They fail with the codes of
 * `VaultError`; each may fail with `file`, `busy`, `bad_params` and `internal`.
 * @module
 */
import type { SecretSummary, VaultMode, VaultStatus } from "../kernel/calls.ts";

/** The one message that the room waits for; `kernel` and `egress` are transferred. */
export interface VaultBoot {
  readonly boot: {
    /** The absolute path of the profile's vault folder. */
    readonly folder: string;
    /** Keys from the environment, by the secret's name (`provider:openai`). They are never stored. */
    readonly environmentKeys: Readonly<Record<string, EnvironmentKey>>;
  };
  /** Serves `VaultCalls`, calls `VaultPortCalls`. */
  readonly kernel: MessagePort;
  /** Serves `ReleaseCalls`. */
  readonly egress?: MessagePort;
}

/** A key that stands in the environment, and where it may go. */
export interface EnvironmentKey {
  readonly value: string;
  readonly origins: readonly string[];
  readonly placement: string;
}

/** A file in `secrets/` that is no readable secret. Nothing is done to it. */
export interface SecretProblem {
  /** The secret's name where there is one, else the file's. */
  readonly name: string;
  /** One sentence, lower case. */
  readonly message: string;
}

/** The kernel's calls. All but `status`, `create`, `unlock`, `lock` and `bindEnvironmentOrigin` need an open vault (`absent`, `locked`). */
export interface VaultCalls {
  /** Reads no key. `recipients` is empty if the file is missing or broken. */
  status: (params: null) => VaultStatus;
  /**
   * Makes a vault and leaves it open. `passphrase` goes with that mode, `gpgKey` with `gpg`.
   * Codes: `exists`, `passphrase_needed`, `identity_broken` (secrets without an identity), `backend`.
   */
  create: (params: { mode: VaultMode; passphrase?: string; gpgKey?: string }) => null;
  /**
   * Opens the vault and finishes what a kill interrupted; `unfinished` says why it could not (the
   * vault is open all the same). Codes: `absent`, `passphrase_needed`, `wrong_passphrase`,
   * `identity_broken`, `backend`.
   */
  unlock: (params: { passphrase?: string }) => { unfinished: string | null };
  /** Forgets the identity and every opened secret; keys from the environment stay. */
  lock: (params: null) => null;
  /** All secrets by name, never a value. */
  list: (params: null) => { secrets: SecretSummary[]; problems: SecretProblem[] };
  /**
   * Stores a secret, in place of one of that name. `origins` and `placement` come both or not at all
   * (`[]`, `""`); they are brought to one form first. Codes: `refused`, `recipients_broken`.
   */
  set: (params: {
    name: string;
    value: string;
    origins: readonly string[];
    placement: string;
    ownPassphrase?: string;
  }) => null;
  /** Code: `no_secret`. A damaged secret can be removed. */
  remove: (params: { name: string }) => null;
  /**
   * A new value under the old binding. Codes: `no_secret`, `corrupt`, `refused`, `own_passphrase`
   * (it has one: give it), `wrong_passphrase`.
   */
  rotateSecret: (params: { name: string; value: string; ownPassphrase?: string }) => null;
  /**
   * A new identity; everything is encrypted anew. In passphrase mode the present `passphrase` is
   * needed. Codes: `passphrase_needed`, `wrong_passphrase`, `corrupt` (nothing was changed then),
   * `recipients_broken`, `backend`.
   */
  rotateIdentity: (params: { passphrase?: string }) => null;
  /**
   * Adds and removes further recipients and encrypts everything anew; both empty only reads. Returns
   * all, the vault's own first. Codes: `refused`, `corrupt`, `recipients_broken`.
   */
  changeRecipients: (params: {
    add: readonly string[];
    remove: readonly string[];
  }) => string[];
  /**
   * Keeps the same identity in another way, or under another passphrase (`passphrase` is the new
   * one). Codes: `passphrase_needed`, `backend`.
   */
  changeMode: (params: { mode: VaultMode; passphrase?: string; gpgKey?: string }) => null;
  /** Opens a secret that has a passphrase of its own, for this run. Codes: `no_secret`, `corrupt`, `wrong_passphrase`. */
  unlockSecret: (params: { name: string; passphrase: string }) => null;
  /** Whether `release` would give this secret to this origin now; throws as that does. */
  ready: (params: { name: string; origin: string }) => null;
  /** Lets a key from the environment go to one more origin, in this run. Codes: `no_secret`, `refused`. */
  bindEnvironmentOrigin: (params: { name: string; origin: string }) => null;
  /** All secrets in one age file, for `recipients` or under a `passphrase`: one of the two. Codes: `refused`, `corrupt`. */
  exportBundle: (params: { recipients?: readonly string[]; passphrase?: string }) => Uint8Array;
  /**
   * Stores the secrets of a bundle, or of one secret's age file, and returns their names. It is
   * opened with the vault's own identity, or an `identity` (the text of an age identity file), or a
   * `passphrase`. Without `replace` an existing name refuses all. Codes: `exists`,
   * `passphrase_needed`, `wrong_passphrase`, `wrong_identity`, `corrupt`, `identity_broken`.
   */
  importBundle: (params: {
    bytes: Uint8Array;
    passphrase?: string;
    identity?: string;
    replace: boolean;
  }) => string[];
}

/** Egress's only call. */
export interface ReleaseCalls {
  /**
   * The value for a request to `origin` (`https://host[:port]`). Codes: `absent`, `locked`,
   * `no_secret`, `origin_unbound`, `own_passphrase`, `corrupt`.
   */
  release: (params: { name: string; origin: string }) => { value: string; placement: string };
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
