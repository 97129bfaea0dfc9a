/**
 * The vault behind its two channels. Callers are not trusted: every parameter is checked here, and
 * nothing but a `VaultError` goes back.
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import type { ReleaseCalls, VaultCalls } from "./calls.ts";
import { VaultError } from "./error.ts";
import { IDENTITY_FILES } from "./paths.ts";
import type { Vault } from "./vault.ts";

/** The fields of each call's parameters; `?` marks those that may be missing. */
const KERNEL_FIELDS: Readonly<Record<keyof VaultCalls, string>> = {
  status: "",
  create: "mode passphrase? gpgKey?",
  unlock: "passphrase?",
  lock: "",
  list: "",
  set: "name value origins placement ownPassphrase?",
  remove: "name",
  rotateSecret: "name value ownPassphrase?",
  rotateIdentity: "passphrase?",
  changeRecipients: "add remove",
  changeMode: "mode passphrase? gpgKey?",
  unlockSecret: "name passphrase",
  ready: "name origin",
  bindEnvironmentOrigin: "name origin",
  exportBundle: "recipients? passphrase?",
  importBundle: "bytes passphrase? identity? replace",
};
const EGRESS_FIELDS: Readonly<Record<keyof ReleaseCalls, string>> = { release: "name origin" };

const isText = (value: unknown) => typeof value === "string";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

/** What a field must be, if not a text. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  mode: (value) => isText(value) && Object.hasOwn(IDENTITY_FILES, String(value)),
  origins: isTexts,
  add: isTexts,
  remove: isTexts,
  recipients: isTexts,
  bytes: (value) => value instanceof Uint8Array,
  replace: (value) => typeof value === "boolean",
};

/** The fields that a call has, and no others. A message names the field and never what it held. */
function readParams(given: unknown, fields: string): Record<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(Object(given)));
  const params: Record<string, unknown> = {};
  for (const field of fields.split(" ").filter(Boolean)) {
    const name = field.replace("?", "");
    const value = values.get(name);
    if (value === undefined && name !== field) continue;
    const isKind = KINDS[name] ?? isText;
    if (!isKind(value)) throw new VaultError("bad_params", `${name} is missing or of no use`);
    params[name] = value;
  }
  return params;
}

/** An error that may leave the room: one of another kind could quote what it failed on. */
function asVaultError(thrown: unknown): VaultError {
  if (thrown instanceof VaultError) return thrown;
  const code = Object(thrown).code;
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) {
    const hint = "check the disk's space, and owner and modes of the vault's folder";
    return new VaultError("file", `the disk refused (${code})`, hint, { cause: thrown });
  }
  return new VaultError("internal", "the vault failed, and more cannot be said safely");
}

function handlers<M extends keyof Vault>(
  vault: Vault,
  calls: Readonly<Record<M, string>>,
): Record<string, Handler> {
  return Object.fromEntries(
    Object.entries<string>(calls).map(([method, fields]) => {
      const handler: Handler = async (given) => {
        try {
          // The fields were checked against the table, which names the method's parameters.
          return await vault[method as M](readParams(given, fields) as never);
        } catch (thrown) {
          throw asVaultError(thrown);
        }
      };
      return [method, handler];
    }),
  );
}

/** The handlers for the kernel's channel: `VaultCalls`. */
export function serveKernel(vault: Vault): Record<string, Handler> {
  return handlers(vault, KERNEL_FIELDS);
}

/** The handlers for egress's channel: `ReleaseCalls`. */
export function serveEgress(vault: Vault): Record<string, Handler> {
  return handlers(vault, EGRESS_FIELDS);
}
