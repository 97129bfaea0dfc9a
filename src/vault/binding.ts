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
const HEADER = /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}): *([\x20-\x7e]{2,500})$/;
const PATH = /^path: *(\/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]{1,500})$/i;
const FORM = /^form: *([A-Za-z0-9._[\]-]{1,100})$/i;
/** Headers that say how a request is framed or where it goes: never a place for a secret. */
const FRAMING =
  /^(?:host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/;

/**
 * An origin in its one form: scheme, lower-case host, port unless it is the scheme's own.
 * @throws {VaultError} `bad_binding`
 */
export function readOrigin(text: string): string {
  const url = ORIGIN.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.hostname.endsWith(".")) {
    throw new VaultError(
      "bad_binding",
      "an origin is a scheme, a host and perhaps a port",
      "write it as https://api.example.com or https://api.example.com:8443",
    );
  }
  if (url.protocol !== "https:" && !LOOPBACK.test(url.hostname)) {
    throw new VaultError(
      "bad_binding",
      "a secret goes to https only, or to this machine",
      "use https, or http with localhost, 127.0.0.1 or [::1]",
    );
  }
  return url.origin;
}

function readPlacement(text: string): string {
  const form = FORM.exec(text)?.[1];
  if (form !== undefined) return `form: ${form}`;
  const path = PATH.exec(text)?.[1];
  if (path !== undefined && isTemplate(path) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) {
    return `path: ${path}`;
  }
  const [, name = "", template = ""] = HEADER.exec(text) ?? [];
  const header = name.toLowerCase();
  if (
    !name || header === "path" || header === "form" || FRAMING.test(header) || !isTemplate(template)
  ) {
    throw new VaultError(
      "bad_binding",
      "a placement says where in a request the secret stands",
      "write it as 'authorization: Bearer {}', 'x-api-key: {}', 'path: /v1/{}/items' or 'form: field'",
    );
  }
  return `${header}: ${template.trim()}`;
}

/** Exactly one `{}` and no other brace. */
function isTemplate(text: string): boolean {
  return /^[^{}]*\{\}[^{}]*$/.test(text);
}

/**
 * Origins and placement in their one form.
 * @throws {VaultError} `bad_binding`, also if only one of the two is given
 */
export function readBinding(origins: readonly string[], placement: string): Binding {
  if (origins.length === 0 && placement === "") return { origins: [], placement };
  if (origins.length === 0 || placement === "") {
    throw new VaultError(
      "bad_binding",
      "a secret for requests has origins and a placement",
      "give both, or neither for a secret that goes into no request",
    );
  }
  if (origins.length > ORIGINS_LIMIT) {
    throw new VaultError("bad_binding", `a secret has at most ${ORIGINS_LIMIT} origins`);
  }
  return { origins: [...new Set(origins.map(readOrigin))], placement: readPlacement(placement) };
}
