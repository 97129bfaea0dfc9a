/**
 * What a search service is to the plugin.
 * @module
 */
import type { Json, PluginContext } from "pyra/sdk";

/** What is searched for. */
export interface Search {
  readonly query: string;
  readonly count: number;
  /** Only what was published, or changed, in this time. */
  readonly within: Within | undefined;
}

/** A span of time up to now. */
export type Within = "day" | "week" | "month" | "year";

/** A page that was found. Every field is foreign. */
export interface Found {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

/** The plugin's settings. */
export type Settings = Readonly<Record<string, Json>>;

/** One service. */
export interface SearchService {
  /** As the setting `service` has it. */
  readonly name: string;
  readonly label: string;
  /** For the person who chooses: what it costs, and who gets to know the queries. */
  readonly note: string;
  /** The key of the manifest's secret that it needs. */
  readonly secret?: "brave_key" | "tavily_key";
  /** Where it is; undefined if the settings do not say. */
  origin(settings: Settings): string | undefined;
  /** @throws {SearchError} */
  search(search: Search, context: Pick<PluginContext, "fetch" | "signal" | "settings">): Promise<
    Found[]
  >;
}
