/**
 * The vault as the daemon keeps it open: by the person's word, for a time. What it opens never leaves the
 * daemon; egress there puts it into requests.
 * @module
 */
import type { DaemonStatus } from "../../protocol/daemon_calls.ts";
import type { VaultStatus } from "../../protocol/kernel_calls.ts";
import { KernelError } from "../error.ts";
import type { TrustedRooms } from "../trusted_rooms.ts";

/** The wall clock is looked at so often, since a machine may sleep, ms. */
const LOOK_MS = 5_000;
/** scrypt takes a second; a slow machine takes several. */
const UNLOCK_LIMIT_MS = 120_000;
const LONGEST_MS = 366 * 24 * 3_600_000;

/** Opens and locks the vault of a daemon. */
export class VaultAgent {
  readonly #rooms: Pick<TrustedRooms, "vault" | "stop" | "keepers">;
  readonly #lookMs: number;
  #until: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** A passphrase that is being tried: each takes 256 MB and the vault's room for a second. */
  #trying: Promise<unknown> | undefined;

  /** @param lookMs how often the clock is looked at */
  constructor(rooms: Pick<TrustedRooms, "vault" | "stop" | "keepers">, lookMs: number = LOOK_MS) {
    this.#rooms = rooms;
    this.#lookMs = lookMs;
  }

  /**
   * Opens it.
   * @param passphrase null where another way opens it (key file, key store, GnuPG)
   * @param forMs how long; null as long as the daemon runs
   * @throws {RpcError} the vault's refusal; {KernelError} `usage`; `denied` while it is being opened
   */
  async unlock(
    passphrase: string | null,
    forMs: number | null,
  ): Promise<{ readonly until: string | null }> {
    checkTime(forMs);
    if (this.#trying) throw new KernelError("denied", "the vault is being opened", "try again");
    const given = passphrase === null ? {} : { passphrase };
    this.#trying = this.#rooms.vault().call("unlock", given, { limitMs: UNLOCK_LIMIT_MS });
    try {
      await this.#trying;
    } finally {
      this.#trying = undefined;
    }
    return this.keepFor(forMs);
  }

  /** Says how long it stays open, from now on. @throws {KernelError} `usage` */
  keepFor(forMs: number | null): { readonly until: string | null } {
    checkTime(forMs);
    this.#until = forMs === null ? null : Date.now() + forMs;
    clearInterval(this.#timer);
    if (forMs !== null) {
      this.#timer = setInterval(() => {
        if (Date.now() >= (this.#until ?? Infinity)) void this.lock();
      }, Math.min(this.#lookMs, forMs));
    }
    return { until: this.#shownUntil() };
  }

  /** Forgets what opened it, and ends what was given a secret of it. */
  async lock(): Promise<void> {
    // The later word counts.
    await this.#trying?.catch(() => undefined);
    clearInterval(this.#timer);
    this.#until = null;
    await this.#rooms.vault().call("lock").catch(() => {
      // A room that cannot be told is ended, and what it knows with it.
      this.#rooms.stop();
    });
    for (const keeper of this.#rooms.keepers) keeper.end();
    this.#rooms.keepers.clear();
  }

  /** How it is. Starts the room, and opens nothing. */
  async status(): Promise<DaemonStatus["vault"]> {
    const { state } = await this.#rooms.vault().call("status") as VaultStatus;
    return { state, until: state === "open" ? this.#shownUntil() : null };
  }

  #shownUntil(): string | null {
    return this.#until === null ? null : new Date(this.#until).toISOString();
  }
}

function checkTime(forMs: number | null): void {
  if (forMs === null || (forMs >= 1_000 && forMs <= LONGEST_MS)) return;
  throw new KernelError("usage", "the vault is opened for a second at least, a year at most");
}
