/** What the model gave that cannot be run; the message says what to give. */
export class ShellError extends Error {
  override readonly name = "ShellError";
  readonly code: "bad_command" | "bad_folder" | "bad_limit" | "no_output";

  constructor(code: ShellError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
