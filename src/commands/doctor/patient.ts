/**
 * What the checks look at, each part fetched once.
 * @module
 */
import type { LoadedConfig } from "../../config/load.ts";
import type { DaemonStatus } from "../../protocol/daemon_calls.ts";
import { PyraError } from "../../protocol/error.ts";
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { ProfileExamination, VaultStatus } from "../../protocol/kernel_calls.ts";
import type { CommandContext } from "../context.ts";
import type { KeptJob } from "../schedule/opened_schedules.ts";
import { type KeptSchedules, readSchedules } from "./kept_schedules.ts";

/** One that is well answers at once, ms. */
const DAEMON_LIMIT_MS = 1_500;

/** How the person wants it. */
export interface DoctorWish {
  /** Whether what is safe is mended. */
  readonly fix: boolean;
  /** Whether no provider is asked. */
  readonly offline: boolean;
}

/** A profile and its surroundings, as the checks see them. */
export class Patient {
  /** What the command may use; its signal ends what is being looked at. */
  readonly context: CommandContext;
  readonly wish: DoctorWish;
  readonly #kept: Map<string, Promise<unknown>>;

  constructor(
    context: CommandContext,
    wish: DoctorWish,
    kept: Map<string, Promise<unknown>> = new Map(),
  ) {
    this.context = context;
    this.wish = wish;
    this.#kept = kept;
  }

  /** The same patient, whose check ends with that signal. What was fetched is shared. */
  until(signal: AbortSignal): Patient {
    return new Patient({ ...this.context, signal }, this.wish, this.#kept);
  }

  /** The settings in force. @throws {PyraError} what is wrong with them */
  settings(): Promise<LoadedConfig> {
    return this.#keep("settings", () => this.context.loadConfig());
  }

  /** The settings in force; `undefined` if they cannot be read, which another check tells. */
  readableSettings(): Promise<LoadedConfig | undefined> {
    return this.settings().catch(() => undefined);
  }

  /** The profile's files; with `--fix` they have been mended by then. */
  files(): Promise<ProfileExamination> {
    return this.#keep("files", () => this.context.kernel.call("examineProfile", null));
  }

  /** The plugins there are; starts none. */
  plugins(): Promise<readonly PluginRecord[]> {
    return this.#keep("plugins", () => this.context.kernel.call("plugins", null));
  }

  /** The vault; unlocks nothing. */
  vault(): Promise<VaultStatus> {
    return this.#keep("vault", () => this.context.kernel.call("vaultStatus", null));
  }

  /** What the daemon says of itself; null if none runs. @throws why one that runs does not */
  daemon(): Promise<DaemonStatus | null> {
    return this.#keep("daemon", async () => {
      const limit = AbortSignal.timeout(DAEMON_LIMIT_MS);
      try {
        return await this.context.kernel.call("daemonStatus", null, limit);
      } catch (cause) {
        if (!limit.aborted) throw cause;
        const message = `it gave no answer within ${DAEMON_LIMIT_MS / 1_000} seconds`;
        const hint = "pyra daemon logs may say why; pyra daemon stop --force ends it";
        throw new PyraError("system", "daemon_silent", message, { hint, cause });
      }
    });
  }

  /** The same; `undefined` of one that does not answer, which another check tells. */
  runningDaemon(): Promise<DaemonStatus | null | undefined> {
    return this.daemon().catch(() => undefined);
  }

  /** The command lines that schedules run. */
  keptJobs(): Promise<readonly KeptJob[]> {
    return this.#keep("jobs", () => this.context.kernel.call("keptJobs", null));
  }

  /** The schedules, and how they ended. */
  schedules(): Promise<KeptSchedules> {
    return this.#keep("schedules", () => readSchedules(`${this.context.boot.profile.db}/state.db`));
  }

  #keep<T>(name: string, fetch: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name) ?? fetch();
    this.#kept.set(name, kept);
    return kept as Promise<T>;
  }
}
