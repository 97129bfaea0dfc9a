/**
 * Which requests go through the proxy of the kernel's environment.
 * @module
 */
import type { ProxySettings } from "../protocol/egress_calls.ts";
import { bare, isLoopback } from "./address.ts";

/** The proxy that a request goes through, if it does (`NO_PROXY` as curl reads it; loopback never). */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const proxy = url.protocol === "https:" ? settings.https : settings.http;
  if (!proxy || isLoopback(url.hostname)) return undefined;
  for (const entry of (settings.no ?? "").toLowerCase().split(/[\s,]+/).filter(Boolean)) {
    const name = entry.replace(/^\*?\./, "");
    for (const host of [bare(url.hostname), url.host]) {
      if (name === "*" || host === name || host.endsWith(`.${name}`)) return undefined;
    }
  }
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}
