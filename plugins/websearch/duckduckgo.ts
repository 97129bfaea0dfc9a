import { decodeHTMLAttribute } from "entities/decode";
import { SearchError } from "./search_error.ts";
import type { SearchService, Within } from "./search_service.ts";
import { askService, foundOf } from "./service_answer.ts";

const ORIGIN = "https://html.duckduckgo.com";
const DATES: Readonly<Record<Within, string>> = { day: "d", week: "w", month: "m", year: "y" };
/** A link with one of the two classes, its attributes and its text. */
const LINK =
  /<a\b([^>]{0,999}\bclass="(result__a|result__snippet)"[^>]{0,2999})>([^]{0,9999}?)<\/a>/g;

/** The page without scripts; it has no interface for programs, and is asked like a browser asks it. */
export const duckduckgo: SearchService = {
  name: "duckduckgo",
  label: "DuckDuckGo",
  note: "needs no key; it may refuse after some searches",
  origin: () => ORIGIN,
  async search({ query, count, within }, context) {
    const form = new URLSearchParams({ q: query });
    if (within !== undefined) form.set("df", DATES[within]);
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Mozilla/5.0 (compatible; Pyra)",
      referer: `${ORIGIN}/`,
    };
    const init = { method: "POST", headers, body: form.toString() };
    const url = new URL("/html/", ORIGIN);
    const page = await askService({ label: "DuckDuckGo", url, init }, context);
    const results = resultsOf(page);
    if (results.length === 0 && /anomaly-modal|challenge-form/.test(page)) {
      const sentence = "DuckDuckGo wants to see that a person searches; wait, or choose another " +
        "service with pyra plugin setup websearch";
      throw new SearchError("limited", sentence);
    }
    return foundOf(results, ({ title, url, snippet }) => ({ title, url, snippet })).slice(0, count);
  },
};

interface Result {
  readonly title: string;
  readonly url: string;
  snippet: string;
}

function resultsOf(page: string): Result[] {
  const results: Result[] = [];
  for (const [, attributes = "", kind, text = ""] of page.matchAll(LINK)) {
    const last = results.at(-1);
    if (kind === "result__snippet") {
      if (last && last.snippet === "") last.snippet = text;
      continue;
    }
    const href = decodeHTMLAttribute(/\bhref="([^"]*)"/.exec(attributes)?.[1] ?? "");
    results.push({ title: text, url: targetOf(href), snippet: "" });
  }
  // Adverts lead through the service's own counter.
  return results.filter(({ url }) => url !== "");
}

/** Where a result leads: the address is a parameter of a link to DuckDuckGo. */
function targetOf(href: string): string {
  const url = URL.parse(href, ORIGIN);
  if (!url) return "";
  if (!/(?:^|\.)duckduckgo\.com$/.test(url.hostname)) return url.href;
  return url.pathname === "/l/" ? url.searchParams.get("uddg") ?? "" : "";
}
