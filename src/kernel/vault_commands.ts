/**
 * `pyra vault …`. The app room parses the command line too; since that room runs third-party code, only
 * the command's name is taken from it, and held against the command line itself: nothing is done to
 * the vault that the person did not type.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import type { VaultReply } from "../protocol/kernel_calls.ts";
import { optionValue, optionValues } from "./command_line.ts";
import { durationOf } from "./duration.ts";
import { KernelError } from "./error.ts";
import { PROVIDER_ORIGINS, type ProviderOrigin } from "./origins.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";
import { lockedError, type VaultAccess } from "./vault_access.ts";
import { absolutePath } from "./workspace.ts";

const BUNDLE_LIMIT_BYTES = 16 * 1024 * 1024;
const VALUED_OPTIONS =
  "--origin --placement --output --recipient --add --remove --vault --gpg-key --for"
    .split(" ");
/** The commands that need nobody while the vault is open. */
const QUIET = ["list", "rm", "unlock", "recipients"];

/**
 * Does one vault command.
 * @param ask runs a question with the person while no room of third-party code is alive
 * @throws {KernelError} `boundary` if the command line does not say so
 */
export async function vaultCommand(
  run: Run,
  vault: VaultAccess,
  given: string,
  ask: (question: () => Promise<unknown>, refusal?: KernelError) => Promise<unknown>,
): Promise<unknown> {
  const [group, command] = run.line.words;
  if (group !== "vault" || command !== given) {
    throw new KernelError("boundary", "a vault command was not what the command line says");
  }
  const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (!act) throw new KernelError("usage", `there is no vault command ${sanitise(command)}`);
  if (command === "lock") return await act(run, vault);
  if (command === "unlock") {
    await refuseIfNobodyKeeps(run);
    // The same call, made again when the vault is open, must find the answer and not unlock once more.
    if (await vault.asksPassphrase()) return await ask(() => act(run, vault), lockedError());
  }
  // What needs nobody is answered at once; what may need the person stops the app room first.
  if (!QUIET.includes(command)) return await ask(() => act(run, vault));
  if (await vault.openQuietly() !== "locked") return await act(run, vault);
  return await ask(() => act(run, vault), lockedError());
}

/** The first word after `vault <command>` that is no option, and no value of an option. */
function position({ line: { rest } }: Run): string | undefined {
  return rest.slice(2).find((word, index) =>
    !word.startsWith("-") && !VALUED_OPTIONS.includes(rest[index + 1] ?? "")
  );
}

function namedPosition(run: Run, what: string): string {
  const word = position(run);
  if (word !== undefined) return word;
  throw new KernelError("usage", `the ${what} is missing`, `see pyra vault --help`);
}

const count = ({ length }: readonly unknown[]) => `${length} secret${length === 1 ? "" : "s"}`;

