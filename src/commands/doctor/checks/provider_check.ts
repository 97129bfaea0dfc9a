/**
 * Whether the provider is chosen and answers. Nothing is asked that costs money, and nobody for a key.
 * @module
 */
import { findProvider, type ProviderEntry } from "../../../providers/table.ts";
import { asShown } from "../../errors.ts";
import { broken, type Check, type Finding, ok, warning } from "../finding.ts";
import type { Patient } from "../patient.ts";

/** How long an answer is waited for, ms. */
const ANSWER_LIMIT_MS = 2_000;
/** A passphrase that a script gave opens the vault first, which takes its time on purpose, ms. */
const OPENING_MS = 8_000;

/** The provider of the settings. */
export const PROVIDER_CHECK: Check = {
  name: "provider",
  limitMs: OPENING_MS + ANSWER_LIMIT_MS,
  async look(patient) {
    const settings = await patient.readableSettings();
    if (settings === undefined) return [warning("not looked at: the config cannot be read", "")];
    const { ai } = settings.config;
    const id = ai.provider_id;
    if (id === undefined) return [warning("none is chosen yet", "run pyra setup")];
    const entry = findProvider(id);
    if (entry === undefined) return [broken(`there is no provider ${id}`, "run pyra setup")];
    const model = ai.model ?? entry.default_model;
    if (model === "") return [broken(`no model of ${id} is chosen`, "run pyra setup")];
    const name = `${id}, ${model}`;
    if (entry.dialect === "demo") return [ok("the demo, which needs no network")];
    const baseUrl = ai.base_url ?? entry.base_url;
    if (baseUrl === null) return [broken(`${id} has no address`, "run pyra setup")];
    if (patient.wish.offline) return [ok(`${name}; not asked (--offline)`)];
    return [await asked(patient, { entry, name, baseUrl, isOwn: ai.base_url !== undefined })];
  },
};

interface Asked {
  readonly entry: ProviderEntry;
  readonly name: string;
  readonly baseUrl: string;
  /** Whether the address is one of the person's. */
  readonly isOwn: boolean;
}

async function asked(patient: Patient, { entry, name, baseUrl, isOwn }: Asked): Promise<Finding> {
  const { context: { kernel, boot, fetch, signal } } = patient;
  if (entry.requires_key && !boot.environmentKeys.includes(entry.id)) {
    const { mode, state } = await patient.vault();
    // GnuPG would ask for its own passphrase.
    if (state === "locked" && mode === "gpg") return ok(`${name}; not asked: the vault is locked`);
  }
  let sentinel: string | null;
  try {
    const address = isOwn ? { baseUrl } : {};
    ({ sentinel } = await kernel.call("connect", { provider: entry.id, quiet: true, ...address }));
  } catch (thrown) {
    const { code, message, hint } = asShown(thrown);
    return code === "vault_locked"
      ? warning(`${name}; not asked: the vault is locked`, "set PYRA_VAULT_PASSPHRASE for this run")
      : broken(message, hint);
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
  const origin = new URL(baseUrl).origin;
  try {
    const { url, headers } = requestOf(entry, baseUrl, sentinel);
    const began = performance.now();
    const response = await fetch(url, { headers, redirect: "manual", signal: limit });
    const took = Math.round(performance.now() - began);
    await response.body?.cancel();
    return answered(response.status, { entry, name, origin, took });
  } catch (thrown) {
    if (limit.aborted) {
      const seconds = ANSWER_LIMIT_MS / 1_000;
      return broken(`${origin} gave no answer within ${seconds} seconds`, NETWORK_HINT);
    }
    const { message, hint } = asShown(thrown);
    return broken(message, hint || (entry.group === "local" ? "start the server" : NETWORK_HINT));
  }
}

const NETWORK_HINT = "check the network, a proxy, and ai.base_url";

/** The list of models, which costs nothing; without one the address alone, without a key. */
function requestOf(
  { models_path: path, placement }: ProviderEntry,
  baseUrl: string,
  sentinel: string | null,
): { readonly url: string; readonly headers: Headers } {
  const headers = new Headers();
  if (path === null) return { url: baseUrl, headers };
  if (sentinel !== null) {
    const colon = placement.indexOf(":");
    const value = placement.slice(colon + 1).trim().replace("{}", sentinel);
    headers.set(placement.slice(0, colon), value);
  }
  const url = path.startsWith("/")
    ? new URL(baseUrl).origin + path
    : `${baseUrl.replace(/\/+$/, "")}/${path}`;
  return { url, headers };
}

function answered(
  status: number,
  { entry, name, origin, took }: {
    readonly entry: ProviderEntry;
    readonly name: string;
    readonly origin: string;
    readonly took: number;
  },
): Finding {
  if ((status === 401 || status === 403) && entry.models_path !== null) {
    const hint = `run pyra setup --provider ${entry.id} with another key`;
    return broken(`${origin} refuses the key (${status})`, hint);
  }
  if (status === 429) return warning(`${origin} refuses for now (429)`, "wait, or see your plan");
  if (status >= 500) return warning(`${origin} has a fault (${status})`, "try again later");
  return ok(`${name}; ${origin} answered in ${took} ms`);
}
