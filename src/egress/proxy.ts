/**
 * Which requests go through the proxy of the kernel's environment.
 * @module
 */
import { bare, isLoopback } from "./address.ts";
import type { ProxySettings } from "./calls.ts";

/** The proxy that a request goes through, if it does (`NO_PROXY` as curl reads it; loopback never). */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const proxy = url.protocol === "https:" ? settings.https : settings.http;
  if (!proxy || isLoopback(url.hostname)) return undefined;
  const host = bare(url.hostname);
  for (const entry of (settings.no ?? "").toLowerCase().split(/[\s,]+/).filter(Boolean)) {
    const [, port] = /(?:^[^:]+|\]):(\d+)$/.exec(entry) ?? [];
    const name = bare(port ? entry.slice(0, -port.length - 1) : entry).replace(/^\*?\./, "");
    if (port && Number(port) !== portOf(url)) continue;
    if (name === "*" || host === name || host.endsWith(`.${name}`)) return undefined;
  }
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** The port of an http or https address, also where it is the scheme's own. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}
