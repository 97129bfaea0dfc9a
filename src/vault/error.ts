/**
 * Why the vault refused or failed.
 *
 * - `absent`: there is no vault yet
 * - `exists`: there is one already, or a secret of that name (`data.names`)
 * - `locked`: the identity is not in memory, or was changed by another program
 * - `passphrase_needed`: this needs a passphrase and none was given
 * - `wrong_passphrase`: it opens nothing
 * - `no_secret`: no secret of that name
 * - `origin_unbound`: the secret may not go there
 * - `own_passphrase`: the secret has a passphrase of its own that was not given in this run
 * - `wrong_identity`: a bundle that is encrypted for someone else
 * - `corrupt`: a secret or a bundle was damaged, cut off or renamed
 * - `foreign_file`: `secrets/` holds an age file that is no secret of this vault
 * - `identity_missing`, `identity_broken`: the vault's key is not where it was, or is no key
 * - `recipients_broken`: the list of public keys is missing or has a line that is none
 * - `bad_name`, `bad_binding`, `bad_value`, `bad_recipient`: what was given cannot be stored
 * - `bad_params`: parameters that no caller should send
 * - `backend`: the key store or gpg failed
 * - `busy`: another program is changing the vault
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
  | "wrong_identity"
  | "corrupt"
  | "foreign_file"
  | "identity_missing"
  | "identity_broken"
  | "recipients_broken"
  | "bad_name"
  | "bad_binding"
  | "bad_value"
  | "bad_recipient"
  | "bad_params"
  | "backend"
  | "busy"
  | "file"
  | "internal";

/** What crosses to the kernel beside code and message. */
export interface VaultErrorData {
  /** What to do next; may be empty. */
  readonly hint: string;
  /** The secrets it is about; may be empty. */
  readonly names: readonly string[];
}

/**
 * A refusal or failure of the vault. Neither message nor data ever holds a value, a passphrase or a
 * part of a decrypted text; that is also why errors of parsers are not kept as a cause.
 */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;
  readonly data: VaultErrorData;

  constructor(
    code: VaultErrorCode,
    message: string,
    hint = "",
    options: { readonly names?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = { hint, names: options.names ?? [] };
  }
}
