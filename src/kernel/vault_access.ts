/**
 * Opening the vault, and making one: where the passphrase comes from, how often it is asked for, and
 * in which mode the identity is kept.
 * @module
 */
import { RpcError } from "../rpc/error.ts";
import { isRecord } from "../rpc/frame.ts";
import type { VaultMode, VaultStatus } from "../protocol/kernel_calls.ts";
import { optionValues } from "./command_line.ts";
import { KernelError, type KernelErrorCode } from "./error.ts";
import { hasKeyStore } from "./key_store.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";

const TRIES = 3;
/** scrypt takes a second; a slow machine takes several. */
const UNLOCK_LIMIT_MS = 120_000;
const SECRET_LIMIT = 64 * 1024;
let passphraseOfFd: string | undefined;
const MODES: readonly VaultMode[] = ["keystore", "passphrase", "keyfile", "gpg"];

/** Calls the vault room; its refusals become the kernel's, which have exit codes. */
export async function callVault(
  run: Run,
  method: string,
  params: unknown = null,
): Promise<unknown> {
  try {
    return await run.vault().call(method, params, { limitMs: UNLOCK_LIMIT_MS });
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== "remote") throw error;
    const { remoteCode, message, data } = error;
    const hint = isRecord(data) && typeof data["hint"] === "string" ? data["hint"] : "";
    const code = CODES[remoteCode ?? ""] ?? "vault";
    throw new KernelError(code, message, hint, { cause: error });
  }
}

/** The vault's codes on which the kernel acts, or that have an exit code of their own. */
const CODES: Readonly<Record<string, KernelErrorCode>> = {
  locked: "vault_locked",
  wrong_passphrase: "wrong_passphrase",
  passphrase_needed: "wrong_passphrase",
  own_passphrase: "own_passphrase",
  origin_unbound: "origin_refused",
};

/** The vault's state; unlocks nothing. */
export async function vaultStatus(run: Run): Promise<VaultStatus> {
  return await callVault(run, "status") as VaultStatus;
}

/** The passphrase that a script gave, if it gave one. @throws {KernelError} `usage` */
export function givenPassphrase(run: Run): string | undefined {
  const fd = run.line.passphraseFd;
  if (fd === undefined) return run.environment.passphrase;
  try {
    // A descriptor can be read once, the passphrase may be needed again.
    return passphraseOfFd ??= Deno.readTextFileSync(`/dev/fd/${fd}`).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new KernelError("usage", `descriptor ${fd} cannot be read`, "open it: 3<file", { cause });
  }
}

/** Opens the vault as far as that goes without a question; returns whether it is open. */
export async function openQuietly(run: Run, status: VaultStatus): Promise<boolean> {
  if (status.state === "open") return true;
  if (status.state === "absent") return false;
  const passphrase = status.mode === "passphrase" ? givenPassphrase(run) : undefined;
  if (status.mode === "passphrase" && passphrase === undefined) return false;
  await unlock(run, passphrase);
  return true;
}

async function unlock(run: Run, passphrase: string | undefined): Promise<void> {
  const opened = await callVault(run, "unlock", passphrase === undefined ? {} : { passphrase });
  const unfinished = isRecord(opened) ? opened["unfinished"] : null;
  if (typeof unfinished === "string") run.terminal.say(`pyra: ${sanitise(unfinished)}`);
}

/**
 * Opens the vault, asking for its passphrase if it takes one.
 * @returns the passphrase that opened it now, if one did
 * @throws {KernelError} `vault_locked`, `wrong_passphrase`
 */
export async function openVault(run: Run): Promise<string | undefined> {
  const status = await vaultStatus(run);
  if (status.state === "absent") {
    throw new KernelError("vault", "there is no vault yet", "pyra vault set NAME makes one");
  }
  if (await openQuietly(run, status)) return givenPassphrase(run);
  return await askPassphrase(run, "Passphrase of the vault: ", (given) => unlock(run, given));
}

/** Asks for a passphrase until it is right, three times at most; returns it. */
async function askPassphrase(
  run: Run,
  question: string,
  open: (passphrase: string) => Promise<unknown>,
): Promise<string> {
  for (let attempt = 1;; attempt++) {
    const passphrase = await run.terminal.ask(question, { secret: true });
    try {
      await open(passphrase);
      return passphrase;
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== "wrong_passphrase") throw error;
      run.security("vault.wrong_passphrase");
      if (attempt === TRIES) throw error;
      run.terminal.say(`That is not the passphrase (${TRIES - attempt} more).`);
    }
  }
}

