/**
 * The part of the composition root that puts limits around what models use. What that takes is loaded
 * while the way to the provider is opened.
 * @module
 */
import type { CountingRun } from "./app_usage.ts";
import type { CommandContext, UsageRecord } from "./commands/context.ts";
import type { Ledger } from "./guard/limits/ledger.ts";
import type { CapSettings, RunCap } from "./guard/limits/run_cap.ts";
import type { Embedder } from "./protocol/embedding.ts";
import type { ModelProvider } from "./protocol/model.ts";
import type { ProviderEntry } from "./providers/table.ts";

/** What models use in a run. */
export class RunUsage implements UsageRecord, Disposable {
  readonly #context: Pick<CommandContext, "boot" | "loadConfig" | "now">;
  readonly #run: CountingRun;
  readonly #notices: string[] = [];
  #ledger: Promise<Ledger> | undefined;
  #open: Ledger | undefined;
  #cap: RunCap | undefined;

  /** Opens nothing yet. */
  constructor(context: Pick<CommandContext, "boot" | "loadConfig" | "now">) {
    this.#context = context;
    this.#run = {
      ledger: (fault) => this.ledger(fault),
      notices: () => this.takeNotices(),
      now: context.now,
    };
  }

  /**
   * The profile's record, opened by the first call.
   * @param fault what using it threw: a damaged record is put aside, and a new one begun
   * @throws {PyraError} `usage_unusable`: without it nothing is asked
   */
  async ledger(fault?: unknown): Promise<Ledger> {
    const { isDamaged, unusable } = await import("./app_usage.ts");
    if (fault !== undefined) {
      if (!isDamaged(fault)) throw unusable(fault);
      this[Symbol.dispose]();
    }
    this.#ledger ??= this.#openRecord(fault !== undefined);
    return await this.#ledger.catch((thrown) => {
      this.#ledger = undefined;
      throw unusable(thrown);
    });
  }

  async cap(settings: CapSettings): Promise<void> {
    const { RunCap } = await import("./guard/limits/run_cap.ts");
    this.#cap = new RunCap(settings);
  }

  /** Opens the record while something else is waited for; whoever needs it hears of faults. */
  prepare(): void {
    this.ledger().catch(() => undefined);
  }

  /** What the person should be told of the record, one sentence each; told once. */
  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  /** The same provider, counted and held to the limits of the settings. */
  async limit(provider: ModelProvider, entry: ProviderEntry): Promise<ModelProvider> {
    const { countedProvider } = await import("./app_usage.ts");
    const { config: { limits } } = await this.#context.loadConfig();
    return countedProvider(provider, entry, limits, { ...this.#run, cap: this.#cap });
  }

  /** The same model of vectors, counted and held to the spending caps. */
  async limitEmbedder(embedder: Embedder, entry: ProviderEntry): Promise<Embedder> {
    const { countedEmbedder } = await import("./app_usage.ts");
    const { config: { limits } } = await this.#context.loadConfig();
    return countedEmbedder(embedder, entry, limits, this.#run);
  }

  /** Closes the record; the next use opens it again. */
  [Symbol.dispose](): void {
    this.#open?.[Symbol.dispose]();
    this.#open = undefined;
    this.#ledger = undefined;
  }

  async #openRecord(isSuspect: boolean): Promise<Ledger> {
    const { openRecord } = await import("./app_usage.ts");
    const { boot, now } = this.#context;
    const notify = (sentence: string) => void this.#notices.push(sentence);
    return this.#open = await openRecord(boot.profile.db, { now, notify, isSuspect });
  }
}
