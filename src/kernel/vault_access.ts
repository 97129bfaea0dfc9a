/**
 * Opening the vault, and making one: where the passphrase comes from, how often it is asked for, and
 * in which mode the identity is kept.
 * @module
 */
import { RpcError } from "../rpc/error.ts";
import type { VaultMode, VaultStatus } from "../protocol/kernel_calls.ts";
import type { Keeping, VaultCalls } from "../protocol/vault_calls.ts";
import { optionValue } from "./command_line.ts";
import { KernelError, type KernelErrorCode } from "./error.ts";
import { hasKeyStore } from "./identity_programs.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";

const TRIES = 3;
/** scrypt takes a second; a slow machine takes several. */
const UNLOCK_LIMIT_MS = 120_000;
const MODES: readonly VaultMode[] = ["keystore", "passphrase", "keyfile", "gpg"];
/** What to do where a locked vault can ask nobody. */
export const GIVE_PASSPHRASE = "set PYRA_VAULT_PASSPHRASE or use --passphrase-fd";

/** The vault's codes on which the kernel acts, or that have an exit code of their own. */
const CODES: Readonly<Record<string, KernelErrorCode>> = {
  locked: "vault_locked",
  wrong_passphrase: "wrong_passphrase",
  passphrase_needed: "wrong_passphrase",
  own_passphrase: "own_passphrase",
  origin_unbound: "origin_refused",
};

/** The refusal of a locked vault that nobody can be asked about. */
export function lockedError(): KernelError {
  const message = "the vault is locked and there is no terminal to ask for its passphrase";
  return new KernelError("vault_locked", message, GIVE_PASSPHRASE);
}

/**
 * What a pipe holds. The runtime reads no descriptor that it did not open, but a program inherits it; so it
 * must be a pipe: of a file each later program could read the same again.
 * @throws {KernelError} `usage`
 */
function readDescriptor(fd: number): string {
  const script = 'test -p "/dev/fd/$0" && exec cat <"/dev/fd/$0"';
  const { success, stdout } = new Deno.Command("/bin/sh", {
    args: ["-c", script, String(fd)],
    stdin: fd === 0 ? "inherit" : "null",
    stderr: "null",
  }).outputSync();
  if (success) return new TextDecoder().decode(stdout).replace(/\r?\n$/, "");
  const hint = `hand it over as a pipe: ${fd}< <(command that prints it)`;
  throw new KernelError("usage", `descriptor ${fd} cannot be read`, hint);
}

