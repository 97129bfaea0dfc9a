/** What cannot be done here; the message says why and what to do instead. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  readonly code: "bad_input" | "bad_name" | "protected" | "no_manager" | "not_alone" | "failed";

  constructor(code: SystemError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
