/**
 * The vault behind its two channels. Callers are not trusted: every parameter is checked here, and
 * nothing but a `VaultError` goes back. Keys from the environment are kept here, so that a run which
 * needs no others never loads the code that decrypts.
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import type {
  EnvironmentKeys,
  Given,
  ReleaseCalls,
  VaultCalls,
  VaultService,
} from "../protocol/vault_calls.ts";
import { readOrigin, releaseTo } from "./binding.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import { IDENTITY_FILES } from "./paths.ts";

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
  bindEnvironmentOrigin: "name origin",
  exportBundle: "recipients? passphrase?",
  importBundle: "bytes passphrase? replace",
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

/** The parameters if they are as the table says. A message names a field and never what it held. */
function checkParams(given: unknown, fields: string): unknown {
  const params = Object(given);
  for (const field of fields.split(" ").filter(Boolean)) {
    const name = field.replace("?", "");
    if (params[name] === undefined && name !== field) continue;
    const isKind = KINDS[name] ?? isText;
    if (!isKind(params[name])) throw new VaultError("bad_params", `${name} is missing or no use`);
  }
  return params;
}

/** An error that may leave the room: one of another kind could quote what it failed on. */
function asVaultError(thrown: unknown): VaultError {
  if (thrown instanceof VaultError) return thrown;
  const code = Object(thrown).code;
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) {
    const hint = "check the disk's space, and owner and modes of the vault's folder";
    return new VaultError("file", `the disk refused (${code})`, hint);
  }
  return new VaultError("internal", "the vault failed, and more cannot be said safely");
}

/**
 * The handlers for the kernel's channel (`VaultCalls`) and for egress's (`ReleaseCalls`).
 * @param load makes the vault when it is first needed
 */
export function serveVault(
  folder: Folder,
  environmentKeys: EnvironmentKeys,
  load: () => Promise<VaultService>,
): { kernel: Record<string, Handler>; egress: Record<string, Handler> } {
  const environment = new Map(Object.entries(environmentKeys));
  let loaded: Promise<VaultService> | undefined;
  const vault = () => loaded ??= load();
  /** The calls that are answered without the vault, or may be. */
  const here: Readonly<Record<string, (params: never) => unknown>> = {
    status: async () => loaded ? (await loaded).status(null) : folder.status(),
    lock: async () => (await loaded)?.lock(null),
    bindEnvironmentOrigin({ name, origin }: Given<"bindEnvironmentOrigin">) {
      const key = environment.get(name);
      if (!key) throw new VaultError("no_secret", `there is no key ${name} in the environment`);
      environment.set(name, { ...key, origins: [...key.origins, readOrigin(origin)] });
    },
    async release({ name, origin }: Given<"release">) {
      const key = environment.get(name);
      return key
        ? releaseTo(origin, name, key, key.value)
        : (await vault()).release({ name, origin });
    },
  };
  const handler = (method: string, fields: string): Handler => async (given) => {
    try {
      // The fields were checked against the table, which names the method's parameters.
      const params = checkParams(given, fields) as never;
      const answer = here[method];
      return await (answer
        ? answer(params)
        : (await vault())[method as keyof VaultService](params));
    } catch (thrown) {
      throw asVaultError(thrown);
    }
  };
  const serve = (calls: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(calls).map((call) => [call[0], handler(...call)]));
  return { kernel: serve(KERNEL_FIELDS), egress: serve(EGRESS_FIELDS) };
}
