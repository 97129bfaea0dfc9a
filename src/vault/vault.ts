/**
 * One vault: who may have which secret, and the changes to them.
 *
 * A change of one secret is one atomic write. A change of several files goes in steps of which each
 * is atomic and may be repeated, in an order in which every secret can be read after each of them;
 * the first step leaves a mark, and the next unlock goes through the rest.
 * @module
 */
import { armor } from "age-encryption";
import type { VaultStatus } from "../kernel/calls.ts";
import { open, seal } from "./age_file.ts";
import { readBinding, readOrigin } from "./binding.ts";
import type { EnvironmentKey, ReleaseCalls, SecretProblem, VaultCalls } from "./calls.ts";
import { VaultError } from "./error.ts";
import { Folder } from "./folder.ts";
import {
  IdentityStore,
  type Keeping,
  newKeyPair,
  parseIdentities,
  type VaultPorts,
} from "./identity.ts";
import { RECIPIENTS_FILE, UNFINISHED_FILE } from "./paths.ts";
import { readRecipient } from "./recipients.ts";
import { ScryptIdentity, ScryptRecipient } from "./scrypt.ts";
import { checkValue, formatSecrets, parseSecrets, type Secret } from "./secret.ts";
import { foreignFile, noSecret, secretFile, Secrets } from "./secrets.ts";

const RECIPIENTS_CHANGE = "Secrets are being encrypted anew. The next unlock finishes it.\n";
const MODE_CHANGE = "The identity is being kept in another way. The next unlock finishes it.\n";

/** What a vault may be told when it is made. */
export interface VaultOptions {
  /** Keys that are not stored, by the secret's name. */
  readonly environmentKeys?: Readonly<Record<string, EnvironmentKey>>;
  /** Of new passphrase files, a power of two, for tests; age's default otherwise. */
  readonly workFactor?: number;
}

/** The parameters of a call. */
type Given<M extends keyof VaultCalls> = Parameters<VaultCalls[M]>[0];
/** What a call answers. */
type Answer<M extends keyof VaultCalls> = Promise<ReturnType<VaultCalls[M]>>;
/** Every call, as methods. */
type Served<C> = {
  [M in keyof C]: C[M] extends (params: infer P) => infer R ? (params: P) => Promise<R> : never;
};

/** A vault in a folder. The calls, their parameters and their errors are described in `calls.ts`. */
export class Vault implements Served<VaultCalls & ReleaseCalls> {
  readonly #folder: Folder;
  readonly #identity: IdentityStore;
  readonly #secrets: Secrets;
  readonly #environment: Map<string, EnvironmentKey>;
  readonly #workFactor: number | undefined;
  /** Values of secrets with a passphrase of their own that were opened. */
  readonly #opened = new Map<string, string>();

  /** @param folder the absolute path of the vault's folder */
  constructor(folder: string, ports: VaultPorts, options: VaultOptions = {}) {
    this.#folder = new Folder(folder);
    this.#identity = new IdentityStore(this.#folder, ports, options.workFactor);
    this.#secrets = new Secrets(this.#folder);
    this.#environment = new Map(Object.entries(options.environmentKeys ?? {}));
    this.#workFactor = options.workFactor;
  }