/** Whether a secret may go to an origin without a question. @throws {KernelError} `origin_refused` */
export async function isReady(run: Run, name: string, origin: string): Promise<boolean> {
  try {
    await callVault(run, "ready", { name, origin });
    return true;
  } catch (error) {
    if (error instanceof KernelError && error.code === "own_passphrase") return false;
    throw error;
  }
}

/** Opens a secret that has a passphrase of its own, asking for that. */
export async function openSecret(run: Run, name: string): Promise<void> {
  const open = (passphrase: string) => callVault(run, "unlockSecret", { name, passphrase });
  await askPassphrase(run, `Passphrase of ${sanitise(name)}: `, open);
}

/** The refusal of a locked vault that nobody can be asked about. */
export function lockedError(): KernelError {
  return new KernelError(
    "vault_locked",
    "the vault is locked and there is no terminal to ask for its passphrase",
    "set PYRA_VAULT_PASSPHRASE or use --passphrase-fd",
  );
}

/** The mode that the command line names. @throws {KernelError} `usage` */
function namedMode(run: Run): VaultMode | undefined {
  const [named] = optionValues(run.line.rest, "--vault");
  if (named === undefined || MODES.includes(named as VaultMode)) {
    return named as VaultMode | undefined;
  }
  throw new KernelError(
    "usage",
    `there is no vault mode ${named}`,
    `take one of ${MODES.join(", ")}`,
  );
}

/** Asks for a new passphrase twice, or takes the one that a script gave. @throws {KernelError} */
export async function newPassphrase(run: Run): Promise<string> {
  const given = givenPassphrase(run);
  if (given !== undefined) return given;
  if (!run.terminal.reachable()) {
    throw new KernelError(
      "no_terminal",
      "a new passphrase is needed and there is no terminal to ask for it",
      "set PYRA_VAULT_PASSPHRASE or use --passphrase-fd",
    );
  }
  while (true) {
    const first = await run.terminal.ask("New passphrase for the vault: ", { secret: true });
    if (first === "") run.terminal.say("It cannot be empty.");
    else if (first === await run.terminal.ask("The same again: ", { secret: true })) return first;
    else run.terminal.say("They differ.");
  }
}

/** Makes the vault if there is none, in the mode named, the key store, or as the person chooses. */
export async function ensureVault(run: Run): Promise<void> {
  const status = await vaultStatus(run);
  if (status.state !== "absent") return void await openVault(run);
  const mode = namedMode(run) ?? await pickMode(run);
  const [gpgKey] = optionValues(run.line.rest, "--gpg-key");
  await callVault(run, "create", {
    mode,
    ...(mode === "passphrase" ? { passphrase: await newPassphrase(run) } : {}),
    ...(gpgKey === undefined ? {} : { gpgKey }),
  });
  run.security("vault.create", { mode });
}

async function pickMode(run: Run): Promise<VaultMode> {
  if (await hasKeyStore(run.profile)) return "keystore";
  if (givenPassphrase(run) !== undefined) return "passphrase";
  if (!run.terminal.reachable()) {
    throw new KernelError(
      "no_terminal",
      "there is no vault yet and no terminal to ask how to keep its key",
      "add --vault keyfile, or --vault passphrase with PYRA_VAULT_PASSPHRASE",
    );
  }
  return await run.terminal.choose<VaultMode>("How shall the vault's key be kept?", [
    { text: "behind a passphrase, asked for once a run", value: "passphrase" },
    {
      text: "in a file: keeps the model and plugins out, not someone who takes the disk",
      value: "keyfile",
    },
  ]);
}

/**
 * A secret's value: from standard input to its end, or asked for, shown with its name and origins.
 * @throws {KernelError} `usage` for an empty or overlong one
 */
export async function readSecret(
  run: Run,
  question: string,
  options: { readonly fromStdin: boolean },
): Promise<string> {
  const value = options.fromStdin
    ? await readAll(run)
    : await run.terminal.ask(question, { secret: true });
  const trimmed = value.replace(/\r?\n$/, "").trim();
  if (trimmed === "") throw new KernelError("usage", "the secret is empty", "nothing was changed");
  return trimmed;
}

async function readAll(run: Run): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of run.terminal.input(new AbortController().signal)) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > SECRET_LIMIT) throw new KernelError("usage", "the secret is too long");
  }
  return text;
}