/** One run's way to the vault. */
export class VaultAccess {
  readonly #run: Run;
  #passphraseOfFd: string | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Calls the vault room; its refusals become the kernel's, which have exit codes. */
  async call<M extends keyof VaultCalls>(
    method: M,
    params: Parameters<VaultCalls[M]>[0],
  ): Promise<ReturnType<VaultCalls[M]>> {
    try {
      const result = await this.#run.vault().call(method, params, { limitMs: UNLOCK_LIMIT_MS });
      // The vault room is trusted to answer in the types of its calls.
      return result as ReturnType<VaultCalls[M]>;
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== "remote") throw error;
      const hint = Object(error.data).hint;
      const code = CODES[error.remoteCode ?? ""] ?? "vault";
      throw new KernelError(code, error.message, typeof hint === "string" ? hint : "", error);
    }
  }

  /** The passphrase that a script gave, if it gave one. @throws {KernelError} `usage` */
  givenPassphrase(): string | undefined {
    const { line, environment } = this.#run;
    const fd = line.passphraseFd;
    if (fd === undefined) return environment.passphrase;
    // A descriptor can be read once, the passphrase may be needed again.
    return this.#passphraseOfFd ??= readDescriptor(fd);
  }

  /** Whether a passphrase opens it. */
  async takesPassphrase(): Promise<boolean> {
    return (await this.call("status", null)).mode === "passphrase";
  }

  /** Whether one must be asked for, since none was given. It is the same all through a run. */
  async asksPassphrase(): Promise<boolean> {
    return await this.takesPassphrase() && this.givenPassphrase() === undefined;
  }

  /** Opens the vault as far as that goes without a question; returns the state that it is in then. */
  async openQuietly(): Promise<VaultStatus["state"]> {
    const { state, mode } = await this.call("status", null);
    // In a daemon the vault is opened and locked by the person's word alone, not by a run's need.
    if (state !== "locked" || this.#run.host || this.#run.daemon) return state;
    const passphrase = mode === "passphrase" ? this.givenPassphrase() : undefined;
    if (mode === "passphrase" && passphrase === undefined) return state;
    await this.#unlock(passphrase);
    return "open";
  }

  async #unlock(passphrase: string | undefined): Promise<void> {
    const { unfinished } = await this.call("unlock", { passphrase });
    if (unfinished !== null) this.#run.terminal.say(`pyra: ${sanitise(unfinished)}`);
  }

  /**
   * Opens the vault, asking for its passphrase if it takes one.
   * @returns the passphrase that opened it now, if one did
   * @throws {KernelError} `vault_locked`, `wrong_passphrase`
   */
  async open(): Promise<string | undefined> {
    const state = await this.openQuietly();
    if (state === "absent") {
      throw new KernelError("vault", "there is no vault yet", "pyra vault set NAME makes one");
    }
    if (state === "open") return this.givenPassphrase();
    return await this.#askPassphrase("Passphrase of the vault: ", (given) => this.#unlock(given));
  }

  /** Asks for a passphrase until it is right, three times at most; returns it. */
  async #askPassphrase(
    question: string,
    open: (passphrase: string) => Promise<unknown>,
  ): Promise<string> {
    for (let attempt = 1;; attempt++) {
      const passphrase = await this.#run.terminal.askSecret(question);
      try {
        await open(passphrase);
        return passphrase;
      } catch (error) {
        if (!(error instanceof KernelError) || error.code !== "wrong_passphrase") throw error;
        this.#run.security("vault.wrong_passphrase");
        if (attempt === TRIES) throw error;
        this.#run.terminal.say(`That is not the passphrase (${TRIES - attempt} more).`);
      }
    }
  }

  /** Whether a secret may go to an origin without a question. @throws {KernelError} `origin_refused` */
  async isReady(name: string, origin: string): Promise<boolean> {
    try {
      await this.call("ready", { name, origin });
      return true;
    } catch (error) {
      if (error instanceof KernelError && error.code === "own_passphrase") return false;
      throw error;
    }
  }

  /** Opens a secret that has a passphrase of its own, asking for that. */
  async openSecret(name: string): Promise<void> {
    const open = (passphrase: string) => this.call("unlockSecret", { name, passphrase });
    await this.#askPassphrase(`Passphrase of ${sanitise(name)}: `, open);
  }

  /** Asks for a new passphrase twice, or takes the one that a script gave. @throws {KernelError} */
  async newPassphrase(): Promise<string> {
    const given = this.givenPassphrase();
    if (given !== undefined) return given;
    if (!this.#run.terminal.reachable()) {
      const message = "a new passphrase is needed and there is no terminal to ask for it";
      throw new KernelError("no_terminal", message, GIVE_PASSPHRASE);
    }
    const { terminal } = this.#run;
    while (true) {
      const first = await terminal.askSecret("New passphrase for the vault: ");
      if (first === "") terminal.say("It cannot be empty.");
      else if (first === await terminal.askSecret("The same again: ")) return first;
      else terminal.say("They differ.");
    }
  }

  /** What the vault needs to keep its identity in a mode. */
  async keepingIn(mode: VaultMode): Promise<Keeping> {
    const passphrase = mode === "passphrase" ? await this.newPassphrase() : undefined;
    return { mode, passphrase, gpgKey: optionValue(this.#run.line, "--gpg-key") };
  }

  /** The mode that the command line names. @throws {KernelError} `usage` */
  namedMode(): VaultMode | undefined {
    const named = optionValue(this.#run.line, "--vault");
    const mode = MODES.find((mode) => mode === named);
    if (named === undefined || mode) return mode;
    const hint = `take one of ${MODES.join(", ")}`;
    throw new KernelError("usage", `there is no vault mode ${named}`, hint);
  }

  /** Makes the vault if there is none, in the mode named, the key store, or as the person chooses. */
  async ensure(): Promise<void> {
    if (await this.openQuietly() !== "absent") return void await this.open();
    const mode = this.namedMode() ?? await this.#pickMode();
    await this.call("create", await this.keepingIn(mode));
    this.#run.security("vault.create", { mode });
  }

  async #pickMode(): Promise<VaultMode> {
    if (await hasKeyStore(this.#run.profile)) return "keystore";
    if (this.givenPassphrase() !== undefined) return "passphrase";
    if (!this.#run.terminal.reachable()) {
      const message = "there is no vault yet and no terminal to ask how to keep its key";
      const hint = "add --vault keyfile, or --vault passphrase with PYRA_VAULT_PASSPHRASE";
      throw new KernelError("no_terminal", message, hint);
    }
    const question = "How shall the vault's key be kept?\n" +
      "  1) behind a passphrase, asked for once a run\n" +
      "  2) in a file: keeps the model and plugins out, not someone who takes the disk\n";
    while (true) {
      const answer = (await this.#run.terminal.ask(`${question}Number [1]: `)).trim();
      if (answer === "" || answer === "1") return "passphrase";
      if (answer === "2") return "keyfile";
    }
  }

  /**
   * A secret's value: from standard input to its end if `stdinOption` was typed, or asked for.
   * @param question says the secret's name and origins
   * @throws {KernelError} `usage` for an empty or overlong one
   */
  async readSecret(question: string, stdinOption: "--stdin" | "--key-stdin"): Promise<string> {
    // It was read before any other room could (`boot.ts`).
    const { line, terminal } = this.#run;
    const value = line.rest.includes(stdinOption)
      ? terminal.reserved ?? ""
      : await terminal.askSecret(question);
    if (value.trim() !== "") return value.trim();
    throw new KernelError("usage", "the secret is empty", "nothing was changed");
  }
}
