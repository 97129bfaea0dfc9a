/**
 * The one file that loads sucrase.
 * @module
 */
import { transform } from "sucrase";

/** The text without its types, line for line. @throws for what is no TypeScript */
export function stripTypes(text: string): string {
  return transform(text, { transforms: ["typescript"], disableESTransforms: true }).code;
}
