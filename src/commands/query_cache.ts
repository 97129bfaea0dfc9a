/**
 * The answers that `pyra ask` gives again, and `--no-cache`.
 * @module
 */
import type { Caching } from "../chat/cached_answer.ts";
import type { FolderQueryCache } from "../chat/query_cache.ts";
import type { CommandContext } from "./context.ts";
import type { Target } from "./conversation.ts";
import { isOn, type OptionValues } from "./option_values.ts";

/** The profile's cache; `undefined` if the settings want none. */
export async function openQueryCache(
  { boot, now }: Pick<CommandContext, "boot" | "now">,
  { ai: { cache_seconds } }: Target["settings"]["config"],
): Promise<FolderQueryCache | undefined> {
  if (cache_seconds === 0) return undefined;
  const { FolderQueryCache } = await import("../chat/query_cache.ts");
  return new FolderQueryCache(`${boot.profile.cache}/answers`, { seconds: cache_seconds, now });
}

/** How the answer of one question is cached. Of a session that goes on, or of a plan, it is not. */
export async function cachingOf(
  context: CommandContext,
  { settings: { config }, choice, session }: Target,
  options: OptionValues,
): Promise<Caching | undefined> {
  if (session !== undefined || isOn(options, "--plan")) return undefined;
  const cache = await openQueryCache(context, config);
  if (cache === undefined) return undefined;
  const { provider_id, base_url } = config.ai;
  const scope = choice.provider === provider_id ? base_url ?? "" : "";
  return { cache, scope, looks: !isOn(options, "--no-cache") };
}

/** How long ago an answer was given: `2 minutes ago`. @param at ISO 8601 */
export function agoText(at: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1_000));
  const [count, unit] = seconds < 60
    ? [seconds, "second"]
    : seconds < 3_600
    ? [Math.round(seconds / 60), "minute"]
    : [Math.round(seconds / 3_600), "hour"];
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
