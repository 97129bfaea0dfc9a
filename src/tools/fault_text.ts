/**
 * What a model is told of a fault of a tool.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";

const FAULT_UNITS = 500;

/** A thrown thing as one line. Never throws, whatever was thrown. */
export function faultText(thrown: unknown): string {
  try {
    if (thrown instanceof PyraError && thrown.hint !== "") {
      return oneLine(`${thrown.message}; ${thrown.hint}`, FAULT_UNITS);
    }
    const text = thrown instanceof Error ? thrown.message : thrown;
    return typeof text === "string" && text !== ""
      ? oneLine(text, FAULT_UNITS)
      : "it gave no reason";
  } catch {
    // A getter of what was thrown threw in its turn.
    return "it gave no reason";
  }
}
