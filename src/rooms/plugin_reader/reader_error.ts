/** What is wrong with a plugin's texts, in a sentence for its author. */
export class ReaderError extends Error {
  override readonly name = "ReaderError";
  readonly code = "plugin_failed";

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
