/**
 * An answer's bytes as text: by its type, its byte order mark, its header, or what the page says of itself.
 * @module
 */
import { PageError } from "./page_error.ts";

/** What an answer holds. */
export interface PageText {
  /** `html` is to be read as a page, `text` as it is. */
  readonly kind: "html" | "text";
  readonly text: string;
}

const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;
const TEXT =
  /^(?:text\/[\w.+-]+|application\/(?:(?:[\w.-]+\+)?(?:json|xml|yaml)|json5|x-ndjson|x-yaml|toml|javascript|ecmascript|x-javascript|x-sh|sql))$/;
/** The standard looks so far for a page's own word about its encoding. */
const SNIFFED_BYTES = 1024;

/** What an answer of that type may be; checked before its body is read. @throws {PageError} `not_text` */
export function refuseType(contentType: string | null): void {
  const type = typeOf(contentType);
  if (type === "" || type === "application/octet-stream" || HTML.test(type) || TEXT.test(type)) {
    return;
  }
  throw notText(type === "application/pdf" ? "a PDF" : type);
}

/** Reads the body. @throws {PageError} `not_text` */
export function pageText(bytes: Uint8Array<ArrayBuffer>, contentType: string | null): PageText {
  refuseType(contentType);
  refuseBinary(bytes);
  const type = typeOf(contentType);
  const text = decode(bytes, contentType);
  if (/[\0]/.test(text.slice(0, 100_000))) throw notText("binary data");
  if (HTML.test(type)) return { kind: "html", text };
  const looksLikeHtml = /^\s*(?:<!--[^]*?-->\s*)?<(?:!doctype html|html|head|body)\b/i
    .test(text.slice(0, 4_096));
  const isUntyped = type === "" || type === "application/octet-stream";
  return { kind: isUntyped && looksLikeHtml ? "html" : "text", text };
}

function typeOf(contentType: string | null): string {
  return (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** What begins like a file that is no text, whatever its header says. */
function refuseBinary(bytes: Uint8Array): void {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (start.startsWith("%PDF-")) throw notText("a PDF");
  const known = [
    ["\x89PNG", "an image"],
    ["GIF8", "an image"],
    ["\xFF\xD8\xFF", "an image"],
    [
      "PK\x03\x04",
      "an archive",
    ],
    ["\x1F\x8B", "an archive"],
    ["\x7FELF", "a program"],
  ] as const;
  const found = known.find(([mark]) => start.startsWith(mark));
  if (found) throw notText(found[1]);
}

function notText(what: string): PageError {
  return new PageError(
    "not_text",
    `that address holds ${what}, and only pages of text can be read`,
  );
}

function decode(bytes: Uint8Array<ArrayBuffer>, contentType: string | null): string {
  const label = markOf(bytes) ?? /charset\s*=\s*["']?([\w:.-]+)/i.exec(contentType ?? "")?.[1] ??
    ownLabel(bytes) ?? "utf-8";
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (error) {
    // A name that no decoder knows.
    if (!(error instanceof RangeError)) throw error;
    return new TextDecoder().decode(bytes);
  }
}

function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xff && second === 0xfe ? "utf-16le" : undefined;
}

/** `<meta charset=…>`, `<meta … content="…; charset=…">`, or an XML declaration. */
function ownLabel(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, SNIFFED_BYTES));
  const label = /<meta\b[^>]*?charset\s*=\s*["']?([\w:.-]+)/i.exec(start)?.[1] ??
    /^<\?xml\b[^>]*?encoding\s*=\s*["']([\w:.-]+)/i.exec(start)?.[1];
  // It could be read as bytes, so it is not what it says.
  return label === undefined ? undefined : /^utf-?16/i.test(label) ? "utf-8" : label;
}
