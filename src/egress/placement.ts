/**
 * Puts a secret where its sentinel stands, if that is the place where the secret belongs.
 * @module
 */
import { binary, pathForm } from "./blot.ts";
import type { Body, Pair } from "./request.ts";

const FORM_BYTES = 64 * 1024;

/** The parts of a request in which sentinels are looked for. */
export interface Draft {
  readonly url: URL;
  readonly headers: readonly Pair[];
  /** The body as text, one character a byte, if it is a small form. */
  readonly form: string | undefined;
}

/** Whether a sentinel stands anywhere in a request. */
export function occursIn(draft: Draft, sentinel: string): boolean {
  return draft.url.href.includes(sentinel) || (draft.form?.includes(sentinel) ?? false) ||
    draft.headers.some((pair) => pair.some((text) => text.includes(sentinel)));
}

/**
 * The request with the secret in place of the sentinel; undefined if the sentinel stands anywhere
 * but at the placement. `placement` is `<header>: <text with {}>`, `path: <start of the path, with
 * {}>` or `form: <field>`.
 */
export function place(
  draft: Draft,
  sentinel: string,
  placement: string,
  value: string,
): Draft | undefined {
  const [, kind = "", template = ""] = /^([^:]+):\s*(.*?)\s*$/.exec(placement) ?? [];
  const [before = "", after = ""] = template.split("{}");
  const bytes = binary(new TextEncoder().encode(value));
  let { url, headers, form } = draft;
  if (kind === "path") {
    const start = before + sentinel + after;
    if (template.startsWith("/") && url.pathname.startsWith(start)) {
      const rest = url.pathname.slice(start.length);
      url = new URL(url);
      url.pathname = before + pathForm(value) + after + rest;
    }
  } else if (kind === "form") {
    const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
    form &&= placeInForm(form, type, { field: template, sentinel, value, bytes });
  } else {
    headers = headers.map(([name, text]) =>
      name === kind.toLowerCase() && text === before + sentinel + after
        ? [name, before + bytes + after]
        : [name, text]
    );
  }
  const placed = { url, headers, form };
  return occursIn(placed, sentinel) ? undefined : placed;
}

/** The text of a body in which a secret may have a field: a form of at most 64 KiB. */
export function formText(headers: readonly Pair[], body: Body): string | undefined {
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type);
  return isForm && body instanceof Uint8Array && body.length <= FORM_BYTES
    ? binary(body)
    : undefined;
}

function placeInForm(
  form: string,
  type: string,
  { field, sentinel, value, bytes }: Record<"field" | "sentinel" | "value" | "bytes", string>,
): string {
  const boundary = /^multipart\/.*;\s*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) {
    return form.split("&").map((pair) => {
      const [[name, content] = []] = new URLSearchParams(pair);
      if (name !== field || content !== sentinel) return pair;
      return new URLSearchParams([[field, value]]).toString();
    }).join("&");
  }
  return form.split(`--${boundary}`).map((part) => {
    const [, head = "", content] = /^(\r\n[^]*?\r\n\r\n)([^]*)\r\n$/.exec(part) ?? [];
    if (content !== sentinel || /;\s*name="([^"]*)"/i.exec(head)?.[1] !== field) return part;
    return `${head}${bytes}\r\n`;
  }).join(`--${boundary}`);
}
