/**
 * The vault behind its two channels. Callers are not trusted: every parameter is checked here, and
 * nothing but a `VaultError` goes back. Keys from the environment are kept here, so that a run which
 * needs no others never loads the code that decrypts.
 * @module
 */
import type { Handler } from "../rpc/channel.ts";
import type { CallName, EnvironmentKeys, Given, VaultService } from "../protocol/vault_calls.ts";
import { readOrigin, releaseTo } from "./binding.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import { IDENTITY_FILES } from "./paths.ts";

/** The fields of each call's parameters: a text, `[]` a list of texts; with `?` it may be missing. */
const FIELDS: Readonly<Record<CallName, string>> = {
  status: "",
  create: "mode passphrase? gpgKey?",
  unlock: "passphrase?",
  lock: "",
  list: "",
  set: "name value origins[] placement ownPassphrase?",
  remove: "name",
  rotateSecret: "name value ownPassphrase?",
  rotateIdentity: "passphrase?",
  changeRecipients: "add[] remove[]",
  changeMode: "mode passphrase? gpgKey?",
  unlockSecret: "name passphrase",
  reveal: "name",
  ready: "name origin",
  bindEnvironmentOrigin: "name origin",
  exportBundle: "recipients[]? passphrase?",
  importBundle: "bytes passphrase? replace",
  release: "name origin",
};

const isText = (value: unknown) => typeof value === "string";
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
/** What a field must be, if no text. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  mode: (value) => isText(value) && Object.hasOwn(IDENTITY_FILES, String(value)),
  bytes: (value) => value instanceof Uint8Array,
  replace: (value) => typeof value === "boolean",
};

/** The parameters if they are as the table says. A message names a field and never what it held. */
function checkParams(given: unknown, fields: string): unknown {
  const params = Object(given);
  for (const field of fields.split(" ").filter(Boolean)) {
    const name = field.replace(/\W+$/, "");
    if (params[name] === undefined && field.endsWith("?")) continue;
    const isKind = KINDS[name] ?? (field.includes("[]") ? isTexts : isText);
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
  const release = async ({ name, origin }: Given<"release">) => {
    const key = environment.get(name);
    return key
      ? releaseTo(origin, name, key, key.value)
      : await (await vault()).release({ name, origin });
  };
  /** The calls that are answered without the vault, or may be. */
  const here: Readonly<Record<string, (params: never) => unknown>> = {
    status: async () => loaded ? (await loaded).status(null) : folder.status(),
    lock: async () => (await loaded)?.lock(null),
    bindEnvironmentOrigin({ name, origin }: Given<"bindEnvironmentOrigin">) {
      const key = environment.get(name);
      if (!key) throw new VaultError("no_secret", `there is no key ${name} in the environment`);
      environment.set(name, { ...key, origins: [...key.origins, readOrigin(origin)] });
    },
    release,
    ready: async (params: Given<"ready">) => void await release(params),
  };
  const serve = (method: CallName): Handler => async (given) => {
    try {
      // The fields were checked against the table, which names the method's parameters.
      const params = checkParams(given, FIELDS[method]) as never;
      const answer = here[method];
      if (answer) return await answer(params);
      return await (await vault())[method as keyof VaultService](params);
    } catch (thrown) {
      throw asVaultError(thrown);
    }
  };
  const { release: _, ...calls } = FIELDS;
  const kernel = Object.keys(calls).map((method) => [method, serve(method as CallName)]);
  return { kernel: Object.fromEntries(kernel), egress: { release: serve("release") } };
}
