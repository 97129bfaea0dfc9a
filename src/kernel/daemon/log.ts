/**
 * The daemon's log: what it did, and what went wrong in it. Never what was said.
 * @module
 */
import { exists, type Profile } from "../profile.ts";
import { appendLog } from "../logs.ts";
import { daemonField } from "./setting.ts";

/** Where it lies. */
export function daemonLog(profile: Profile): string {
  return `${profile.logs}/${daemonField(profile, "log_file", "daemon.log")}`;
}

/** Appends a line. A log that cannot be written ends nothing. */
export function logDaemon(profile: Profile, fields: Readonly<Record<string, unknown>>): void {
  try {
    if (exists(profile.logs)) appendLog(daemonLog(profile), fields);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
