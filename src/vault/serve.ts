/**
 * The vault behind its two channels. Callers are not trusted: every parameter is checked here, and
 * nothing but a `VaultError` goes back.
 * @module
 */
import type { Channel, Handler } from "../rpc/channel.ts";
import type { VaultMode } from "../kernel/calls.ts";
import type { ReleaseCalls, VaultCalls, VaultPortCalls } from "./calls.ts";
import { VaultError } from "./error.ts";
import type { VaultPorts } from "./identity.ts";
import type { Vault } from "./vault.ts";

/** How long the kernel may take over a key store or gpg, ms: they may ask the person. */
const PROGRAM_LIMIT_MS = 200_000;

/** The fields of a call's parameters. A message names the field and never shows what it held. */
class Params {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(value: unknown) {
    this.#fields = new Map(Object.entries(typeof value === "object" && value ? value : {}));
  }

  text(field: string): string {
    const value = this.#fields.get(field);
    if (typeof value !== "string") throw badParam(field, "a text");
    return value;
  }

  texts(field: string): string[] {
    const values: unknown = this.#fields.get(field);
    if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) {
      throw badParam(field, "a list of texts");
    }
    return values;
  }

  flag(field: string): boolean {
    const value = this.#fields.get(field);
    if (typeof value !== "boolean") throw badParam(field, "true or false");
    return value;
  }

  bytes(field: string): Uint8Array {
    const value = this.#fields.get(field);
    if (!(value instanceof Uint8Array)) throw badParam(field, "bytes");
    return value;
  }

  mode(): VaultMode {
    const mode = this.text("mode");
    if (mode !== "passphrase" && mode !== "gpg" && mode !== "keystore" && mode !== "keyfile") {
      throw badParam("mode", "one of the vault's modes");
    }
    return mode;
  }

  optional(field: string): string | undefined {
    return this.#fields.get(field) === undefined ? undefined : this.text(field);
  }
}

function badParam(field: string, what: string): VaultError {
  return new VaultError("bad_params", `${field} must be ${what}`);
}

/** An error that may leave the room: one of another kind could quote what it failed on. */
function asVaultError(thrown: unknown): VaultError {
  if (thrown instanceof VaultError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) {
    const hint = "check the disk's space and the owner and modes of the vault's folder";
    return new VaultError("file", `the disk refused (${code})`, hint, { cause: thrown });
  }
  return new VaultError("internal", "the vault failed; nothing more can be said safely");
}

function guard(serve: (params: Params) => unknown): Handler {
  return async (params) => {
    try {
      return await serve(new Params(params)) ?? null;
    } catch (thrown) {
      throw asVaultError(thrown);
    }
  };
}

/** The handlers for the kernel's channel. */
export function serveKernel(vault: Vault): Record<keyof VaultCalls, Handler> {
  return {
    status: guard(() => vault.status()),
    create: guard((params) => vault.create(keeping(params))),
    unlock: guard(async (params) => ({
      unfinished: await vault.unlock(params.optional("passphrase")) ?? null,
    })),
    lock: guard(() => vault.lock()),
    list: guard(() => vault.list()),
    set: guard((params) =>
      vault.set(
        params.text("name"),
        params.text("value"),
        params.texts("origins"),
        params.text("placement"),
        params.optional("ownPassphrase"),
      )
    ),
    remove: guard((params) => vault.remove(params.text("name"))),
    rotateSecret: guard((params) =>
      vault.rotateSecret(
        params.text("name"),
        params.text("value"),
        params.optional("ownPassphrase"),
      )
    ),
    rotateIdentity: guard((params) => vault.rotateIdentity(params.optional("passphrase"))),
    changeRecipients: guard((params) =>
      vault.changeRecipients(params.texts("add"), params.texts("remove"))
    ),
    changeMode: guard((params) => vault.changeMode(keeping(params))),
    unlockSecret: guard((params) =>
      vault.unlockSecret(params.text("name"), params.text("passphrase"))
    ),
    bindEnvironmentOrigin: guard((params) =>
      vault.bindEnvironmentOrigin(params.text("name"), params.text("origin"))
    ),
    exportBundle: guard((params) =>
      vault.exportBundle(params.texts("recipients"), params.optional("passphrase"))
    ),
    importBundle: guard((params) =>
      vault.importBundle(params.bytes("bytes"), {
        passphrase: params.optional("passphrase"),
        identity: params.optional("identity"),
        replace: params.flag("replace"),
      })
    ),
  };
}

function keeping(params: Params): {
  mode: VaultMode;
  passphrase: string | undefined;
  gpgKey: string | undefined;
} {
  return {
    mode: params.mode(),
    passphrase: params.optional("passphrase"),
    gpgKey: params.optional("gpgKey"),
  };
}

/** The handlers for egress's channel. */
export function serveEgress(vault: Vault): Record<keyof ReleaseCalls, Handler> {
  return {
    release: guard((params) => vault.release(params.text("name"), params.text("origin"))),
  };
}

/** The key store and gpg behind the kernel's channel. @param channel gives it once it is there */
export function kernelPorts(channel: () => Channel): VaultPorts {
  const call = (method: keyof VaultPortCalls, params: unknown = null) =>
    channel().call(method, params, { limitMs: PROGRAM_LIMIT_MS });
  return {
    keystore: {
      async load() {
        const text = await call("keystoreLoad");
        return typeof text === "string" ? text : undefined;
      },
      async store(text) {
        await call("keystoreStore", { text });
      },
      async remove() {
        await call("keystoreRemove");
      },
    },
    gpg: {
      async encrypt(text, key) {
        return new Params({ sealed: await call("gpgEncrypt", { text, key }) }).bytes("sealed");
      },
      async decrypt(bytes) {
        return new Params({ text: await call("gpgDecrypt", { bytes }) }).text("text");
      },
    },
  };
}
