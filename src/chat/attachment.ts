/**
 * A file as a part of a question.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { Part } from "../protocol/message.ts";

/**
 * Text becomes fenced text under the file's name; PNG, JPEG, GIF and WebP become an image.
 * @throws {PyraError} codes `attachment_binary`, `attachment_too_large`
 */
export function toPart(_name: string, _bytes: Uint8Array): Part {
  throw new PyraError("system", "not_there_yet", "attachments are not there yet");
}
