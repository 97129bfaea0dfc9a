import { Vault, type VaultOptions } from "../../../src/vault/vault.ts";
import { FakePorts } from "../../fakes/vault_ports.ts";

/** A work factor that takes a millisecond. */
export const QUICK = 4;

/** A vault in a folder of its own, which goes when the test ends. */
export class TestVault implements AsyncDisposable {
  readonly root: string;
  readonly folder: string;
  readonly fake = new FakePorts();
  vault: Vault;

  private constructor(root: string, options: VaultOptions) {
    this.root = root;
    this.folder = `${root}/vault`;
    this.vault = new Vault(this.folder, this.fake.ports, { workFactor: QUICK, ...options });
  }

  static async make(options: VaultOptions = {}): Promise<TestVault> {
    return new TestVault(await Deno.makeTempDir({ prefix: "vault_" }), options);
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

  set(name: string, value: string, ownPassphrase?: string): Promise<null> {
    const binding = { origins: [ORIGIN], placement: "authorization: Bearer {}" };
    const own = ownPassphrase === undefined ? {} : { ownPassphrase };
    return this.vault.set({ name, value, ...binding, ...own });
  }

  async value(name: string): Promise<string> {
    return (await this.vault.release({ name, origin: ORIGIN })).value;
  }

  /** The same folder as another program sees it, locked. */
  another(): Vault {
    return new Vault(this.folder, this.fake.ports, { workFactor: QUICK });
  }

  path(file: string): string {
    return `${this.folder}/${file}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
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
