/**
 * What a scan of a text finds.
 * @module
 */

/** What kind of attack a text looks like. */
export type Category =
  /** It tells the model to drop or replace its instructions. */
  | "instruction_override"
  /** It speaks as the system, the developer, Pyra or the person. */
  | "impersonation"
  /** It wants secrets or private data sent somewhere, also by a Markdown image or a link. */
  | "exfiltration"
  /** It wants tools called or commands run. */
  | "coercion"
  /** It holds text that a person would not see. */
  | "hidden_text"
  /** What it holds in another encoding is one of the others. */
  | "encoded_payload";

/** How sure, and how bad. Only `high` is worth stopping for. */
export type Severity = "low" | "medium" | "high";

/** One place in a text. */
export interface Finding {
  /** What a person may be shown, lower case: `asks to ignore earlier instructions`. */
  readonly label: string;
  readonly category: Category;
  readonly severity: Severity;
  /** Offsets in UTF-16 units in the text as it was given; `end` is behind the last one. */
  readonly start: number;
  readonly end: number;
  /** One line, 120 UTF-16 units at most, fit to be shown. */
  readonly excerpt: string;
}
