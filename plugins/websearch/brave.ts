import type { SearchService, Within } from "./search_service.ts";
import { askServiceJson, fieldsOf, foundOf, listOf } from "./service_answer.ts";

const ORIGIN = "https://api.search.brave.com";
const FRESHNESS: Readonly<Record<Within, string>> = {
  day: "pd",
  week: "pw",
  month: "pm",
  year: "py",
};

/** https://api-dashboard.search.brave.com/app/documentation/web-search */
export const brave: SearchService = {
  name: "brave",
  label: "Brave Search",
  note: "an index of its own; needs a key from brave.com/search/api",
  secret: "brave_key",
  origin: () => ORIGIN,
  async search({ query, count, within }, context) {
    const url = new URL("/res/v1/web/search", ORIGIN);
    url.search = new URLSearchParams({
      q: query,
      count: String(count),
      ...(within === undefined ? {} : { freshness: FRESHNESS[within] }),
    }).toString();
    const init = { headers: { accept: "application/json" }, credential: "brave_key" };
    const answer = await askServiceJson({ label: "Brave Search", url, init }, context);
    const results = listOf(fieldsOf(fieldsOf(answer)["web"])["results"]).slice(0, count);
    return foundOf(
      results,
      ({ title, url, description }) => ({ title, url, snippet: description }),
    );
  },
};
