/** A time of ISO 8601 as people read it, in their zone: `2026-01-31 14:05`. */
export function shownTime(iso: string): string {
  // Swedish is written so.
  return new Date(iso).toLocaleString("sv").slice(0, 16);
}
