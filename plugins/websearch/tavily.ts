import type { SearchService } from "./search_service.ts";
import { askServiceJson, fieldsOf, foundOf, listOf } from "./service_answer.ts";

const ORIGIN = "https://api.tavily.com";

/** https://docs.tavily.com/documentation/api-reference/endpoint/search */
export const tavily: SearchService = {
  name: "tavily",
  label: "Tavily",
  note: "made for assistants, longer excerpts; needs a key from tavily.com",
  secret: "tavily_key",
  origin: () => ORIGIN,
  async search({ query, count, within }, context) {
    const body = JSON.stringify({
      query,
      max_results: count,
      ...(within === undefined ? {} : { time_range: within }),
    });
    const headers = { accept: "application/json", "content-type": "application/json" };
    const init = { method: "POST", headers, body, credential: "tavily_key" };
    const url = new URL("/search", ORIGIN);
    const answer = await askServiceJson({ label: "Tavily", url, init }, context);
    const results = listOf(fieldsOf(answer)["results"]).slice(0, count);
    return foundOf(results, ({ title, url, content }) => ({ title, url, snippet: content }));
  },
};
