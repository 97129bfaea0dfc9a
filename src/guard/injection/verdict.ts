/**
 * Suspicions as findings: without repetitions, in order, fit to be shown.
 * @module
 */
import type { Finding, Severity } from "../finding.ts";
import { excerptOf } from "./excerpt.ts";
import type { Mark } from "./markers.ts";

const SEVERITIES: readonly Severity[] = ["low", "low", "medium", "high"];
/** Findings of one text. The worst are kept. */
const MAX_FINDINGS = 200;

/** The findings of a text, by where they begin. */
export function findingsOf(suspicions: readonly Mark[], text: string): Finding[] {
  const kept = new Map<string, Mark>();
  const worstFirst = suspicions.filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.start - b.start);
  for (const one of worstFirst) {
    if (kept.size >= MAX_FINDINGS) break;
    // The same said of the same place in several ways counts once.
    const key = `${one.label}:${one.start}`;
    if (!kept.has(key)) kept.set(key, one);
  }
  return [...kept.values()].sort((a, b) => a.start - b.start).map((one) => ({
    label: one.label,
    category: one.category,
    severity: SEVERITIES[Math.min(one.points, 3)] ?? "low",
    start: one.start,
    end: one.end,
    excerpt: excerptOf(text, one.start, one.end),
  }));
}
