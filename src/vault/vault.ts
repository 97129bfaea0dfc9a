/**
 * One vault: who may have which secret, and the changes to them.
 *
 * A change of one secret is one atomic write. A change of several files goes in steps of which each
 * is atomic and may be repeated, in an order in which every secret can be read after each of them;
 * the first step leaves a mark, and the next unlock goes through the rest.
 * @module
 */
import { readBinding, readOrigin } from "./binding.ts";
import { openBundle, sealBundle } from "./bundle.ts";
import type { EnvironmentKey, ReleaseCalls, SecretProblem, VaultCalls } from "./calls.ts";
import { VaultError } from "./error.ts";
import { Folder } from "./folder.ts";
import { IdentityStore, type Keeping, newKeyPair, type VaultPorts } from "./identity.ts";
import { RECIPIENTS_FILE, UNFINISHED_FILE } from "./paths.ts";
import { readRecipient } from "./recipients.ts";
import { ScryptRecipient } from "./scrypt.ts";
import { checkValue, lockValue, openValue, ownPassphraseNeeded } from "./secret.ts";
import { foreignFile, isAgeFile, noSecret, secretFile, Secrets } from "./secrets.ts";

const RECIPIENTS_CHANGE = "Secrets are being encrypted anew. The next unlock finishes it.\n";
const MODE_CHANGE = "The identity is being kept in another way. The next unlock finishes it.\n";

/** What a vault may be told when it is made. */
export interface VaultOptions {
  /** Keys that are not stored, by the secret's name. */
  readonly environmentKeys?: Readonly<Record<string, EnvironmentKey>>;
  /** Of new passphrase files, a power of two, for tests; age's default otherwise. */
  readonly workFactor?: number;
}

type Calls = VaultCalls & ReleaseCalls;
type Served = { [M in keyof Calls]: (params: Given<M>) => Answer<M> };
/** The parameters of a call. */
type Given<M extends keyof Calls> = Parameters<Calls[M]>[0];
/** What a call answers. */
type Answer<M extends keyof Calls> = Promise<ReturnType<Calls[M]>>;

/** A vault in a folder. The calls, their parameters and their errors are described in `calls.ts`. */
export class Vault implements Served {
  readonly #folder: Folder;
  readonly #identity: IdentityStore;
  readonly #secrets: Secrets;
  readonly #environment: Map<string, EnvironmentKey>;
  readonly #workFactor: number | undefined;
  /** What was opened of secrets with a passphrase of their own, by the locked value. */
  readonly #opened = new Map<string, string>();

  /** @param folder the absolute path of the vault's folder */
  constructor(folder: string, ports: VaultPorts, options: VaultOptions = {}) {
    this.#folder = new Folder(folder);
    this.#identity = new IdentityStore(this.#folder, ports, options.workFactor);
    this.#secrets = new Secrets(this.#folder);
    this.#environment = new Map(Object.entries(options.environmentKeys ?? {}));
    this.#workFactor = options.workFactor;
  }

  async status(): Answer<"status"> {
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
      if (names.length > 0 || foreign.some(isAgeFile)) {
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
    return await this.#change(() => this.#secrets.write(secret));
  }

  async remove({ name }: Given<"remove">): Answer<"remove"> {
    this.#secrets.own();
    const file = secretFile(name);
    return await this.#change(async () => {
      if (!await this.#folder.remove(file)) throw noSecret(name);
    });
  }

  async rotateSecret(
    { name, value, ownPassphrase }: Given<"rotateSecret">,
  ): Answer<"rotateSecret"> {
    return await this.#change(async () => {
      const secret = await this.#secrets.read(name);
      checkValue(value, secret.placement);
      if (secret.locked) await openValue(secret, ownPassphrase);
      const kept = await this.#keep(value, secret.locked ? ownPassphrase : undefined);
      await this.#secrets.write({ ...secret, ...kept, rotated: new Date().toISOString() });
    });
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
    if (secret.locked) this.#opened.set(secret.value, await openValue(secret, passphrase));
    return null;
  }

  bindEnvironmentOrigin(given: Given<"bindEnvironmentOrigin">): Answer<"bindEnvironmentOrigin"> {
    const { name, origin } = given;
    const key = this.#environment.get(name);
    if (!key) throw noSecret(name);
    this.#environment.set(name, { ...key, origins: [...key.origins, readOrigin(origin)] });
    return Promise.resolve(null);
  }

  async exportBundle(to: Given<"exportBundle">): Answer<"exportBundle"> {
    return await sealBundle(await this.#secrets.readAll(), to, this.#workFactor);
  }

  async importBundle(from: Given<"importBundle">): Answer<"importBundle"> {
    this.#secrets.own();
    const secrets = await openBundle(from, this.#secrets.pairs);
    const names = secrets.map(({ name }) => name);
    return await this.#folder.exclusively(async () => {
      const present = (await this.#secrets.list()).names;
      const taken = from.replace ? [] : names.filter((name) => present.includes(name));
      if (taken.length > 0) {
        const message = `there are secrets of these names: ${taken.join(", ")}`;
        throw new VaultError("exists", message, "add --replace to replace them");
      }
      for (const secret of secrets) await this.#secrets.write(secret);
      return names;
    });
  }

  async release({ name, origin }: Given<"release">): Answer<"release"> {
    const environment = this.#environment.get(name);
    const secret = environment ? { ...environment, locked: false } : await this.#secrets.read(name);
    const { origins, placement } = readBinding(secret.origins, secret.placement);
    if (!origins.includes(origin)) {
      const hint = "bind it by entering the secret again with --origin";
      throw new VaultError("origin_unbound", `${name} may not go to that origin`, hint);
    }
    const value = secret.locked ? this.#opened.get(secret.value) : secret.value;
    if (value === undefined) throw ownPassphraseNeeded(name);
    checkValue(value, placement);
    return { value, placement };
  }

  /** Nothing is told of the secret but whether `release` would give it. */
  async ready(params: Given<"ready">): Answer<"ready"> {
    await this.release(params);
    return null;
  }

  async #change(work: () => Promise<void>): Promise<null> {
    await this.#folder.exclusively(work);
    return null;
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

  /** A value as its file keeps it. */
  async #keep(value: string, passphrase?: string): Promise<{ value: string; locked: boolean }> {
    if (passphrase === undefined) return { value, locked: false };
    const recipient = new ScryptRecipient(passphrase, this.#workFactor);
    return { value: await lockValue(value, recipient), locked: true };
  }
}
