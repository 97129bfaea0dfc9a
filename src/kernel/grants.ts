/**
 * What the person agreed to, kept in `grants.json` with a MAC: whatever else may come to write that
 * file (a link in a granted folder, a restored backup) cannot forge an agreement.
 * @module
 */
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";
import type { PluginGrants } from "../protocol/plugin_calls.ts";
import { KernelError } from "./error.ts";
import type { Profile } from "./profile.ts";

/** The content of `grants.json`. */
export interface GrantRecord {
  /** Per provider, the origins that the person bound beside the provider's own. */
  readonly origins: Readonly<Record<string, readonly string[]>>;
  readonly plugins: Readonly<Record<string, PluginAgreement>>;
  /** Per schedule, what its job may do. */
  readonly jobs: Readonly<Record<string, KeptJob>>;
}

/** What was agreed to about one plugin. */
export interface PluginAgreement {
  readonly version: string;
  /** Of its files, as `plugins/folder.ts` makes it. */
  readonly hash: string;
  /** What its manifest asked for, and the hosts that were added. */
  readonly wishes: PluginGrants;
  /** ISO 8601, UTC. */
  readonly agreed: string;
}

/** What the person typed for a schedule, by `pyra schedule add …`. */
export interface KeptJob {
  /** The command line without the global options. */
  readonly typed: readonly string[];
  /** The folder that it was typed in, links resolved. */
  readonly workspace: string;
  /** What its paths led to then. */
  readonly paths: readonly string[];
  /** ISO 8601, UTC. */
  readonly added: string;
}

const EXCLUSIVE = true;
const HMAC = { name: "HMAC", hash: "SHA-256" };
const bytes = (grants: GrantRecord) => new TextEncoder().encode(JSON.stringify(grants));

async function macKey(profile: Profile): Promise<CryptoKey> {
  let hex = await readTextIfPresent(profile.grantsKey);
  if (!hex) {
    hex = crypto.getRandomValues(new Uint8Array(32)).toHex();
    await writeAtomically(profile.grantsKey, hex, 0o400);
  }
  const key = Uint8Array.fromHex(hex.trim());
  const extractable = false;
  return await crypto.subtle.importKey("raw", key, HMAC, extractable, ["sign", "verify"]);
}

/** Reads the grants; none if there is no file. @throws {KernelError} `boundary` if it was changed */
export async function readGrants(profile: Profile): Promise<GrantRecord> {
  const text = await readTextIfPresent(profile.grants);
  if (text === undefined) return { origins: {}, plugins: {}, jobs: {} };
  try {
    const { mac, grants }: { mac: string; grants: GrantRecord } = JSON.parse(text);
    const signature = Uint8Array.fromHex(mac);
    const key = await macKey(profile);
    // The first versions had no plugins, and no jobs.
    const isOurs = await crypto.subtle.verify("HMAC", key, signature, bytes(grants));
    if (isOurs) return { ...grants, plugins: grants.plugins ?? {}, jobs: grants.jobs ?? {} };
  } catch (cause) {
    if (cause instanceof Deno.errors.PermissionDenied) throw cause;
    // Whatever does not parse was not written by the kernel: refused below.
  }
  const message = `${profile.grants} was changed by something else than Pyra`;
  const hint = "remove it; Pyra asks again for what you agreed to";
  throw new KernelError("boundary", message, hint);
}

/** Binds an origin to a provider. */
export async function bindOrigin(
  profile: Profile,
  provider: string,
  origin: string,
): Promise<void> {
  await change(profile, ({ origins }) => {
    const bound = new Set([...origins[provider] ?? [], origin]);
    return { origins: { ...origins, [provider]: [...bound] } };
  });
}

/** Keeps what was agreed to about a plugin, or forgets it. */
export async function agreePlugin(
  profile: Profile,
  name: string,
  agreement: PluginAgreement | undefined,
): Promise<void> {
  await change(profile, ({ plugins: { [name]: _, ...others } }) => {
    return { plugins: agreement ? { ...others, [name]: agreement } : others };
  });
}

/** Changes what jobs may do. @param act given what is kept; what it throws changes nothing */
export async function changeJobs(
  profile: Profile,
  act: (jobs: GrantRecord["jobs"]) => GrantRecord["jobs"],
): Promise<void> {
  await change(profile, ({ jobs }) => ({ jobs: act(jobs) }));
}

/** Nobody else changes them meanwhile: what two programs agree to at once is kept of both. */
async function change(
  profile: Profile,
  act: (grants: GrantRecord) => Partial<GrantRecord>,
): Promise<void> {
  const options = { write: true, create: true, mode: 0o600 };
  using lock = await Deno.open(`${profile.home}/.grants_lock`, options);
  await lock.lock(EXCLUSIVE);
  const before = await readGrants(profile);
  const grants = { ...before, ...act(before) };
  const signature = await crypto.subtle.sign("HMAC", await macKey(profile), bytes(grants));
  const mac = new Uint8Array(signature).toHex();
  await writeAtomically(profile.grants, JSON.stringify({ mac, grants }));
}
