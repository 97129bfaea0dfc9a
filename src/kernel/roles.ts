/**
 * The one table of rights: what each room may touch. Allow-lists only, since deny-lists cannot be
 * relied on; whatever is not named here is refused by the runtime.
 * @module
 */
import type { Profile } from "./profile.ts";

/** The rooms of this process; a plugin's is in one beside it, with the rights of `plugins/rights.ts`. */
export type OwnRoom = "vault" | "egress" | "app";

/** What the command line, or a yes of the person, adds to a room for one run. */
export interface Grants {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const NOTHING: Deno.PermissionOptionsObject = {
  read: false,
  write: false,
  net: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
};

/**
 * The app room's own data. Not the profile's folder itself, which holds the vault, nor `run`, where the
 * daemon's token and socket lie: who could put others there would be sent passphrases.
 */
export function appFolders({ memory, db, sessions, recipes, cache }: Profile): string[] {
  return [memory, db, sessions, recipes, cache];
}

/** The rights of a room. */
export function rights(
  room: OwnRoom,
  profile: Profile,
  grants: Grants = { read: [], write: [] },
): Deno.PermissionOptionsObject {
  switch (room) {
    case "vault":
      // It keeps the secrets, so it sees its own folder and nothing that could carry them out.
      return { ...NOTHING, read: [profile.vault], write: [profile.vault] };
    case "egress":
      // It reaches every host, so it sees no file; keys pass through it one request at a time.
      return { ...NOTHING, net: true };
    case "app": {
      const write = [...appFolders(profile), ...grants.write];
      // Settings, installed plugins' manifests and the logs, to show them; the kernel writes these.
      const shown = [profile.config, "/etc/pyra/config.yaml", profile.plugins, profile.logs];
      return { ...NOTHING, read: [...write, ...shown, ...grants.read], write };
    }
  }
}
