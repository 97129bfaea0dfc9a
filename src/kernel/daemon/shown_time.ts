/** A time of ISO 8601 as people read it, in their zone: `Sat Nov 21 2026 19:52`. */
export function shownTime(iso: string): string {
  return new Date(iso).toString().slice(0, 21);
}
