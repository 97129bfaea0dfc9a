/**
 * The vault's and egress's rooms, each started when it is first needed. A run has its own; a daemon's
 * serve all its runs.
 * @module
 */
import type { Channel } from "../rpc/channel.ts";
import type { Environment } from "./environment.ts";
import { KernelError } from "./error.ts";
import { identityPrograms } from "./identity_programs.ts";
import { fields } from "./params.ts";
import type { Profile } from "./profile.ts";
import { rights } from "./roles.ts";
import { Room, type RoomStart } from "./room.ts";

/** What they are made of. */
export interface TrustedStart {
  readonly profile: Profile;
  readonly environment: Environment;
  /** The folder of the rooms' entries. */
  readonly entries: URL;
  /** Appends what egress reports to `security.log`. */
  readonly security: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** One died by itself, or could not be started. */
  readonly died: (room: string, cause: unknown) => void;
}

/** The rooms that runs share. */
export class TrustedRooms {
  /** Who was given a secret; they end when the vault is locked for its time or by a word. */
  readonly keepers = new Set<{ end(): void }>();
  readonly #start: TrustedStart;
  #between = new MessageChannel();
  #vault: Room | undefined;
  #egress: Room | undefined;

  constructor(start: TrustedStart) {
    this.#start = start;
  }

  /** The vault room; starting it unlocks nothing. */
  vault(): Channel {
    const { profile, environment } = this.#start;
    this.#vault ??= this.#room("vault", {
      boot: { folder: profile.vault, environmentKeys: environment.keys },
      ports: { egress: this.#between.port1 },
      handlers: identityPrograms(profile),
    });
    return this.#vault.channel;
  }

  /** The egress room. */
  egress(): Channel {
    this.#egress ??= this.#room("egress", {
      boot: { proxy: this.#start.environment.proxy, caCertificates: this.#caCertificates() },
      ports: { vault: this.#between.port2 },
      handlers: {
        report: (params) => {
          const { event, ...rest } = fields(params);
          this.#start.security(String(event), rest);
        },
      },
    });
    return this.#egress.channel;
  }

  /** Ends both, and with them what they know; the next call starts them anew. */
  stop(): void {
    this.#vault?.stop();
    this.#egress?.stop();
    this.#vault = this.#egress = undefined;
    this.#between = new MessageChannel();
  }

  #room(name: "vault" | "egress", start: Pick<RoomStart, "boot" | "ports" | "handlers">): Room {
    const { profile, entries, died } = this.#start;
    return new Room({
      ...start,
      name,
      entries,
      permissions: rights(name, profile),
      died: (cause) => died(name, cause),
    });
  }

  #caCertificates(): string[] {
    const path = this.#start.environment.caFile;
    if (path === undefined) return [];
    try {
      return [Deno.readTextFileSync(path)];
    } catch (cause) {
      const hint = "correct PYRA_CA_FILE (or NODE_EXTRA_CA_CERTS, SSL_CERT_FILE), or unset it";
      throw new KernelError("usage", `the certificates in ${path} cannot be read`, hint, cause);
    }
  }
}
