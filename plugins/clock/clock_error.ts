/** What the model, or the person, gave that is no time or no zone; the message says what to give. */
export class ClockError extends Error {
  override readonly name = "ClockError";
  readonly code: "bad_zone" | "bad_time";

  constructor(code: ClockError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
