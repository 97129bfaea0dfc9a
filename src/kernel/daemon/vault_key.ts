/**
 * The vault in the daemon, opened and locked by the person's commands.
 * @module
 */
import { isRecord } from "../../rpc/frame.ts";
import type { Profile } from "../profile.ts";
import { shownTime } from "./shown_time.ts";
import { callDaemon } from "./socket/reach.ts";

/** scrypt takes a second; a slow machine takes several. */
const LIMIT_MS = 120_000;

/** Opens it there. @returns words for how long; `undefined` if no daemon runs */
export async function openInDaemon(
  profile: Profile,
  params: { readonly passphrase: string | null; readonly forMs: number | null },
): Promise<string | undefined> {
  const opened = await callDaemon(profile, "vault.unlock", params, LIMIT_MS);
  if (opened === undefined) return undefined;
  const { until } = isRecord(opened) ? opened : {};
  const end = typeof until === "string" ? shownTime(until) : "the daemon ends";
  return `is open in the daemon until ${end}`;
}

/** Locks it there. @returns false if no daemon runs */
export async function lockInDaemon(profile: Profile): Promise<boolean> {
  return await callDaemon(profile, "vault.lock", null, LIMIT_MS) !== undefined;
}
