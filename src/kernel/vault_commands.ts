/**
 * `pyra vault …`. The app room parses the command line and hands over what it found; since that room
 * runs third-party code, each command is held against the command line itself: nothing is done to the
 * vault that the person did not type.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import type { SecretSummary, VaultMode, VaultReply } from "../protocol/kernel_calls.ts";
import { optionValues } from "./command_line.ts";
import { KernelError } from "./error.ts";
import { PROVIDER_ORIGINS, type ProviderOrigin } from "./origins.ts";
import { sanitise } from "./prompt.ts";
import type { Run } from "./run.ts";
import {
  callVault,
  ensureVault,
  givenPassphrase,
  lockedError,
  newPassphrase,
  openQuietly,
  openVault,
  readSecret,
  vaultStatus,
} from "./vault_access.ts";

const BUNDLE_LIMIT_BYTES = 16 * 1024 * 1024;

/** Runs a question with the person while no room of third-party code is alive. */
type Ask = (question: () => Promise<unknown>) => Promise<unknown>;

/** Does one vault command. @throws {KernelError} `boundary` if the command line does not say so */
export async function vaultCommand(
  run: Run,
  given: Readonly<Record<string, unknown>>,
  ask: Ask,
): Promise<unknown> {
  const [group, command] = run.line.words;
  if (group !== "vault" || command !== given["command"]) {
    throw new KernelError("boundary", "a vault command was not what the command line says");
  }
  const action = COMMANDS[command ?? ""];
  if (!action) {
    throw new KernelError("usage", `there is no vault command ${sanitise(command ?? "")}`);
  }
  // What needs nobody is answered at once; what may need the person stops the app room first.
  if (action.quiet) {
    const status = await vaultStatus(run);
    if (status.state === "absent" || await openQuietly(run, status)) return await action.act(run);
    if (!run.terminal.reachable()) throw lockedError();
  }
  return await ask(() => action.act(run));
}

/** The words after `vault <command>` that are no options, and no values of options. */
function positions(run: Run): string[] {
  const valued = [
    "--origin",
    "--placement",
    "--output",
    "--recipient",
    "--add",
    "--remove",
    "--vault",
  ];
  const words: string[] = [];
  const { rest } = run.line;
  for (let index = 2; index < rest.length; index++) {
    const word = rest[index] ?? "";
    if ([...valued, "--gpg-key"].includes(word)) index++;
    else if (!word.startsWith("-")) words.push(word);
  }
  return words;
}

function position(run: Run, what: string): string {
  const [word] = positions(run);
  if (word !== undefined) return word;
  throw new KernelError("usage", `the ${what} is missing`, `see pyra vault --help`);
}

function flag(run: Run, name: string): boolean {
  return run.line.rest.includes(name);
}

/** The secrets, and what in their folder is none. */
async function list(run: Run): Promise<Listing> {
  return await callVault(run, "list") as Listing;
}

interface Listing {
  readonly secrets: readonly SecretSummary[];
  readonly problems: readonly { readonly message: string }[];
}

function count(secrets: readonly unknown[]): string {
  return `${secrets.length} ${secrets.length === 1 ? "secret" : "secrets"}`;
}

