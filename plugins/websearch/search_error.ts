/** Why there are no results. The message is for the model and the person. */
export class SearchError extends Error {
  override readonly name = "SearchError";
  readonly code: SearchErrorCode;

  constructor(code: SearchErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The kinds of failure. */
export type SearchErrorCode =
  | "bad_input"
  /** No service was chosen, or what it needs is missing. */
  | "not_set_up"
  /** The service did not accept the key, or wants no programs. */
  | "refused"
  /** It was asked too often. */
  | "limited"
  /** It failed, or cannot be reached. */
  | "failed";
