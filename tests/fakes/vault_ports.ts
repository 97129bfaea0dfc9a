import type { VaultPorts } from "../../src/protocol/vault_calls.ts";
import { VaultError } from "../../src/vault/error.ts";

/** A key store and a gpg in memory; `fail` makes every call refuse. */
export class FakePorts {
  kept: string | null = null;
  fail: string | undefined;
  readonly calls: string[] = [];

  /** The function that a vault is given. */
  readonly ports: VaultPorts = (method, params) => {
    this.calls.push(method);
    if (this.fail !== undefined) return Promise.reject(new VaultError("backend", this.fail));
    // The table's types are those of the methods; TypeScript cannot follow the index.
    return Promise.resolve(this.#answers[method](params as never)) as Promise<never>;
  };

  readonly #answers = {
    keystoreLoad: () => this.kept,
    keystoreStore: ({ text }: { text: string }) => {
      this.kept = text;
      return null;
    },
    keystoreRemove: () => {
      this.kept = null;
      return null;
    },
    // A rotation by one stands for encryption: what the vault must not do is look inside.
    gpgEncrypt: ({ text, key }: { text: string; key: string }) =>
      new TextEncoder().encode(`${key}\n${text}`).map((byte) => (byte + 1) % 256),
    gpgDecrypt: (bytes: Uint8Array) => {
      const text = new TextDecoder().decode(bytes.map((byte) => (byte + 255) % 256));
      return text.slice(text.indexOf("\n") + 1);
    },
  };
}
