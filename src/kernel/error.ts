/** The kinds of refusal and failure, each with the exit code of a program that ends by it. */
const EXIT_CODES = {
  /** The command line. */
  usage: 2,
  /** There is no profile yet, or a provider without an address. */
  not_set_up: 3,
  /** A provider needs a key and none is there. */
  no_key: 3,
  /** The person said no. */
  denied: 4,
  /** A question, and nobody to ask. */
  no_terminal: 4,
  /** Something tried what its room may not do. */
  boundary: 4,
  /** The home folder is not as it must be. */
  profile: 4,
  /** The vault did not open. */
  vault_locked: 4,
  wrong_passphrase: 4,
  /** The secret has a passphrase of its own. */
  own_passphrase: 4,
  /** An address that nobody allowed. */
  origin_refused: 4,
  /** The vault refused; its message says why. */
  vault: 1,
  /** A config text that the kernel cannot check. */
  config_shape: 1,
  /** A program failed or is missing. */
  program: 1,
  /** The editor failed. */
  editor: 1,
  /** A line could not be logged. */
  log: 1,
  /** A room died or did not answer. */
  room: 1,
  /** A call with parameters that no caller should send. */
  bad_call: 1,
  no_such_plugin: 2,
  no_such_secret: 2,
  /** A folder that is no plugin. */
  bad_plugin: 1,
  /** Nobody agreed to the plugin as it is. */
  not_enabled: 4,
  /** The plugin threw. */
  plugin_failed: 1,
  /** It did not answer in time. */
  plugin_hung: 1,
  /** Its room, or the process of all, ended. */
  plugin_ended: 1,
  plugin_too_large: 1,
  /** No daemon runs, or it ended meanwhile. */
  no_daemon: 1,
  /** One runs already. */
  daemon_running: 4,
  /** The one that runs speaks another protocol. */
  daemon_version: 1,
  /** It did not start, stop or answer as it must. */
  daemon: 1,
  /** Nobody typed a job for that schedule. */
  no_job: 4,
  /** Ctrl-C at a question. */
  cancelled: 130,
} as const;

/** Why the kernel refused or failed. */
export type KernelErrorCode = keyof typeof EXIT_CODES;

/** A refusal or failure of the kernel: what happened and, in `data.hint`, what to do next. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  readonly code: KernelErrorCode;
  readonly data: { readonly hint: string };
  /** The exit code of a program that ends with this error. */
  readonly exitCode: number;

  constructor(code: KernelErrorCode, message: string, hint = "", cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.data = { hint };
    this.exitCode = EXIT_CODES[code];
  }
}
