/**
 * What the checks look at, each part fetched once.
 * @module
 */
import type { LoadedConfig } from "../../config/load.ts";
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { ProfileExamination, VaultStatus } from "../../protocol/kernel_calls.ts";
import type { CommandContext } from "../context.ts";

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

  #keep<T>(name: string, fetch: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name) ?? fetch();
    this.#kept.set(name, kept);
    return kept as Promise<T>;
  }
}
