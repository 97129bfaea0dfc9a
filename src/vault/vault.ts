/**
 * One vault while it is used: who may have which secret, and the changes to them.
 *
 * A change of one secret is one atomic write. A change of several files leaves a mark first, and goes
 * in steps of which each is atomic and may be repeated, in an order in which every secret can be read
 * after each of them; where the mark is there, the next unlock goes through the steps again.
 * @module
 */
import { armor } from "age-encryption";
import type { SecretSummary } from "../protocol/kernel_calls.ts";
import type { Answer, Given, Keeping, VaultService } from "../protocol/vault_calls.ts";
import { checkRecipient, open, scryptIdentity, scryptRecipient, seal } from "./age_file.ts";
import { checkValue, readBinding, releaseTo } from "./binding.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import { dropOthers, type Keeper, keyPair, loadKeys, saveKeys } from "./identity.ts";
import { UNFINISHED_FILE } from "./paths.ts";
import { formatSecrets, parseSecrets, type Secret, secretFile, Secrets } from "./secrets.ts";

const MARK = "A change of several files is under way. The next unlock finishes it.\n";

type Unlocked = Omit<SecretSummary, "locked">;

/** The calls, their parameters and their errors are described in `protocol/vault_calls.ts`. */
export class Vault implements VaultService {
  readonly #keeper: Keeper;
  readonly #folder: Folder;
  readonly #secrets: Secrets;
  /** What was opened of secrets with a passphrase of their own, by the locked value. */
  readonly #opened = new Map<string, string>();

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
    this.#folder = keeper.folder;
    this.#secrets = new Secrets(keeper.folder);
  }

  async status(): Answer<"status"> {
    const status = await this.#folder.status();
    return this.#secrets.pairs.length > 0 ? { ...status, state: "open" } : status;
  }

  async create(keeping: Given<"create">): Answer<"create"> {
    using _lock = await this.#folder.lock();
    if (await this.#folder.mode()) throw new VaultError("exists", "there is a vault already");
    if ((await this.#folder.secretFiles()).length > 0) {
      throw new VaultError("corrupt", "there are secrets without their identity", "restore it");
    }
    const own = await keyPair();
    // Without an identity there is no vault yet, so a kill in between does no harm.
    await this.#secrets.setRecipients(own, []);
    await saveKeys(this.#keeper, keeping, [own]);
    this.#secrets.pairs = [own];
  }

  async unlock({ passphrase }: Given<"unlock">): Answer<"unlock"> {
    await this.#load(passphrase);
    if (!await this.#folder.has(UNFINISHED_FILE)) return { unfinished: null };
    try {
      using _lock = await this.#folder.lock();
      // Loaded anew: the change may have been under way just now, and be over.
      const keeping = await this.#load(passphrase);
      await dropOthers(this.#keeper, keeping.mode);
      await this.#encryptAnew(await this.#secrets.others(), keeping);
      await this.#folder.remove(UNFINISHED_FILE);
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
    return Promise.resolve();
  }

  async list(): Answer<"list"> {
    this.#secrets.own();
    const list: Awaited<Answer<"list">> = { secrets: [], problems: [] };
    for (const file of await this.#folder.secretFiles()) {
      try {
        const { value: _, ...summary } = await this.#secrets.read(file);
        list.secrets.push(summary);
      } catch (error) {
        if (!(error instanceof VaultError) || error.code !== "corrupt") throw error;
        list.problems.push({ name: file, message: error.message });
      }
    }
    return list;
  }

  async set({ name, value, origins, placement, ownPassphrase }: Given<"set">): Answer<"set"> {
    this.#secrets.own();
    const now = new Date().toISOString();
    const secret = { name, ...readBinding(origins, placement), created: now, rotated: now };
    const whole = await this.#withValue(secret, value, ownPassphrase);
    using _lock = await this.#folder.lock();
    await this.#secrets.write(whole);
  }

  async remove({ name }: Given<"remove">): Answer<"remove"> {
    this.#secrets.own();
    using _lock = await this.#folder.lock();
    if (await this.#folder.remove(secretFile(name))) return;
    throw new VaultError("no_secret", `there is no secret ${name}`, "run pyra vault list");
  }

  async rotateSecret(given: Given<"rotateSecret">): Answer<"rotateSecret"> {
    using _lock = await this.#folder.lock();
    const former = await this.#secrets.read(secretFile(given.name));
    const passphrase = former.locked ? given.ownPassphrase : undefined;
    if (former.locked) await openValue(former, passphrase);
    const secret = await this.#withValue(former, given.value, passphrase);
    await this.#secrets.write({ ...secret, rotated: new Date().toISOString() });
  }

  async rotateIdentity({ passphrase }: Given<"rotateIdentity">): Answer<"rotateIdentity"> {
    this.#secrets.own();
    using _lock = await this.#folder.lock();
    const keeping = await this.#load(passphrase);
    const others = await this.#secrets.others();
    await this.#secrets.readAll(); // what could stop the change half-way is found before it begins
    const both = [await keyPair(), ...this.#secrets.pairs];
    await this.#marked(async () => {
      await saveKeys(this.#keeper, keeping, both);
      this.#secrets.pairs = both;
      await this.#encryptAnew(others, keeping);
    });
  }

  async changeRecipients({ add, remove }: Given<"changeRecipients">): Answer<"changeRecipients"> {
    const own = this.#secrets.own().recipient;
    add.forEach(checkRecipient);
    using _lock = await this.#folder.lock();
    const present = await this.#secrets.others();
    if (!remove.every((key) => present.includes(key))) {
      const hint = "see pyra vault recipients; the vault's own changes with pyra vault rotate";
      throw new VaultError("refused", "there is no such further recipient", hint);
    }
    const others = new Set([...present, ...add]);
    for (const key of [own, ...remove]) others.delete(key);
    if (add.length + remove.length === 0) return [own, ...others];
    await this.#secrets.readAll(); // what could stop the change half-way is found before it begins
    await this.#marked(() => this.#encryptAnew([...others]));
    return [own, ...others];
  }

  async changeMode(keeping: Given<"changeMode">): Answer<"changeMode"> {
    this.#secrets.own();
    using _lock = await this.#folder.lock();
    await this.#secrets.others(); // refuses if another program rotated the identity
    await this.#marked(async () => {
      await saveKeys(this.#keeper, keeping, this.#secrets.pairs);
      await dropOthers(this.#keeper, keeping.mode);
    });
  }

  async unlockSecret({ name, passphrase }: Given<"unlockSecret">): Answer<"unlockSecret"> {
    const secret = await this.#secrets.read(secretFile(name));
    if (secret.locked) this.#opened.set(secret.value, await openValue(secret, passphrase));
  }

  async exportBundle({ recipients = [], passphrase }: Given<"exportBundle">): Promise<Uint8Array> {
    recipients.forEach(checkRecipient);
    const text = formatSecrets(await this.#secrets.readAll());
    if (recipients.length > 0) return await seal(text, recipients);
    return await seal(text, [scryptRecipient(passphrase, this.#keeper.workFactor)]);
  }

  async importBundle(given: Given<"importBundle">): Answer<"importBundle"> {
    this.#secrets.own();
    const own = this.#secrets.pairs.map(({ identity }) => identity);
    const keys = [scryptIdentity(given.passphrase), ...own];
    const secrets = parseSecrets("the import", await open("the import", given.bytes, keys));
    const names = secrets.map(({ name }) => name);
    using _lock = await this.#folder.lock();
    const present = await this.#folder.secretFiles();
    const taken = names.filter((name) => !given.replace && present.includes(secretFile(name)));
    if (taken.length > 0) {
      const message = `there are secrets of these names: ${taken.join(", ")}`;
      throw new VaultError("exists", message, "add --replace to replace them");
    }
    for (const secret of secrets) await this.#secrets.write(secret);
    return names;
  }

  async release({ name, origin }: Given<"release">): Answer<"release"> {
    const secret = await this.#secrets.read(secretFile(name));
    return releaseTo(origin, name, secret, this.#valueOf(secret));
  }

  async reveal({ name }: Given<"reveal">): Answer<"reveal"> {
    const secret = await this.#secrets.read(secretFile(name));
    if (!name.startsWith("plugin:") || secret.origins.length > 0) {
      throw new VaultError("refused", `${name} goes into requests only`);
    }
    const value = this.#valueOf(secret);
    if (value !== undefined) return value;
    throw new VaultError("own_passphrase", `${name} has a passphrase of its own`, "enter it");
  }

  /** Undefined for one whose own passphrase was not given. */
  #valueOf(secret: Secret): string | undefined {
    return secret.locked ? this.#opened.get(secret.value) : secret.value;
  }

  /** Takes the keys into memory; returns how they are kept. */
  async #load(passphrase: string | undefined): Promise<Keeping> {
    const { pairs, ...keeping } = await loadKeys(this.#keeper, passphrase);
    this.#secrets.pairs = pairs;
    return keeping;
  }

  /** Does steps that a kill may interrupt. An older mark stays: its steps are not done yet. */
  async #marked(steps: () => Promise<void>): Promise<void> {
    const isUnfinished = await this.#folder.has(UNFINISHED_FILE);
    await this.#folder.write(UNFINISHED_FILE, MARK);
    await steps();
    if (!isUnfinished) await this.#folder.remove(UNFINISHED_FILE);
  }

  /** Encrypts everything for the newest key and `others`; then, with `keeping`, drops older keys. */
  async #encryptAnew(others: readonly string[], keeping?: Keeping): Promise<void> {
    const own = this.#secrets.own();
    await this.#secrets.setRecipients(own, others);
    for (const secret of await this.#secrets.readAll()) await this.#secrets.write(secret);
    if (!keeping || this.#secrets.pairs.length === 1) return;
    await saveKeys(this.#keeper, keeping, [own]);
    this.#secrets.pairs = [own];
  }

  /** A secret with a new value, which is locked if there is a passphrase. @throws `refused` */
  async #withValue(secret: Unlocked, value: string, passphrase?: string): Promise<Secret> {
    checkValue(value, secret.placement);
    if (passphrase === undefined) return { ...secret, value, locked: false };
    const sealed = await seal(value, [scryptRecipient(passphrase, this.#keeper.workFactor)]);
    return { ...secret, value: armor.encode(sealed), locked: true };
  }
}

/** The value of a locked secret. @throws {VaultError} `own_passphrase`, `wrong_passphrase`, `corrupt` */
async function openValue({ name, value }: Secret, passphrase?: string): Promise<string> {
  if (passphrase === undefined) {
    throw new VaultError("own_passphrase", `${name} has a passphrase of its own`, "enter it");
  }
  return await open(name, new TextEncoder().encode(value), [scryptIdentity(passphrase)]);
}
