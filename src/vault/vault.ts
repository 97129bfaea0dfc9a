/**
 * One vault: which secrets there are, who may have them, and the changes to them.
 *
 * A change of one secret is one atomic write. A change of several files goes in steps of which each
 * is atomic and may be repeated, in an order in which every secret can be read after each of them;
 * the first step leaves a mark, and the next unlock goes through the rest.
 * @module
 */
import { generateX25519Identity } from "age-encryption";
import type { SecretSummary, VaultStatus } from "../kernel/calls.ts";
import { open, seal, sealArmored } from "./age_file.ts";
import { readBinding, readOrigin } from "./binding.ts";
import type { EnvironmentKey, SecretProblem } from "./calls.ts";
import { VaultError } from "./error.ts";
import { Folder, secretFile } from "./folder.ts";
import {
  IdentityStore,
  type Keeping,
  type KeyPair,
  keyPair,
  needPassphrase,
  parseIdentities,
  type VaultPorts,
} from "./identity.ts";
import { AGE_ENDING, RECIPIENTS_FILE, UNFINISHED_FILE } from "./paths.ts";
import {
  formatRecipients,
  missingRecipients,
  parseRecipients,
  readRecipient,
} from "./recipients.ts";
import { ScryptIdentity, ScryptRecipient } from "./scrypt.ts";
import {
  checkValue,
  formatBundle,
  formatSecret,
  parseBundle,
  parseSecret,
  type Secret,
} from "./secret.ts";

/** Limit of a bundle to import, bytes. */
export const BUNDLE_LIMIT_BYTES = 64 * 1024 * 1024;
/** Holds public keys only, and a person may edit it. */
const RECIPIENTS_MODE = 0o600;

const RECIPIENTS_CHANGE = "Secrets are being encrypted anew. The next unlock finishes it.\n";
const MODE_CHANGE = "The identity is being kept in another way. The next unlock finishes it.\n";

/** What a vault may be told when it is made. */
export interface VaultOptions {
  /** Keys that are not stored, by the secret's name. */
  readonly environmentKeys?: Readonly<Record<string, EnvironmentKey>>;
  /** Of new passphrase files, a power of two, for tests; age's default otherwise. */
  readonly workFactor?: number;
}

/** How a bundle is opened, and whether its secrets may take the place of others. */
export interface ImportOptions {
  readonly passphrase?: string | undefined;
  /** The text of an age identity file, if it is not the vault's own. */
  readonly identity?: string | undefined;
  readonly replace: boolean;
}

/** A vault in a folder. Its methods are those of `VaultCalls`, where their errors are listed. */
export class Vault {
  readonly #folder: Folder;
  readonly #identity: IdentityStore;
  readonly #environment: Map<string, EnvironmentKey>;
  readonly #workFactor: number | undefined;
  /** The keys while the vault is open, newest first. */
  #pairs: readonly KeyPair[] = [];
  /** Values of secrets with a passphrase of their own that were opened. */
  readonly #opened = new Map<string, string>();

  /** @param folder the absolute path of the vault's folder */
  constructor(folder: string, ports: VaultPorts, options: VaultOptions = {}) {
    this.#folder = new Folder(folder);
    this.#identity = new IdentityStore(this.#folder, ports, options.workFactor);
    this.#environment = new Map(Object.entries(options.environmentKeys ?? {}));
    this.#workFactor = options.workFactor;
  }

