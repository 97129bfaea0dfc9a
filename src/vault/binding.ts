/**
 * Where a secret may go: the origins, and its place in a request. One of
 *
 * - a header: `authorization: Bearer {}`
 * - a part of the path: `path: /v1/{}/items`
 * - a form's field: `form: api_key`
 *
 * `{}` stands for the value.
 * @module
 */
import { VaultError } from "./error.ts";

/** A checked binding in its one form; both parts are empty for a secret that no request carries. */
export interface Binding {
  readonly origins: readonly string[];
  readonly placement: string;
}

const ORIGINS_LIMIT = 32;
const ORIGIN = /^https?:\/\/[^/?#@\\*\s]{1,255}\/?$/i;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const HEADER = /^([a-z0-9!#$%&'*+.^_`|~-]{1,100}): *([\x20-\x7a|~]*\{\}[\x20-\x7a|~]*)$/i;
const PATH = /^path: *(\/[\w.~!$&'()*+,;=:@%/-]*\{\}[\w.~!$&'()*+,;=:@%/-]*)$/i;
const FORM = /^form: *([\w.[\]-]{1,100})$/i;
const LIMIT = 500;
/** Headers that say how a request is framed or where it goes, and the words of the other places. */
const NO_HEADER =
  /^(?:path|form|host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/;

/**
 * An origin in its one form: scheme, lower-case host, port unless it is the scheme's own.
 * @throws {VaultError} `refused`
 */
export function readOrigin(text: string): string {
  const url = ORIGIN.test(text) ? URL.parse(text) : null;
  if (!url || url.hostname.endsWith(".")) {
    const hint = "write it as https://api.example.com or https://api.example.com:8443";
    throw new VaultError("refused", "an origin is a scheme, a host and perhaps a port", hint);
  }
  if (url.protocol !== "https:" && !LOOPBACK.test(url.hostname)) {
    const hint = "use https, or http with localhost, 127.0.0.1 or [::1]";
    throw new VaultError("refused", "a secret goes to https only, or to this machine", hint);
  }
  return url.origin;
}

function readPlacement(text: string): string {
  const form = FORM.exec(text)?.[1];
  if (form !== undefined) return `form: ${form}`;
  const path = PATH.exec(text)?.[1];
  if (path !== undefined && text.length <= LIMIT && !/\/\.{1,2}(?:\/|$)/.test(path)) {
    return `path: ${path}`;
  }
  const [, name = "", template = ""] = HEADER.exec(text) ?? [];
  const header = name.toLowerCase();
  if (name && text.length <= LIMIT && !NO_HEADER.test(header)) {
    return `${header}: ${template.trim()}`;
  }
  throw new VaultError(
    "refused",
    "a placement says where in a request the secret stands",
    "write it as 'authorization: Bearer {}', 'x-api-key: {}', 'path: /v1/{}/items' or 'form: field'",
  );
}

/** Origins and placement in their one form. @throws {VaultError} `refused`, also for one alone */
export function readBinding(origins: readonly string[], placement: string): Binding {
  if (origins.length === 0 && placement === "") return { origins: [], placement };
  if (origins.length === 0 || placement === "" || origins.length > ORIGINS_LIMIT) {
    const hint = "give both, or neither for a secret that goes into no request";
    const message = `a secret for requests has 1 to ${ORIGINS_LIMIT} origins and a placement`;
    throw new VaultError("refused", message, hint);
  }
  return { origins: [...new Set(origins.map(readOrigin))], placement: readPlacement(placement) };
}
