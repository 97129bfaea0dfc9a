/** Why a page could not be read. The message is for the model and the person. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly code: PageErrorCode;

  constructor(code: PageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The kinds of failure. */
export type PageErrorCode =
  /** What was given is no address of a page, or has no such part. */
  | "bad_input"
  /** The address lies in a network of one's own, or was not granted. */
  | "refused"
  /** Nothing, or not all of it, came. */
  | "unreachable"
  /** The server answered, but with no page. */
  | "no_page"
  /** It is no text. */
  | "not_text"
  | "too_large"
  | "too_slow";