  async status(): Promise<VaultStatus> {
    const mode = await this.#identity.mode();
    const { names } = await this.#folder.list();
    const recipients = await this.#recipients().catch((cause) => {
      if (cause instanceof VaultError) return []; // said by whatever needs them
      throw cause;
    });
    const state = !mode ? "absent" : this.#pairs.length === 0 ? "locked" : "open";
    return { state, mode, secrets: names.length, recipients };
  }

  async create(keeping: Keeping): Promise<void> {
    await this.#folder.make();
    await this.#folder.exclusively(async () => {
      if (await this.#identity.mode()) {
        throw new VaultError("exists", "there is a vault already", "run pyra vault status");
      }
      const { names, foreign } = await this.#folder.list();
      if (names.length + foreign.length > 0) {
        throw new VaultError(
          "identity_missing",
          "there are secrets without the identity that opens them",
          "restore the identity from a backup, or move the vault's secrets away",
        );
      }
      const pair = await keyPair(await generateX25519Identity());
      // First the list: without an identity there is no vault yet, and a kill in between does no harm.
      await this.#folder.write(
        RECIPIENTS_FILE,
        formatRecipients(pair.recipient, []),
        RECIPIENTS_MODE,
      );
      await this.#identity.save(keeping, [pair]);
      this.#pairs = [pair];
    });
  }

  /** Returns why an interrupted change could not be finished, if there was one and it could not. */
  async unlock(passphrase?: string): Promise<string | undefined> {
    const { pairs } = await this.#identity.load(passphrase);
    this.#pairs = pairs;
    if (pairs.length === 1 && !await this.#folder.has(UNFINISHED_FILE)) return undefined;
    try {
      await this.#folder.exclusively(async () => {
        // Read anew: the change may have been under way just now, and be over.
        const { keeping, pairs } = await this.#identity.load(passphrase);
        this.#pairs = pairs;
        const mark = await this.#folder.read(UNFINISHED_FILE);
        if (mark && new TextDecoder().decode(mark) === MODE_CHANGE) {
          await this.#identity.dropOthers(keeping.mode);
        }
        if (mark || pairs.length > 1) await this.#settle(keeping);
      });
      return undefined;
    } catch (cause) {
      if (cause instanceof VaultError) return cause.message;
      throw cause;
    }
  }

  /** JavaScript cannot overwrite a string: what is forgotten here goes with the next collection. */
  lock(): void {
    this.#pairs = [];
    this.#opened.clear();
  }

  async list(): Promise<{ secrets: SecretSummary[]; problems: SecretProblem[] }> {
    await this.#requireOpen();
    const secrets: SecretSummary[] = [];
    const { names, foreign } = await this.#folder.list();
    const problems: SecretProblem[] = foreign.map((name) => (
      { name, code: "foreign_file", message: foreignFile(name).message }
    ));
    for (const name of names) {
      try {
        const { value: _, ...summary } = await this.#read(name);
        secrets.push(summary);
      } catch (cause) {
        if (!(cause instanceof VaultError) || cause.code !== "corrupt") throw cause;
        problems.push({ name, code: cause.code, message: cause.message });
      }
    }
    return { secrets, problems };
  }

  async set(
    name: string,
    value: string,
    origins: readonly string[],
    placement: string,
    ownPassphrase?: string,
  ): Promise<void> {
    await this.#requireOpen();
    secretFile(name);
    const binding = readBinding(origins, placement);
    checkValue(value, binding.placement);
    const now = new Date().toISOString();
    const kept = await this.#keepValue(value, ownPassphrase);
    await this.#folder.exclusively(() =>
      this.#write({ name, ...binding, ...kept, created: now, rotated: now })
    );
    this.#opened.delete(name);
  }

  async remove(name: string): Promise<void> {
    await this.#requireOpen();
    const file = secretFile(name);
    if (!await this.#folder.exclusively(() => this.#folder.remove(file))) throw noSecret(name);
    this.#opened.delete(name);
  }

  async rotateSecret(name: string, value: string, ownPassphrase?: string): Promise<void> {
    const secret = await this.#read(name);
    checkValue(value, secret.placement);
    if (secret.locked) await this.#openOwn(secret, ownPassphrase);
    const kept = await this.#keepValue(value, secret.locked ? ownPassphrase : undefined);
    const rotated = new Date().toISOString();
    await this.#folder.exclusively(() => this.#write({ ...secret, ...kept, rotated }));
    this.#opened.delete(name);
  }

  async rotateIdentity(passphrase?: string): Promise<void> {
    await this.#requireOpen();
    await this.#folder.exclusively(async () => {
      const { keeping, pairs } = await this.#identity.load(passphrase);
      this.#pairs = pairs;
      // What could stop the change half-way is found before its first step.
      await this.#recipients();
      await this.#readAll();
      const fresh = await keyPair(await generateX25519Identity());
      await this.#identity.save(keeping, [fresh, ...pairs]);
      this.#pairs = [fresh, ...pairs];
      await this.#settle(keeping);
    });
  }

  async changeRecipients(add: readonly string[], remove: readonly string[]): Promise<string[]> {
    const [own] = await this.#requireOpen();
    const added = add.map(readRecipient);
    if (added.length + remove.length === 0) return await this.#recipients();
    return await this.#folder.exclusively(async () => {
      const anew = added.length > 0 && !await this.#folder.has(RECIPIENTS_FILE);
      const recipients = anew ? [] : await this.#recipients();
      const unknown = remove.find((key) => key === own.recipient || !recipients.includes(key));
      if (unknown !== undefined) {
        const hint = "run pyra vault recipients; the vault's own changes with pyra vault rotate";
        throw new VaultError("bad_recipient", "there is no such further recipient", hint);
      }
      const others = [...new Set([...recipients, ...added])]
        .filter((key) => !remove.includes(key) && !this.#isOwn(key));
      await this.#readAll();
      await this.#encryptAnew(others);
      if (this.#pairs.length === 1) await this.#folder.remove(UNFINISHED_FILE);
      return [own.recipient, ...others];
    });
  }

  async changeMode(keeping: Keeping): Promise<void> {
    await this.#requireOpen();
    await this.#folder.exclusively(async () => {
      await this.#recipients();
      const unfinished = await this.#folder.has(UNFINISHED_FILE);
      await this.#folder.write(UNFINISHED_FILE, MODE_CHANGE);
      await this.#identity.save(keeping, this.#pairs);
      await this.#identity.dropOthers(keeping.mode);
      if (!unfinished) await this.#folder.remove(UNFINISHED_FILE);
    });
  }

  async unlockSecret(name: string, passphrase: string): Promise<void> {
    const secret = await this.#read(name);
    if (secret.locked) this.#opened.set(name, await this.#openOwn(secret, passphrase));
  }

  bindEnvironmentOrigin(name: string, origin: string): void {
    const key = this.#environment.get(name);
    if (!key) throw noSecret(name);
    const origins = [...key.origins, readOrigin(origin)];
    this.#environment.set(name, { ...key, origins });
  }

  async exportBundle(recipients: readonly string[], passphrase?: string): Promise<Uint8Array> {
    await this.#requireOpen();
    if ((recipients.length > 0) === (passphrase !== undefined)) {
      throw new VaultError("bad_params", "an export is for recipients, or under a passphrase");
    }
    const keys = passphrase === undefined
      ? recipients.map(readRecipient)
      : [this.#scrypt(passphrase)];
    return await seal(formatBundle(await this.#readAll()), keys);
  }

  async importBundle(
    bytes: Uint8Array,
    options: ImportOptions,
  ): Promise<string[]> {
    await this.#requireOpen();
    const { passphrase, identity, replace } = options;
    if (bytes.length > BUNDLE_LIMIT_BYTES) {
      throw new VaultError("corrupt", "the bundle is larger than any that is exported");
    }
    const pairs = identity === undefined ? this.#pairs : await parseIdentities(identity);
    const keys = [new ScryptIdentity(passphrase), ...pairs.map(({ identity }) => identity)];
    const secrets = parseBundle(
      await open(
        bytes,
        keys,
        () =>
          passphrase === undefined
            ? new VaultError("wrong_identity", "the bundle was made for another identity")
            : new VaultError("wrong_passphrase", "this passphrase does not open the bundle"),
      ),
    );
    return await this.#folder.exclusively(async () => {
      const { names } = await this.#folder.list();
      const taken = secrets.map(({ name }) => name).filter((name) => names.includes(name));
      if (taken.length > 0 && !replace) {
        const message = "there are secrets of these names already";
        throw new VaultError("exists", message, "add --replace to replace them", { names: taken });
      }
      for (const secret of secrets) {
        await this.#write(secret);
        this.#opened.delete(secret.name);
      }
      return secrets.map(({ name }) => name);
    });
  }

  /** The value for a request to `origin`; a key from the environment comes before a stored one. */
  async release(name: string, origin: string): Promise<{ value: string; placement: string }> {
    const environment = this.#environment.get(name);
    const secret = environment ?? await this.#read(name);
    const { origins, placement } = readBinding(secret.origins, secret.placement);
    if (!origins.includes(origin)) {
      throw new VaultError(
        "origin_unbound",
        `${name} may not go to that origin`,
        "bind it by entering the secret again with --origin",
        { names: [name] },
      );
    }
    const value = "locked" in secret && secret.locked ? this.#opened.get(name) : secret.value;
    if (value === undefined) throw ownPassphrase(name);
    checkValue(value, placement);
    return { value, placement };
  }

  async #requireOpen(): Promise<readonly [KeyPair, ...KeyPair[]]> {
    const [first, ...older] = this.#pairs;
    if (first) return [first, ...older];
    if (await this.#identity.mode()) {
      throw new VaultError("locked", "the vault is locked", "unlock it");
    }
    throw new VaultError("absent", "there is no vault yet", "run pyra setup");
  }

  #isOwn(recipient: string): boolean {
    return this.#pairs.some((pair) => pair.recipient === recipient);
  }

  /**
   * The list of recipients. If the vault is open, it must be for a key that is in memory: else
   * another program rotated the identity, and what is in memory must not be written again.
   */
  async #recipients(): Promise<string[]> {
    const bytes = await this.#folder.read(RECIPIENTS_FILE);
    if (!bytes) throw missingRecipients();
    const recipients = parseRecipients(new TextDecoder().decode(bytes));
    if (this.#pairs.length > 0 && !recipients.some((key) => this.#isOwn(key))) {
      throw new VaultError(
        "locked",
        "another program changed the vault's identity",
        "unlock it anew",
      );
    }
    return recipients;
  }

  async #read(name: string): Promise<Secret> {
    const file = secretFile(name);
    const pairs = await this.#requireOpen();
    try {
      const bytes = await this.#folder.read(file);
      if (!bytes) throw noSecret(name);
      const text = await open(
        bytes,
        pairs.map(({ identity }) => identity),
        () => new VaultError("corrupt", "the file is encrypted for another identity"),
      );
      return parseSecret(text, name);
    } catch (cause) {
      if (!(cause instanceof VaultError) || cause.code !== "corrupt") throw cause;
      await this.#recipients().catch((reason) => {
        if (reason instanceof VaultError && reason.code === "locked") throw reason;
      });
      throw new VaultError(
        "corrupt",
        `${name} cannot be read: ${cause.message}`,
        "restore its file from a backup, or set it again",
        { names: [name], cause },
      );
    }
  }

  async #readAll(): Promise<Secret[]> {
    const { names, foreign } = await this.#folder.list();
    const [stranger] = foreign.filter((file) => file.toLowerCase().endsWith(AGE_ENDING));
    if (stranger !== undefined) throw foreignFile(stranger);
    const secrets: Secret[] = [];
    for (const name of names) secrets.push(await this.#read(name));
    return secrets;
  }

  async #write(secret: Secret): Promise<void> {
    const recipients = await this.#recipients();
    await this.#folder.write(secretFile(secret.name), await seal(formatSecret(secret), recipients));
  }

  /** Encrypts everything for the newest key and `others`, and leaves the mark. */
  async #encryptAnew(others: readonly string[]): Promise<void> {
    const [own] = await this.#requireOpen();
    await this.#folder.write(UNFINISHED_FILE, RECIPIENTS_CHANGE);
    const list = formatRecipients(own.recipient, others);
    await this.#folder.write(RECIPIENTS_FILE, list, RECIPIENTS_MODE);
    for (const secret of await this.#readAll()) await this.#write(secret);
  }

  /** The steps after the first of any change of several files; may be repeated. */
  async #settle(keeping: Keeping): Promise<void> {
    const [own, ...older] = await this.#requireOpen();
    const others = (await this.#recipients()).filter((key) => !this.#isOwn(key));
    await this.#encryptAnew(others);
    // Only now does nothing need the older keys.
    if (older.length > 0) await this.#identity.save(keeping, [own]);
    this.#pairs = [own];
    await this.#folder.remove(UNFINISHED_FILE);
  }

  #scrypt(passphrase: string): ScryptRecipient {
    if (passphrase === "") throw needPassphrase();
    return new ScryptRecipient(passphrase, this.#workFactor);
  }

  async #keepValue(
    value: string,
    passphrase: string | undefined,
  ): Promise<{ value: string; locked: boolean }> {
    if (passphrase === undefined) return { value, locked: false };
    return { value: await sealArmored(value, this.#scrypt(passphrase)), locked: true };
  }

  #openOwn({ name, value }: Secret, passphrase: string | undefined): Promise<string> {
    if (passphrase === undefined) throw ownPassphrase(name);
    return open(
      new TextEncoder().encode(value),
      [new ScryptIdentity(passphrase)],
      () => new VaultError("wrong_passphrase", `this passphrase does not open ${name}`),
    );
  }
}

function noSecret(name: string): VaultError {
  return new VaultError("no_secret", `there is no secret ${name}`, "run pyra vault list", {
    names: [name],
  });
}

function ownPassphrase(name: string): VaultError {
  return new VaultError("own_passphrase", `${name} has a passphrase of its own`, "enter it", {
    names: [name],
  });
}

function foreignFile(file: string): VaultError {
  return new VaultError(
    "foreign_file",
    `${file} among the vault's secrets is none of them`,
    "move it away",
    { names: [file] },
  );
}
