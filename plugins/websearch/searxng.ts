import type { SearchService } from "./search_service.ts";
import { askServiceJson, fieldsOf, foundOf, listOf } from "./service_answer.ts";
import { SearchError } from "./search_error.ts";

const LABEL = "SearXNG";

/** The address of an instance as it is kept: without a slash or `/search` at its end. */
export function instanceAddress(typed: string): string | undefined {
  const trimmed = typed.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") return undefined;
  if (url.username !== "" || url.password !== "") return undefined;
  return url.origin + url.pathname.replace(/\/+(?:search\/?)?$/, "");
}

function base(settings: Readonly<Record<string, unknown>>): string | undefined {
  const address = settings["searxng_url"];
  return typeof address === "string" && address !== "" ? instanceAddress(address) : undefined;
}

/** An instance that the person names. https://docs.searxng.org/dev/search_api.html */
export const searxng: SearchService = {
  name: "searxng",
  label: LABEL,
  note: "an instance of your own, or one that lets programs search",
  origin(settings) {
    const address = base(settings);
    return address === undefined ? undefined : new URL(address).origin;
  },
  async search({ query, count, within }, context) {
    const address = base(context.settings);
    if (address === undefined) {
      const sentence =
        "the address of the SearXNG instance is missing; run pyra plugin setup websearch";
      throw new SearchError("not_set_up", sentence);
    }
    const url = new URL(`${address}/search`);
    url.search = new URLSearchParams({
      q: query,
      format: "json",
      ...(within === undefined ? {} : { time_range: within }),
    }).toString();
    const answer = await ask(url, context);
    const results = listOf(fieldsOf(answer)["results"]).slice(0, count);
    return foundOf(results, ({ title, url, content }) => ({ title, url, snippet: content }));
  },
};

async function ask(url: URL, context: Parameters<SearchService["search"]>[1]): Promise<unknown> {
  try {
    const headers = { accept: "application/json" };
    return await askServiceJson({ label: LABEL, url, init: { headers } }, context);
  } catch (error) {
    if (!(error instanceof SearchError) || error.code !== "refused") throw error;
    const sentence =
      `${url.host} does not let programs search: its settings.yml needs json under ` +
      "search.formats";
    throw new SearchError("refused", sentence, error);
  }
}
