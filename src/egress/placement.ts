/**
 * Puts a secret where its sentinel stands, if that is the place where the secret belongs.
 * @module
 */
import { binary, pathForm, unbinary } from "../rpc/secret_forms.ts";
import type { Draft } from "./request.ts";

/** Whether a sentinel stands in the address, the headers or the form of a request. */
export function occursIn(draft: Draft, sentinel: string): boolean {
  return [draft.url.href, ...[...draft.headers].flat(), formOf(draft) ?? ""]
    .some((text) => text.includes(sentinel));
}

/**
 * The request with the secret in place of the sentinel; undefined if the sentinel stands anywhere
 * but at the placement (as in `VaultRelease`).
 */
export function place(
  draft: Draft,
  sentinel: string,
  placement: string,
  value: string,
): Draft | undefined {
  const [kind = "", template = ""] = placement.split(": ");
  const [before = "", after = ""] = template.split("{}");
  const stand = before + sentinel + after;
  let placed = draft;
  const form = formOf(draft);
  if (kind === "path" && draft.url.pathname.startsWith(stand)) {
    const url = new URL(draft.url);
    url.pathname = before + pathForm(value) + after + url.pathname.slice(stand.length);
    placed = { ...draft, url };
  } else if (kind === "form" && form !== undefined) {
    placed = { ...draft, body: unbinary(placeInForm(form, template, sentinel, value)) };
  } else if (draft.headers.get(kind) === stand) {
    const headers = new Headers(draft.headers);
    headers.set(kind, before + binary(new TextEncoder().encode(value)) + after);
    placed = { ...draft, headers };
  }
  return occursIn(placed, sentinel) ? undefined : placed;
}

/** The body as text, one character a byte, if it is a form of known length. */
function formOf({ headers, body }: Draft): string | undefined {
  const type = headers.get("content-type") ?? "";
  return /^application\/x-www-form-urlencoded\b/i.test(type) && body instanceof Uint8Array
    ? binary(body)
    : undefined;
}

function placeInForm(form: string, field: string, sentinel: string, value: string): string {
  return form.split("&").map((pair) => {
    const [[name, content] = []] = new URLSearchParams(pair);
    return name === field && content === sentinel
      ? new URLSearchParams([[field, value]]).toString()
      : pair;
  }).join("&");
}
