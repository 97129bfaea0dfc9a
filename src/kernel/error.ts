/**
 * Why the kernel refused or failed.
 *
 * - `usage`: the command line (exit code 2)
 * - `not_set_up`: there is no profile or no key yet (3)
 * - `denied`: the person said no, or may not be asked (4)
 * - `no_terminal`: a question, and nobody to ask (4)
 * - `boundary`: something tried what its room may not do (4)
 * - `profile`: the home folder is not as it must be (4)
 * - `vault_locked`, `wrong_passphrase`: the vault did not open (4)
 * - `own_passphrase`: the secret has a passphrase of its own (4)
 * - `vault`: the vault refused; its message says why (1)
 * - `no_key`: a provider needs a key and none is there (3)
 * - `origin_refused`: an address that nobody allowed (4)
 * - `config_shape`: a config text that the kernel cannot check (1)
 * - `program`: a program failed or is missing (1)
 * - `editor`: the editor failed (1)
 * - `room`: a room died or did not answer (1)
 * - `cancelled`: Ctrl-C at a question (130)
 * - `bad_call`: a call with parameters that no caller should send (1)
 */
export type KernelErrorCode =
  | "usage"
  | "not_set_up"
  | "denied"
  | "no_terminal"
  | "boundary"
  | "profile"
  | "vault_locked"
  | "wrong_passphrase"
  | "own_passphrase"
  | "vault"
  | "no_key"
  | "origin_refused"
  | "config_shape"
  | "program"
  | "editor"
  | "room"
  | "cancelled"
  | "bad_call";

const EXIT_CODES: Partial<Record<KernelErrorCode, number>> = {
  usage: 2,
  not_set_up: 3,
  no_key: 3,
  denied: 4,
  no_terminal: 4,
  boundary: 4,
  profile: 4,
  vault_locked: 4,
  wrong_passphrase: 4,
  own_passphrase: 4,
  origin_refused: 4,
  cancelled: 130,
};

/** A refusal or failure of the kernel: what happened and, in `data.hint`, what to do next. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  readonly code: KernelErrorCode;
  readonly data: { readonly hint: string };

  constructor(code: KernelErrorCode, message: string, hint = "", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = { hint };
  }

  /** The exit code of a program that ends with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code] ?? 1;
  }
}
