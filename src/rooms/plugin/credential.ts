/**
 * Puts the stand-in for a secret into a request where the secret belongs. Egress exchanges it, and only
 * there; the plugin never sees the secret.
 * @module
 */
import type { PluginBoot } from "../../protocol/plugin_host_calls.ts";

type Credential = PluginBoot["credentials"][string];
type Fetch = typeof fetch;

/**
 * `fetch` with the option `credential`, a key of the manifest.
 * @param fetchWith a `fetch` that names the credential with its requests, so that the vault is opened
 */
export function fetchWithCredentials(
  fetchWith: (credential?: string) => Fetch,
  credentials: PluginBoot["credentials"],
): (url: string | URL, init?: RequestInit & { credential?: string }) => Promise<Response> {
  return async (url, init = {}) => {
    const { credential: key, ...rest } = init;
    if (key === undefined) return await fetchWith()(url, rest);
    const credential = Object.hasOwn(credentials, key) ? credentials[key] : undefined;
    if (!credential) {
      throw new TypeError(`the manifest names no secret ${JSON.stringify(key)} with origins`);
    }
    return await fetchWith(key)(...placed(new URL(url), rest, credential));
  };
}

function placed(
  url: URL,
  init: RequestInit,
  { placement, sentinel }: Credential,
): [URL, RequestInit] {
  const [kind = "", template = ""] = placement.split(": ");
  if (kind === "path") return [inPath(url, template, sentinel), init];
  const headers = new Headers(init.headers);
  if (kind === "form") {
    const body = init.body ?? "";
    if (!(body instanceof URLSearchParams) && typeof body !== "string") {
      throw new TypeError("this credential belongs into a form: give the body as URLSearchParams");
    }
    const form = new URLSearchParams(body);
    form.set(template, sentinel);
    headers.set("content-type", "application/x-www-form-urlencoded");
    return [url, { ...init, headers, method: init.method ?? "POST", body: form.toString() }];
  }
  headers.set(kind, template.replace("{}", sentinel));
  return [url, { ...init, headers }];
}

/** The address with the stand-in for its `{}`, which a URL writes as `%7B%7D`. */
function inPath(url: URL, template: string, sentinel: string): URL {
  const placed = new URL(url);
  placed.pathname = url.pathname.replace(/%7B%7D|\{\}/i, sentinel);
  if (placed.pathname.startsWith(template.replace("{}", sentinel))) return placed;
  throw new TypeError(`this credential belongs into the path: write the address with ${template}`);
}
