/**
 * Any front matter, read with the package `yaml`. Imported only when the plain reader refuses.
 * @module
 */
import { parseDocument } from "yaml";
import type { Fields, FieldValue } from "./plain_fields.ts";

/** How often a front matter may use what it named, so that it cannot grow without end. */
const ALIAS_LIMIT = 20;
/** Thousands of brackets one in another take the package seconds. */
const BRACKET_LIMIT = 2_000;

function asTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(asTexts);
  return typeof value === "string" ? [value] : [];
}

/** The fields, all as texts and lists of texts, or why they cannot be read. */
export function readYamlFields(
  text: string,
):
  | { readonly kind: "read"; readonly fields: Fields }
  | { readonly kind: "broken"; readonly why: string } {
  if (text.split(/[[{]/, BRACKET_LIMIT + 1).length > BRACKET_LIMIT) {
    return broken("it has too many brackets");
  }
  try {
    const document = parseDocument(text, {
      // Every scalar is text: `007` and `2024-05-01` mean what is written.
      schema: "failsafe",
      uniqueKeys: false,
      logLevel: "silent",
      prettyErrors: true,
    });
    const [error] = document.errors;
    if (error) return broken(error.message);
    const content: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT, mapAsMap: true });
    if (content === null || content === "") return { kind: "read", fields: new Map() };
    if (!(content instanceof Map)) return broken("it has no fields");
    const fields = new Map<string, FieldValue>();
    for (const [name, value] of content) {
      if (typeof name !== "string" || value instanceof Map) continue;
      fields.set(
        name,
        Array.isArray(value) ? asTexts(value) : typeof value === "string" ? value : "",
      );
    }
    return { kind: "read", fields };
  } catch (cause) {
    // Aliases without end, and whatever else the package meets in foreign text.
    return broken(cause instanceof Error ? cause.message : String(cause));
  }
}

function broken(message: string): { readonly kind: "broken"; readonly why: string } {
  const [line = ""] = message.split("\n");
  return { kind: "broken", why: line.replace(/:?\s*$/, "").slice(0, 200) };
}
