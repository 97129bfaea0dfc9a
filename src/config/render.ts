/**
 * Values as they are written into `config.yaml`: always one line, so that no value can reach into
 * another one's lines.
 * @module
 */
import { isPlainText } from "./plain_reader.ts";

/** How a text is quoted where quotes are not needed, or of which kind they are. */
export type Quotes = "plain" | "single" | "double";

/** A value on one line, for a place in lines or in braces. */
export function renderValue(value: unknown, quotes: Quotes = "plain"): string {
  if (typeof value === "string") return renderText(value, quotes);
  if (Array.isArray(value)) return `[${value.map((item) => renderValue(item)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) =>
      `${renderText(key, "plain")}: ${renderValue(item)}`
    );
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A text, in the wanted quotes where it can be written so, in double quotes otherwise. */
export function renderText(text: string, quotes: Quotes = "plain"): string {
  if (quotes === "plain" && isPlainText(text)) return text;
  if (quotes === "single" && !/['\p{C}\p{Zl}\p{Zp}]/u.test(text)) return `'${text}'`;
  // JSON's escapes are YAML's too; JSON leaves some characters as they are that YAML cannot hold.
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
