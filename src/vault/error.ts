import type { VaultErrorCode } from "../protocol/vault_calls.ts";

/**
 * A refusal or failure of the vault, with what to do next in `data.hint`. Neither text ever holds a
 * value, a passphrase or a part of a decrypted text. It has no cause: nobody promises what the
 * message of a parser or a library quotes.
 */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;
  readonly data: { readonly hint: string };

  constructor(code: VaultErrorCode, message: string, hint = "") {
    super(message);
    this.code = code;
    this.data = { hint };
  }
}