interface Command {
  /** True if an open vault needs no question. */
  readonly quiet?: boolean;
  readonly act: (run: Run) => Promise<VaultReply>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  list: {
    quiet: true,
    async act(run) {
      if ((await vaultStatus(run)).state === "absent") {
        return { secrets: [], message: "there is no vault yet" };
      }
      await openVault(run);
      const { secrets, problems } = await list(run);
      const trouble = problems.map(({ message }) => `; ${message}`).join("");
      return { secrets, message: `${count(secrets)}${trouble}` };
    },
  },
  set: {
    async act(run) {
      const name = position(run, "secret's name");
      const provider = providerOf(name);
      const typed = optionValues(run.line.rest, "--origin");
      const origins = typed.length === 0 && provider?.origin ? [provider.origin] : typed;
      const [named = provider?.placement ?? "authorization: Bearer {}"] = optionValues(
        run.line.rest,
        "--placement",
      );
      const where = origins.length > 0 ? `sent to ${origins.join(", ")} only` : "sent nowhere";
      const placement = origins.length > 0 ? named : "";
      const question = `Value of ${sanitise(name)}, ${sanitise(where)}: `;
      const value = await readSecret(run, question, { fromStdin: flag(run, "--stdin") });
      const own = flag(run, "--own-passphrase") ? await ownPassphrase(run, name) : {};
      await ensureVault(run);
      await callVault(run, "set", { name, origins, placement, value, ...own });
      run.security("vault.set", { name, origins });
      return { message: `${name} is kept` };
    },
  },
  rm: {
    quiet: true,
    async act(run) {
      const name = position(run, "secret's name");
      await openVault(run);
      await callVault(run, "remove", { name });
      run.security("vault.remove", { name });
      return { message: `${name} is removed` };
    },
  },
  rotate: {
    async act(run) {
      const [name] = positions(run);
      const passphrase = await openVault(run);
      if (name === undefined) {
        await callVault(run, "rotateIdentity", passphrase === undefined ? {} : { passphrase });
        run.security("vault.rotate_identity");
        return { message: "the vault has a new identity; every secret is encrypted to it" };
      }
      const kept = (await list(run)).secrets.find((secret) => secret.name === name);
      if (!kept) {
        throw new KernelError("usage", `there is no secret ${name}`, "see pyra vault list");
      }
      const where = kept.origins.length > 0
        ? `sent to ${kept.origins.join(", ")} only`
        : "sent nowhere";
      const question = `New value of ${sanitise(name)}, ${sanitise(where)}: `;
      const value = await readSecret(run, question, { fromStdin: flag(run, "--stdin") });
      const own = kept.locked ? await ownPassphrase(run, name) : {};
      await callVault(run, "rotateSecret", { name, value, ...own });
      run.security("vault.rotate", { name });
      return { message: `${name} has a new value` };
    },
  },
  unlock: {
    quiet: true,
    async act(run) {
      await openVault(run);
      const { secrets } = await list(run);
      return { message: `the vault opens; it keeps ${count(secrets)}` };
    },
  },
  lock: {
    quiet: true,
    async act(run) {
      await callVault(run, "lock");
      return { message: "the vault is locked; no run of Pyra keeps it open" };
    },
  },
  recipients: {
    quiet: true,
    async act(run) {
      await openVault(run);
      const add = optionValues(run.line.rest, "--add");
      const remove = optionValues(run.line.rest, "--remove");
      if (add.length + remove.length > 0) {
        run.security("vault.recipients", { add, remove });
      }
      const recipients = await callVault(run, "changeRecipients", { add, remove }) as string[];
      return { recipients, message: "every secret is encrypted to these" };
    },
  },
  import: {
    async act(run) {
      const bytes = await readBundle(position(run, "file"));
      await ensureVault(run);
      const replace = flag(run, "--replace");
      const take = (passphrase?: string) =>
        callVault(run, "importBundle", {
          bytes,
          replace,
          ...(passphrase === undefined ? {} : { passphrase }),
        });
      // It is for this vault, or behind the passphrase that a script gave, or one is asked for.
      const names = await take(givenPassphrase(run)).catch((error) => {
        if (!(error instanceof KernelError) || error.code !== "wrong_passphrase") throw error;
        return run.terminal.ask("Passphrase of that file: ", { secret: true }).then(take);
      }) as string[];
      run.security("vault.import", { names });
      return { message: `imported ${count(names)}` };
    },
  },
  export: {
    async act(run) {
      const [path] = optionValues(run.line.rest, "--output");
      if (path === undefined) throw new KernelError("usage", "--output FILE is missing");
      if (await Deno.stat(path).then(() => true, () => false)) {
        throw new KernelError("usage", `${path} is there already`, "name another file");
      }
      const recipients = optionValues(run.line.rest, "--recipient");
      await openVault(run);
      const bytes = await callVault(
        run,
        "exportBundle",
        recipients.length > 0 ? { recipients } : { passphrase: await newPassphrase(run) },
      );
      if (!(bytes instanceof Uint8Array)) throw new KernelError("room", "the vault gave no bundle");
      await writeAtomically(path, bytes, 0o600);
      run.security("vault.export", { path });
      return { message: `the secrets are in ${path}, encrypted; the age program opens it` };
    },
  },
  passphrase: {
    async act(run) {
      const [named] = optionValues(run.line.rest, "--vault");
      const status = await vaultStatus(run);
      const mode = (named ?? status.mode ?? "passphrase") as VaultMode;
      await openVault(run);
      const [gpgKey] = optionValues(run.line.rest, "--gpg-key");
      await callVault(run, "changeMode", {
        mode,
        ...(mode === "passphrase" ? { passphrase: await newPassphrase(run) } : {}),
        ...(gpgKey === undefined ? {} : { gpgKey }),
      });
      run.security("vault.mode", { mode });
      return {
        message: mode === "passphrase"
          ? "the vault has a new passphrase"
          : `the vault's identity is kept by ${mode}`,
      };
    },
  },
};

/** The provider whose key a secret is, if it is one. */
function providerOf(name: string): ProviderOrigin | undefined {
  const id = /^provider:(.+)$/.exec(name)?.[1];
  return id !== undefined && Object.hasOwn(PROVIDER_ORIGINS, id) ? PROVIDER_ORIGINS[id] : undefined;
}

async function ownPassphrase(run: Run, name: string): Promise<{ ownPassphrase: string }> {
  const question = `A passphrase for ${sanitise(name)} alone: `;
  return { ownPassphrase: await run.terminal.ask(question, { secret: true }) };
}

async function readBundle(path: string): Promise<Uint8Array> {
  try {
    const { size } = await Deno.stat(path);
    if (size > BUNDLE_LIMIT_BYTES) throw new KernelError("usage", `${path} is too large`);
    return await Deno.readFile(path);
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw new KernelError("usage", `${path} cannot be read`, "check the path", { cause });
  }
}
