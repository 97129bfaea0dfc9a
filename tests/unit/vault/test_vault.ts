import type { EnvironmentKeys } from "../../../src/protocol/vault_calls.ts";
import { open, scryptIdentity } from "../../../src/vault/age_file.ts";
import { Folder } from "../../../src/vault/folder.ts";
import { SECRETS_FOLDER, VAULT_LOCK } from "../../../src/vault/paths.ts";
import { serveVault } from "../../../src/vault/serve.ts";
import { Vault } from "../../../src/vault/vault.ts";
import { FakePorts } from "../../fakes/vault_ports.ts";

/** A work factor that takes a millisecond. */
export const QUICK = 4;

/** A vault in a folder of its own, which goes when the test ends. */
export class TestVault implements AsyncDisposable {
  readonly root: string;
  readonly folder: string;
  readonly fake = new FakePorts();
  vault: Vault;

  private constructor(root: string) {
    this.root = root;
    this.folder = `${root}/vault`;
    this.vault = this.another();
  }

  static async make(): Promise<TestVault> {
    const test = new TestVault(await Deno.makeTempDir({ prefix: "vault_" }));
    await makeFolder(test.folder);
    return test;
  }

  /** One that is open, in key-file mode, with two bound secrets and one that is not. */
  static async filled(): Promise<TestVault> {
    const test = await TestVault.make();
    await test.vault.create({ mode: "keyfile" });
    await test.set("provider:one", "first-value");
    await test.set("provider:two", "second-value");
    await test.vault.set({ name: "note", value: "a few\nlines", origins: [], placement: "" });
    return test;
  }

  set(name: string, value: string, ownPassphrase?: string): Promise<void> {
    const binding = { origins: [ORIGIN], placement: "authorization: Bearer {}" };
    const own = ownPassphrase === undefined ? {} : { ownPassphrase };
    return this.vault.set({ name, value, ...binding, ...own });
  }

  async value(name: string): Promise<string> {
    return (await this.vault.release({ name, origin: ORIGIN })).value;
  }

  /** The same folder as another program sees it, locked. */
  another(): Vault {
    return new Vault({
      folder: new Folder(this.folder),
      ports: this.fake.ports,
      workFactor: QUICK,
    });
  }

  /** The vault behind its two channels. */
  serve(keys: EnvironmentKeys = {}): ReturnType<typeof serveVault> {
    return serveVault(new Folder(this.folder), keys, () => Promise.resolve(this.vault));
  }

  /** The text of the identity in key-file mode, read as a person would, and its file's name. */
  async keyFile(): Promise<{ text: string; path: string; passphrase: string }> {
    const path = this.path("identity.keyfile.age");
    const names = (await namesIn(this.folder)).filter((name) =>
      /^keyfile-[0-9a-f]{64}$/.test(name)
    );
    for (const name of names) {
      const passphrase = name.slice("keyfile-".length);
      const identity = scryptIdentity(passphrase);
      const text = await open("it", await Deno.readFile(path), [identity]).catch(() => undefined);
      if (text !== undefined) return { text, path, passphrase };
    }
    throw new Error("no name in the folder opens the key file");
  }

  path(file: string): string {
    return `${this.folder}/${file}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

/** Makes a vault's folder as the kernel does. */
export async function makeFolder(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/${SECRETS_FOLDER}`, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(`${folder}/${VAULT_LOCK.name}`, VAULT_LOCK.content, {
    mode: VAULT_LOCK.mode,
  });
}

/** Where the test secrets may go. */
export const ORIGIN = "https://api.example.com";

/** The code of what `work` is refused with. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(error.code);
    throw error;
  }
  return "none";
}

/** The names in a folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}
