/**
 * Why a server of the Model Context Protocol gave no answer.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";

/** What went wrong. */
export type McpErrorCode =
  /** It could not be reached, or answered with an error of HTTP. */
  | "unreachable"
  /** It wants to know who asks, or refuses who does. */
  | "unauthorized"
  /** It does not know the session any more; the request was not looked at. */
  | "session_gone"
  /** It answered with what the protocol does not have, or too much of it. */
  | "bad_answer"
  /** It answered with an error of its own. */
  | "refused"
  | "timeout";

const MESSAGE_UNITS = 300;

/** A failure; the message is one line, and may hold the server's words. */
export class McpError extends Error {
  override readonly name = "McpError";
  readonly code: McpErrorCode;

  constructor(code: McpErrorCode, message: string, cause?: unknown) {
    super(oneLine(message, MESSAGE_UNITS), cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