const COMMANDS: Readonly<Record<string, (run: Run, vault: VaultAccess) => Promise<VaultReply>>> = {
  async list(_, vault) {
    if (await vault.openQuietly() === "absent") {
      return { secrets: [], message: "there is no vault yet" };
    }
    await vault.open();
    const { secrets, problems } = await vault.call("list", null);
    const trouble = problems.map(({ message }) => `; ${message}`).join("");
    return { secrets, message: `${count(secrets)}${trouble}` };
  },
  async set(run, vault) {
    const name = namedPosition(run, "secret's name");
    const provider = providerOf(name);
    const typed = optionValues(run.line, "--origin");
    const origins = typed.length === 0 && provider?.origin ? [provider.origin] : typed;
    const where = optionValue(run.line, "--placement") ?? provider?.placement ??
      "authorization: Bearer {}";
    const placement = origins.length > 0 ? where : "";
    const value = await vault.readSecret(`Value of ${described(name, origins)}: `, "--stdin");
    const isOwn = run.line.rest.includes("--own-passphrase");
    const ownPassphrase = isOwn ? await askOwnPassphrase(run, name) : undefined;
    await vault.ensure();
    await vault.call("set", { name, origins, placement, value, ownPassphrase });
    run.security("vault.set", { name, origins });
    return { message: `${name} is kept` };
  },
  async rm(run, vault) {
    const name = namedPosition(run, "secret's name");
    await vault.open();
    await vault.call("remove", { name });
    run.security("vault.remove", { name });
    return { message: `${name} is removed` };
  },
  async rotate(run, vault) {
    const name = position(run);
    const passphrase = await vault.open();
    if (name === undefined) {
      await vault.call("rotateIdentity", { passphrase });
      run.security("vault.rotate_identity");
      return { message: "the vault has a new identity; every secret is encrypted to it" };
    }
    const { secrets } = await vault.call("list", null);
    const kept = secrets.find((secret) => secret.name === name);
    if (!kept) throw new KernelError("usage", `there is no secret ${name}`, "see pyra vault list");
    const question = `New value of ${described(name, kept.origins)}: `;
    const value = await vault.readSecret(question, "--stdin");
    const ownPassphrase = kept.locked ? await askOwnPassphrase(run, name) : undefined;
    await vault.call("rotateSecret", { name, value, ownPassphrase });
    run.security("vault.rotate", { name });
    return { message: `${name} has a new value` };
  },
  async unlock(run, vault) {
    const forMs = durationOf(run.line, "--for") ?? null;
    const opened = await vault.open();
    const { secrets } = await vault.call("list", null);
    const passphrase = await vault.takesPassphrase() ? opened ?? null : null;
    const { openInDaemon } = await import("./daemon/vault_key.ts");
    const where = await openInDaemon(run.profile, { passphrase, forMs });
    return { message: `the vault ${where ?? "opens"}; it keeps ${count(secrets)}` };
  },
  async lock({ profile }, vault) {
    await vault.call("lock", null);
    const { lockInDaemon } = await import("./daemon/vault_key.ts");
    const who = await lockInDaemon(profile)
      ? "the daemon forgot it"
      : "no run of Pyra keeps it open";
    return { message: `the vault is locked; ${who}` };
  },
  async recipients(run, vault) {
    await vault.open();
    const add = optionValues(run.line, "--add");
    const remove = optionValues(run.line, "--remove");
    if (add.length + remove.length > 0) run.security("vault.recipients", { add, remove });
    const recipients = await vault.call("changeRecipients", { add, remove });
    return { recipients, message: "every secret is encrypted to these" };
  },
  async import(run, vault) {
    const bytes = await readBundle(absolutePath(run.workspace, namedPosition(run, "file")));
    await vault.ensure();
    const replace = run.line.rest.includes("--replace");
    const take = (passphrase?: string) =>
      vault.call("importBundle", { bytes, replace, passphrase });
    // It is for this vault, or behind the passphrase that a script gave, or one is asked for.
    const names = await take(vault.givenPassphrase()).catch(async (error) => {
      if (!(error instanceof KernelError) || error.code !== "wrong_passphrase") throw error;
      return await take(await run.terminal.askSecret("Passphrase of that file: "));
    });
    run.security("vault.import", { names });
    return { message: `imported ${count(names)}` };
  },
  async export(run, vault) {
    const typed = optionValue(run.line, "--output");
    if (typed === undefined) throw new KernelError("usage", "--output FILE is missing");
    const path = absolutePath(run.workspace, typed);
    if (await Deno.stat(path).then(() => true, () => false)) {
      throw new KernelError("usage", `${path} is there already`, "name another file");
    }
    const recipients = optionValues(run.line, "--recipient");
    await vault.open();
    const lock = recipients.length > 0
      ? { recipients }
      : { passphrase: await vault.newPassphrase() };
    await writeAtomically(path, await vault.call("exportBundle", lock), 0o600);
    run.security("vault.export", { path });
    return { message: `the secrets are in ${path}, encrypted; the age program opens it` };
  },
  async passphrase(run, vault) {
    const { mode: present } = await vault.call("status", null);
    const mode = vault.namedMode() ?? present ?? "passphrase";
    await vault.open();
    await vault.call("changeMode", await vault.keepingIn(mode));
    run.security("vault.mode", { mode });
    const kept = `the vault's identity is kept by ${mode}`;
    return { message: mode === "passphrase" ? "the vault has a new passphrase" : kept };
  },
};

/** What cannot be done is told before a passphrase is asked for. @throws {KernelError} `no_daemon` */
async function refuseIfNobodyKeeps({ line, profile }: Run): Promise<void> {
  if (durationOf(line, "--for") === undefined) return;
  const { findInstance } = await import("./daemon/instance.ts");
  if (await findInstance(profile)) return;
  const hint = "pyra daemon start starts it";
  throw new KernelError("no_daemon", "no daemon runs that could keep the vault open", hint);
}

/** The provider whose key a secret is, if it is one. */
function providerOf(name: string): ProviderOrigin | undefined {
  const id = /^provider:(.+)$/.exec(name)?.[1];
  return id !== undefined && Object.hasOwn(PROVIDER_ORIGINS, id) ? PROVIDER_ORIGINS[id] : undefined;
}

/** A secret's name, and where it goes. */
function described(name: string, origins: readonly string[]): string {
  const where = origins.length > 0 ? `sent to ${origins.join(", ")} only` : "sent nowhere";
  return `${sanitise(name)}, ${sanitise(where)}`;
}

async function askOwnPassphrase(run: Run, name: string): Promise<string> {
  return await run.terminal.askSecret(`A passphrase for ${sanitise(name)} alone: `);
}

async function readBundle(path: string): Promise<Uint8Array> {
  try {
    const { size } = await Deno.stat(path);
    if (size > BUNDLE_LIMIT_BYTES) throw new KernelError("usage", `${path} is too large`);
    return await Deno.readFile(path);
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw new KernelError("usage", `${path} cannot be read`, "check the path", cause);
  }
}
