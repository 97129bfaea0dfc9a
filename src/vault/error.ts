/**
 * Why the vault refused or failed.
 *
 * - `absent`: there is no vault yet
 * - `exists`: there is one already, or a secret of that name
 * - `locked`: the identity is not in memory, or another program changed it
 * - `passphrase_needed`: this needs a passphrase and none was given
 * - `wrong_passphrase`: it opens nothing
 * - `wrong_identity`: a bundle that is encrypted for someone else
 * - `no_secret`: no secret of that name
 * - `origin_unbound`: the secret may not go there
 * - `own_passphrase`: the secret has a passphrase of its own that was not given in this run
 * - `corrupt`: a secret or bundle was damaged, cut off or renamed, or is no file of the vault's
 * - `identity_broken`: the vault's key is not where it was, or is no key
 * - `recipients_broken`: the list of public keys is missing or has a line that is none
 * - `refused`: a name, value, binding or recipient that cannot be stored
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
  | "wrong_identity"
  | "no_secret"
  | "origin_unbound"
  | "own_passphrase"
  | "corrupt"
  | "identity_broken"
  | "recipients_broken"
  | "refused"
  | "bad_params"
  | "backend"
  | "busy"
  | "file"
  | "internal";

/**
 * A refusal or failure of the vault, with what to do next in `data.hint`. Neither text ever holds a
 * value, a passphrase or a part of a decrypted text; nor does a cause, so a parser's error is none.
 */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;
  readonly data: { readonly hint: string };

  constructor(code: VaultErrorCode, message: string, hint = "", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = { hint };
  }
}
