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
import type { Binding, Released } from "../protocol/vault_calls.ts";
import { VaultError } from "./error.ts";

const VALUE_LIMIT_BYTES = 64 * 1024;
const ORIGINS_LIMIT = 32;
const PLACEMENT_LIMIT = 500;
const ORIGIN = /^https?:\/\/[^/?#@\\*\s]{1,255}\/?$/i;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Headers that say how a request is framed or where it goes, and the words of the other places. */
const NO_HEADER =
  /^(?:path|form|host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*):/i;
const PLACES = [
  /^(form): *([\w.[\]-]{1,100})$/i,
  /^(path): *(?!.*\/\.{1,2}(?:\/|$))(\/[\w.~!$&'()*+,;=:@%/-]*\{\}[\w.~!$&'()*+,;=:@%/-]*)$/i,
  /^([a-z0-9!#$%&'*+.^_`|~-]{1,100}): *([\x20-\x7a|~]*\{\}[\x20-\x7a|~]*)$/i,
];

/**
 * An origin in its one form: scheme, lower-case host, port unless it is the scheme's own.
 * @throws {VaultError} `refused`
 */
export function readOrigin(text: string): string {
  const url = ORIGIN.test(text) ? URL.parse(text) : null;
  const isSafe = url?.protocol === "https:" || LOOPBACK.test(url?.hostname ?? "");
  if (url && isSafe && !url.hostname.endsWith(".")) return url.origin;
  const hint = "write https://host or https://host:port; http is for localhost alone";
  throw new VaultError("refused", "a secret goes to an https origin, or to this machine", hint);
}

function readPlacement(text: string): string {
  const places = NO_HEADER.test(text) ? PLACES.slice(0, 2) : PLACES;
  const [, name, place] = places.map((form) => form.exec(text)).find(Boolean) ?? [];
  if (name && place && text.length <= PLACEMENT_LIMIT) {
    return `${name.toLowerCase()}: ${place.trim()}`;
  }
  const hint = "write it as 'authorization: Bearer {}', 'path: /v1/{}/items' or 'form: field'";
  throw new VaultError("refused", "a placement says where in a request the secret stands", hint);
}

/** Origins and placement in their one form. @throws {VaultError} `refused`, also for one alone */
export function readBinding(origins: readonly string[], placement: string): Binding {
  if (origins.length === 0 && placement === "") return { origins: [], placement };
  if (origins.length > 0 && origins.length <= ORIGINS_LIMIT) {
    return { origins: [...new Set(origins.map(readOrigin))], placement: readPlacement(placement) };
  }
  const message = `a secret for requests has 1 to ${ORIGINS_LIMIT} origins and a placement`;
  throw new VaultError("refused", message, "give both, or neither if it goes into no request");
}

/** Refuses what no secret is, and what would break a request's head. @throws {VaultError} `refused` */
export function checkValue(value: string, placement: string): void {
  const size = new TextEncoder().encode(value).length;
  if (size === 0 || size > VALUE_LIMIT_BYTES || !value.isWellFormed()) {
    throw new VaultError("refused", `a secret has 1 to ${VALUE_LIMIT_BYTES} bytes of text`);
  }
  const isFree = placement === "" || placement.startsWith("form:");
  if (isFree || /^[\x21-\x7e]+$/.test(value)) return;
  throw new VaultError("refused", "a secret for a header or a path is one word", "check it");
}

/**
 * What egress is given for a request to `origin`.
 * @param value `undefined` for one whose own passphrase was not given
 * @throws {VaultError} `origin_unbound`, `own_passphrase`, `refused`
 */
export function releaseTo(origin: string, name: string, to: Binding, value?: string): Released {
  if (!to.origins.includes(origin)) {
    const hint = "bind it by entering the secret again with --origin";
    throw new VaultError("origin_unbound", `${name} may not go to that origin`, hint);
  }
  if (value === undefined) {
    throw new VaultError("own_passphrase", `${name} has a passphrase of its own`, "enter it");
  }
  checkValue(value, to.placement);
  return { value, placement: to.placement };
}
