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

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2 };

/**
 * The findings that tell a person something: one inside another of its category, and no graver, says the
 * same in weaker words. In the order of the text.
 */
export function tellingOnes(findings: readonly Finding[]): Finding[] {
  const sorted = findings.toSorted((a, b) =>
    a.start - b.start || b.end - a.end || RANK[b.severity] - RANK[a.severity]
  );
  /** For each category, how far one of each rank or a higher one reaches. */
  const reached = new Map<Category, number[]>();
  return sorted.filter(({ category, severity, end }) => {
    const ends = reached.get(category) ?? [0, 0, 0];
    reached.set(category, ends);
    if ((ends[RANK[severity]] ?? 0) >= end) return false;
    for (let rank = RANK[severity]; rank >= 0; rank--) ends[rank] = Math.max(ends[rank] ?? 0, end);
    return true;
  });
}