  async status(): Promise<VaultStatus> {
    const mode = await this.#identity.mode();
    const { names } = await this.#secrets.list();
    const recipients = await this.#secrets.recipients().catch((error) => {
      if (error instanceof VaultError) return []; // said by whatever needs them
      throw error;
    });
    const state = !mode ? "absent" : this.#secrets.pairs.length === 0 ? "locked" : "open";
    return { state, mode, secrets: names.length, recipients };
  }

  async create(keeping: Given<"create">): Answer<"create"> {
    await this.#folder.make();
    return await this.#change(async () => {
      if (await this.#identity.mode()) throw new VaultError("exists", "there is a vault already");
      const { names, foreign } = await this.#secrets.list();
      if (names.length + foreign.length > 0) {
        const message = "there are secrets without the identity that opens them";
        throw new VaultError("identity_broken", message, "restore it, or move the secrets away");
      }
      const pair = await newKeyPair();
      this.#secrets.pairs = [pair];
      try {
        // Without an identity there is no vault yet, so a kill in between does no harm.
        await this.#secrets.setRecipients([]);
        await this.#identity.save(keeping, [pair]);
      } catch (error) {
        this.#secrets.pairs = [];
        throw error;
      }
    });
  }

  async unlock({ passphrase }: Given<"unlock">): Answer<"unlock"> {
    const { pairs } = await this.#identity.load(passphrase);
    this.#secrets.pairs = pairs;
    if (pairs.length === 1 && !await this.#folder.has(UNFINISHED_FILE)) return { unfinished: null };
    try {
      await this.#change(async () => {
        // Read anew: the change may have been under way just now, and be over.
        const { keeping, pairs } = await this.#identity.load(passphrase);
        this.#secrets.pairs = pairs;
        const mark = await this.#folder.read(UNFINISHED_FILE);
        if (mark && new TextDecoder().decode(mark) === MODE_CHANGE) {
          await this.#identity.dropOthers(keeping.mode);
        }
        if (mark || pairs.length > 1) await this.#finish(keeping);
      });
      return { unfinished: null };
    } catch (error) {
      if (error instanceof VaultError) return { unfinished: error.message };
      throw error;
    }
  }

  /** JavaScript cannot overwrite a string: what is forgotten here goes with the next collection. */
  lock(): Answer<"lock"> {
    this.#secrets.pairs = [];
    this.#opened.clear();
    return Promise.resolve(null);
  }

  async list(): Answer<"list"> {
    this.#secrets.own();
    const { names, foreign } = await this.#secrets.list();
    const problems: SecretProblem[] = foreign.map((name) => (
      { name, message: foreignFile(name).message }
    ));
    const secrets = await Array.fromAsync(names, async (name) => {
      try {
        const { value: _, ...summary } = await this.#secrets.read(name);
        return [summary];
      } catch (error) {
        if (!(error instanceof VaultError) || error.code !== "corrupt") throw error;
        problems.push({ name, message: error.message });
        return [];
      }
    });
    return { secrets: secrets.flat(), problems };
  }

  async set({ name, value, origins, placement, ownPassphrase }: Given<"set">): Answer<"set"> {
    this.#secrets.own();
    secretFile(name);
    const binding = readBinding(origins, placement);
    checkValue(value, binding.placement);
    const now = new Date().toISOString();
    const kept = await this.#keep(value, ownPassphrase);
    const secret = { name, ...kept, ...binding, created: now, rotated: now };
    return await this.#change(() => this.#write(secret));
  }

  async remove({ name }: Given<"remove">): Answer<"remove"> {
    this.#secrets.own();
    const file = secretFile(name);
    this.#opened.delete(name);
    return await this.#change(async () => {
      if (!await this.#folder.remove(file)) throw noSecret(name);
    });
  }

  async rotateSecret(
    { name, value, ownPassphrase }: Given<"rotateSecret">,
  ): Answer<"rotateSecret"> {
    const secret = await this.#secrets.read(name);
    checkValue(value, secret.placement);
    if (secret.locked) await openOwn(secret, ownPassphrase);
    const kept = await this.#keep(value, secret.locked ? ownPassphrase : undefined);
    const rotated = new Date().toISOString();
    return await this.#change(() => this.#write({ ...secret, ...kept, rotated }));
  }

  async rotateIdentity({ passphrase }: Given<"rotateIdentity">): Answer<"rotateIdentity"> {
    this.#secrets.own();
    return await this.#change(async () => {
      const { keeping, pairs } = await this.#identity.load(passphrase);
      this.#secrets.pairs = pairs;
      // What could stop the change half-way is found before its first step.
      await this.#secrets.recipients();
      await this.#secrets.readAll();
      const both = [await newKeyPair(), ...pairs];
      await this.#identity.save(keeping, both);
      this.#secrets.pairs = both;
      await this.#finish(keeping);
    });
  }

  async changeRecipients({ add, remove }: Given<"changeRecipients">): Answer<"changeRecipients"> {
    const own = this.#secrets.own().recipient;
    const added = add.map(readRecipient);
    if (added.length + remove.length === 0) return await this.#secrets.recipients();
    return await this.#folder.exclusively(async () => {
      const isNew = added.length > 0 && !await this.#folder.has(RECIPIENTS_FILE);
      const present = isNew ? [] : await this.#secrets.recipients();
      if (remove.some((key) => this.#secrets.isOwn(key) || !present.includes(key))) {
        const hint =
          "see pyra vault recipients; the vault's own key changes with pyra vault rotate";
        throw new VaultError("refused", "there is no such further recipient", hint);
      }
      const others = [...new Set([...present, ...added])]
        .filter((key) => !remove.includes(key) && !this.#secrets.isOwn(key));
      await this.#secrets.readAll();
      await this.#encryptAnew(others);
      if (this.#secrets.pairs.length === 1) await this.#folder.remove(UNFINISHED_FILE);
      return [own, ...others];
    });
  }

  async changeMode(keeping: Given<"changeMode">): Answer<"changeMode"> {
    this.#secrets.own();
    return await this.#change(async () => {
      await this.#secrets.recipients();
      const wasUnfinished = await this.#folder.has(UNFINISHED_FILE);
      await this.#folder.write(UNFINISHED_FILE, MODE_CHANGE);
      await this.#identity.save(keeping, this.#secrets.pairs);
      await this.#identity.dropOthers(keeping.mode);
      if (!wasUnfinished) await this.#folder.remove(UNFINISHED_FILE);
    });
  }

  async unlockSecret({ name, passphrase }: Given<"unlockSecret">): Answer<"unlockSecret"> {
    const secret = await this.#secrets.read(name);
    if (secret.locked) this.#opened.set(name, await openOwn(secret, passphrase));
    return null;
  }

  bindEnvironmentOrigin(
    { name, origin }: Given<"bindEnvironmentOrigin">,
  ): Answer<"bindEnvironmentOrigin"> {
    const key = this.#environment.get(name);
    if (!key) throw noSecret(name);
    this.#environment.set(name, { ...key, origins: [...key.origins, readOrigin(origin)] });
    return Promise.resolve(null);
  }

  async exportBundle(
    { recipients = [], passphrase }: Given<"exportBundle">,
  ): Answer<"exportBundle"> {
    const secrets = await this.#secrets.readAll();
    if (passphrase === undefined ? recipients.length === 0 : recipients.length > 0) {
      throw new VaultError("bad_params", "an export is for recipients, or under a passphrase");
    }
    const keys = passphrase === undefined
      ? recipients.map(readRecipient)
      : [this.#scrypt(passphrase)];
    return await seal(formatSecrets(secrets), keys);
  }

  async importBundle(
    { bytes, passphrase, identity, replace }: Given<"importBundle">,
  ): Answer<"importBundle"> {
    this.#secrets.own();
    const pairs = identity === undefined ? this.#secrets.pairs : await parseIdentities(identity);
    const keys = [new ScryptIdentity(passphrase), ...pairs.map((pair) => pair.identity)];
    const secrets = parseSecrets(await open(bytes, keys));
    const names = secrets.map(({ name }) => name);
    return await this.#folder.exclusively(async () => {
      const present = (await this.#secrets.list()).names;
      const taken = replace ? [] : names.filter((name) => present.includes(name));
      if (taken.length > 0) {
        const message = `there are secrets of these names: ${taken.join(", ")}`;
        throw new VaultError("exists", message, "add --replace to replace them");
      }
      for (const secret of secrets) await this.#write(secret);
      return names;
    });
  }

  async release({ name, origin }: Parameters<ReleaseCalls["release"]>[0]): Promise<
    ReturnType<ReleaseCalls["release"]>
  > {
    const environment = this.#environment.get(name);
    const secret = environment ? { ...environment, locked: false } : await this.#secrets.read(name);
    const { origins, placement } = readBinding(secret.origins, secret.placement);
    if (!origins.includes(origin)) {
      const hint = "bind it by entering the secret again with --origin";
      throw new VaultError("origin_unbound", `${name} may not go to that origin`, hint);
    }
    const value = secret.locked ? this.#opened.get(name) : secret.value;
    if (value === undefined) throw ownPassphraseNeeded(name);
    checkValue(value, placement);
    return { value, placement };
  }

  async #change(work: () => Promise<void>): Promise<null> {
    await this.#folder.exclusively(work);
    return null;
  }

  async #write(secret: Secret): Promise<void> {
    await this.#secrets.write(secret);
    this.#opened.delete(secret.name);
  }

  /** Leaves the mark, and encrypts everything for the newest key and `others`. */
  async #encryptAnew(others: readonly string[]): Promise<void> {
    await this.#folder.write(UNFINISHED_FILE, RECIPIENTS_CHANGE);
    await this.#secrets.setRecipients(others);
    for (const secret of await this.#secrets.readAll()) await this.#secrets.write(secret);
  }

  /** The steps after the first of any change of several files. */
  async #finish(keeping: Keeping): Promise<void> {
    const own = this.#secrets.own();
    const recipients = await this.#secrets.recipients();
    await this.#encryptAnew(recipients.filter((key) => !this.#secrets.isOwn(key)));
    // Only now does nothing need the older keys.
    if (this.#secrets.pairs.length > 1) await this.#identity.save(keeping, [own]);
    this.#secrets.pairs = [own];
    await this.#folder.remove(UNFINISHED_FILE);
  }

  #scrypt(passphrase: string): ScryptRecipient {
    return new ScryptRecipient(passphrase, this.#workFactor);
  }

  /** A value as its file keeps it. */
  async #keep(value: string, passphrase?: string): Promise<{ value: string; locked: boolean }> {
    if (passphrase === undefined) return { value, locked: false };
    return { value: armor.encode(await seal(value, [this.#scrypt(passphrase)])), locked: true };
  }
}

function openOwn({ name, value }: Secret, passphrase: string | undefined): Promise<string> {
  if (passphrase === undefined) throw ownPassphraseNeeded(name);
  return open(new TextEncoder().encode(value), [new ScryptIdentity(passphrase)]);
}

function ownPassphraseNeeded(name: string): VaultError {
  return new VaultError("own_passphrase", `${name} has a passphrase of its own`, "enter it");
}
