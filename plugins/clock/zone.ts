/**
 * Time zones: which is meant, and what its clocks show at an instant.
 * @module
 */
import { ClockError } from "./clock_error.ts";

/** A reading of a clock, without a zone. Months count from 1. */
export interface Reading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What a reading stands for in a zone. */
export interface Moment {
  /** Milliseconds since 1970, UTC. */
  readonly instant: number;
  /**
   * `skipped`: the clocks went forward over that reading, and the moment is as much later; `twice`: they
   * showed it twice, and this is the first time.
   */
  readonly kind: "plain" | "skipped" | "twice";
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NEAREST = 8;

/** Everyday names that the database of zones does not have. */
const ALIASES: Readonly<Record<string, string>> = {
  utc: "UTC",
  gmt: "UTC",
  z: "UTC",
  zulu: "UTC",
  beijing: "Asia/Shanghai",
  delhi: "Asia/Kolkata",
  mumbai: "Asia/Kolkata",
  bombay: "Asia/Kolkata",
  india: "Asia/Kolkata",
  japan: "Asia/Tokyo",
  germany: "Europe/Berlin",
  france: "Europe/Paris",
  spain: "Europe/Madrid",
  italy: "Europe/Rome",
  uk: "Europe/London",
  england: "Europe/London",
  washington: "America/New_York",
  boston: "America/New_York",
  miami: "America/New_York",
  san_francisco: "America/Los_Angeles",
  seattle: "America/Los_Angeles",
  california: "America/Los_Angeles",
  geneva: "Europe/Zurich",
  munich: "Europe/Berlin",
  hamburg: "Europe/Berlin",
  barcelona: "Europe/Madrid",
  milan: "Europe/Rome",
  et: "America/New_York",
  ct: "America/Chicago",
  mt: "America/Denver",
  pt: "America/Los_Angeles",
};

let known: ReadonlyMap<string, string> | undefined;

/** The zones' names by their names in small letters. */
function zones(): ReadonlyMap<string, string> {
  known ??= new Map(
    ["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => [zone.toLowerCase(), zone]),
  );
  return known;
}

/** The zone of the machine's clock. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * The zone that a text means: `Europe/Berlin`, `new york`, `UTC`, `+05:30`, `UTC-3`.
 * @throws {ClockError} `bad_zone`, which names the nearest ones
 */
export function findZone(text: string): string {
  const wanted = text.trim().toLowerCase().replace(/[\s_]+/g, "_");
  const offset = /^(?:utc|gmt)?_?([+-])(\d{1,2})(?::?([0-5]\d))?$/.exec(wanted);
  if (offset) return zoneOfOffset(offset, text);
  const exact = zones().get(wanted) ?? ALIASES[wanted];
  if (exact !== undefined) return exact;
  const cities = [...zones().values()].filter((zone) =>
    zone.toLowerCase().split("/").at(-1) === wanted
  );
  if (cities.length > 0) return cities[0] ?? "UTC";
  // What the list leaves out may be an older name that the runtime knows.
  if (/^[a-z]+\/[a-z_/+-]+$/.test(wanted) && isZone(wanted)) return resolved(wanted);
  const near = findZones(wanted);
  const hint = near.length > 0
    ? `did you mean ${near.join(", ")}?`
    : "give a name like Europe/Berlin, a city, or an offset like +05:30";
  throw new ClockError("bad_zone", `no time zone is called ${JSON.stringify(text)}; ${hint}`);
}

/** Zones whose names have the text in them, a few. */
export function findZones(text: string): string[] {
  const wanted = text.trim().toLowerCase().replace(/\s+/g, "_");
  const rank = (name: string) => name.split(/[/_]/).some((word) => word.startsWith(wanted)) ? 0 : 1;
  return [...zones()].filter(([name]) => wanted !== "" && name.includes(wanted))
    .sort(([a], [b]) => rank(a) - rank(b))
    .slice(0, NEAREST).map(([, zone]) => zone);
}

function zoneOfOffset([, sign, hours = "", minutes = "00"]: RegExpExecArray, text: string): string {
  if (Number(hours) > 14 || (Number(hours) === 14 && minutes !== "00")) {
    throw new ClockError("bad_zone", `${JSON.stringify(text)} is no offset that is in use`);
  }
  const offset = `${sign}${hours.padStart(2, "0")}:${minutes}`;
  return /^[+-]00:00$/.test(offset) ? "UTC" : offset;
}

function isZone(name: string): boolean {
  try {
    return resolved(name) !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function resolved(name: string): string {
  return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show at an instant. */
export function readingAt(instant: number, zone: string): Reading {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = part("year");
  return {
    year: parts.get("era") === "BC" ? 1 - year : year,
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

/** Minutes that the zone's clocks are ahead of UTC at an instant. */
export function offsetAt(instant: number, zone: string): number {
  const whole = Math.floor(instant / 1000) * 1000;
  return (asUtc(readingAt(whole, zone)) - whole) / MINUTE_MS;
}

/** The instant at which a zone's clocks show a reading. */
export function momentOf(reading: Reading, zone: string): Moment {
  const wall = asUtc(reading);
  // The offsets of the day before and the day after are all that can be in force.
  const offsets = [wall - 24 * HOUR_MS, wall + 24 * HOUR_MS].map((at) => offsetAt(at, zone));
  const fitting = [...new Set(offsets)].map((offset) => wall - offset * MINUTE_MS)
    .filter((instant) => asUtc(readingAt(instant, zone)) === wall)
    .sort((a, b) => a - b);
  const [first] = fitting;
  if (first === undefined) {
    // By the offset before the change: 02:30 that is skipped means half an hour after 02:00.
    return { instant: wall - (offsets[0] ?? 0) * MINUTE_MS, kind: "skipped" };
  }
  return { instant: first, kind: fitting.length > 1 ? "twice" : "plain" };
}

/** The instant at which UTC clocks show a reading. */
export function asUtc({ year, month, day, hour, minute, second }: Reading): number {
  const date = new Date(0);
  // Not `Date.UTC`, which takes the year 99 for 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime();
}
