/**
 * A file as a part of a question.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import type { Part } from "../protocol/message.ts";
import { fenced } from "../sessions/fence.ts";

/** The largest image that is sent. */
export const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
/** The largest text file that is sent. */
export const MAX_TEXT_BYTES = 1024 * 1024;
/** More of a file than this need not be read to know that it is refused. */
export const MAX_ATTACHMENT_BYTES = MAX_IMAGE_BYTES;

/**
 * Text (UTF-8, UTF-16 with a byte order mark, else Windows-1252) becomes fenced text under the file's name; PNG, JPEG,
 * GIF and WebP, told by their first bytes, become an image.
 * @param path the file's name or path; only its last piece is shown to the model
 * @throws {PyraError} codes `attachment_unsupported`, `attachment_too_large`
 */
export function toPart(path: string, bytes: Uint8Array): Part {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  const origin = { kind: "input", from: `the file ${oneLine(name, 200)}` } as const;
  const mediaType = imageType(bytes);
  checkSize(name, bytes.length, mediaType === undefined ? MAX_TEXT_BYTES : MAX_IMAGE_BYTES);
  if (mediaType !== undefined) {
    return { type: "image", media_type: mediaType, data: toBase64(bytes), name, origin };
  }
  const text = decodeText(bytes);
  if (text === undefined) {
    throw new PyraError(
      "file",
      "attachment_unsupported",
      `${name} is neither text nor an image that models take`,
      { hint: "attach text in UTF-8, or a PNG, JPEG, GIF or WebP image" },
    );
  }
  return { type: "text", text: `File ${name}:\n${fenced(text)}`, origin };
}

function checkSize(name: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  const kind = limit === MAX_TEXT_BYTES ? "text files" : "images";
  throw new PyraError(
    "file",
    "attachment_too_large",
    `${name} has ${megabytes(bytes)}, and ${kind} may have ${megabytes(limit)}`,
    { hint: "attach a smaller file, or a part of it" },
  );
}

function megabytes(bytes: number): string {
  return `${(Math.ceil(bytes / 1024 / 102.4) / 10).toFixed(1)} MB`;
}

/** The media type that an image's first bytes tell, or `undefined`. */
function imageType(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "image/gif";
  if (start.startsWith("RIFF") && start.slice(8) === "WEBP") return "image/webp";
  return undefined;
}

/** The text of a file, or `undefined` if its bytes are no text. */
function decodeText(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const text = new TextDecoder().decode(bytes);
  // deno-lint-ignore no-control-regex -- escapes and tabs occur in text, the other control bytes do not
  if (/[\0-\x06\x0e-\x1a]/.test(text)) return undefined;
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[\x80-\ufffc\ufffe\uffff]/g)?.length ?? 0;
  // Some broken bytes among many letters: damaged UTF-8. Else it is an older encoding of Western text.
  return broken <= whole ? text : new TextDecoder("windows-1252").decode(bytes);
}

function toBase64(bytes: Uint8Array): string {
  // Pieces of a multiple of three bytes join without padding between them.
  const PIECE_BYTES = 3 * 8192;
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))));
  }
  return pieces.join("");
}
