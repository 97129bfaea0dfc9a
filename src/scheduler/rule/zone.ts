/**
 * Zones, and the local times in them, by what the runtime knows of zones.
 * @module
 */
import { editDistance } from "../../protocol/edit_distance.ts";
import { EXIT, PyraError } from "../../protocol/error.ts";
import { oneLine } from "../../protocol/foreign_text.ts";

/** A time as a clock on the wall shows it. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** An instant of a local time; `gap`: the clock skips it; `twice`: it shows it two times. */
export interface LocalInstant {
  readonly at: number;
  readonly kind: "plain" | "gap" | "twice";
}

/** A change of a zone's clock. */
export interface ClockChange {
  /** The first instant with the new offset. */
  readonly at: number;
  /** Offsets from UTC, ms. */
  readonly before: number;
  readonly after: number;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** The zone of this machine. */
export function systemZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) ? zone : "UTC";
}

/**
 * A zone as it is spelled.
 * @throws {PyraError} `schedule_zone`, with the nearest
 */
export function zoneNamed(text: string): string {
  const typed = text.trim();
  const known = [...Intl.supportedValuesOf("timeZone"), "UTC"];
  const spelled = known.find((zone) => zone.toLowerCase() === typed.toLowerCase());
  if (spelled !== undefined) return spelled;
  // Older names are no longer listed, and still work. An offset has no daylight saving.
  if (/^[a-z]/i.test(typed) && isZone(typed)) return typed;
  const near = nearestZone(typed, known);
  throw new PyraError(
    "configuration",
    "schedule_zone",
    `there is no time zone "${oneLine(typed, 40)}"`,
    {
      hint: near === undefined ? "name one such as Europe/Berlin or UTC" : `did you mean ${near}?`,
      exitCode: EXIT.usage,
    },
  );
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

/** The zone, or the zone of the city, that is most like what was typed. */
function nearestZone(typed: string, zones: readonly string[]): string | undefined {
  const word = typed.toLowerCase().replaceAll(" ", "_").slice(0, 64);
  let best: { zone: string; distance: number } | undefined;
  for (const zone of zones) {
    const name = zone.toLowerCase();
    const city = name.slice(name.lastIndexOf("/") + 1);
    const distance = Math.min(editDistance(word, name), editDistance(word, city));
    if (best === undefined || distance < best.distance) best = { zone, distance };
  }
  return best !== undefined && best.distance <= Math.max(1, word.length / 3)
    ? best.zone
    : undefined;
}

/** What the clock of a zone shows at an instant. */
export function localTime(at: number, zone: string): LocalTime {
  const parts = new Map<string, number>();
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts.set(type, Number(value));
  const part = (name: string) => parts.get(name) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

/** The instant of a local time. In a gap it is the first moment after it; of two, the first. */
export function instantOf(time: LocalTime, zone: string): LocalInstant {
  const shown = asUtc(time);
  const early = offsetAt(shown - DAY_MS, zone);
  const late = offsetAt(shown + DAY_MS, zone);
  const found = [...new Set([shown - early, shown - late])]
    .filter((at) => at + offsetAt(at, zone) === shown)
    .sort((one, other) => one - other);
  const [at, second] = found;
  if (at !== undefined) return { at, kind: second === undefined ? "plain" : "twice" };
  return { at: changeBetween(shown - DAY_MS, shown + DAY_MS, zone), kind: "gap" };
}

/** The changes of a zone's clock in the days after an instant. */
export function clockChanges(from: number, days: number, zone: string): ClockChange[] {
  const changes: ClockChange[] = [];
  let before = offsetAt(from, zone);
  for (let day = 1; day <= days; day += 1) {
    const end = from + day * DAY_MS;
    const after = offsetAt(end, zone);
    if (after !== before) {
      changes.push({ at: changeBetween(end - DAY_MS, end, zone), before, after });
    }
    before = after;
  }
  return changes;
}

/** The first second of the offset that holds at `end`. */
function changeBetween(start: number, end: number, zone: string): number {
  const after = offsetAt(end, zone);
  let [low, high] = [Math.floor(start / SECOND_MS), Math.floor(end / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * SECOND_MS, zone) === after) high = middle;
    else low = middle;
  }
  return high * SECOND_MS;
}

/** How far the clock of a zone is ahead of UTC, ms. */
function offsetAt(at: number, zone: string): number {
  const whole = Math.floor(at / SECOND_MS) * SECOND_MS;
  return asUtc(localTime(whole, zone)) - whole;
}

function asUtc({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Making one takes longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();
const FORMATS_LIMIT = 32;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  if (formats.size >= FORMATS_LIMIT) formats.clear();
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}
