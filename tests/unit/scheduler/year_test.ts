import assert from "node:assert/strict";
import { iso, Stage } from "./stage.ts";

const DAY_MS = 86_400_000;
const SLOT_MS = 30 * 60_000;
const START = "2026-01-01T00:10:00Z";
const DAYS = 365;

/** A half hour as the clock of a zone shows it. */
interface Slot {
  readonly at: number;
  readonly date: string;
  readonly weekday: string;
  /** Minutes since midnight. */
  readonly minute: number;
}

/** All half hours of the year in a zone, by `Intl` alone. */
function slotsOf(zone: string): Slot[] {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const first = Math.ceil(Date.parse(START) / SLOT_MS);
  return Array.from({ length: (DAYS * DAY_MS) / SLOT_MS }, (_, index) => {
    const at = (first + index) * SLOT_MS;
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
    return {
      at,
      date: `${part("year")}-${part("month")}-${part("day")}`,
      weekday: part("weekday"),
      minute: Number(part("hour")) * 60 + Number(part("minute")),
    };
  });
}

/** The first half hour of each day that the clock shows that time or, where it skips it, a later one. */
function fixed(slots: readonly Slot[], minute: number, isDay: (slot: Slot) => boolean): number[] {
  const found = new Map<string, number>();
  const [first] = slots;
  for (const slot of slots) {
    if (!isDay(slot) || found.has(slot.date) || slot.minute < minute) continue;
    // On the first day the time has gone by already.
    if (slot.date === first?.date && first.minute > minute) continue;
    found.set(slot.date, slot.at);
  }
  return [...found.values()];
}

const RULES: readonly (readonly [string, string, (slots: readonly Slot[]) => number[]])[] = [
  ["early", "daily 02:30", (slots) => fixed(slots, 150, () => true)],
  ["two", "daily 02:00", (slots) => fixed(slots, 120, () => true)],
  [
    "weekdays",
    "weekdays 08:00",
    (slots) => fixed(slots, 480, ({ weekday }) => !["Sat", "Sun"].includes(weekday)),
  ],
  ["sunday", "30 1 * * sun", (slots) => fixed(slots, 90, ({ weekday }) => weekday === "Sun")],
  ["monthly", "monthly 1 09:00", (slots) => fixed(slots, 540, ({ date }) => date.endsWith("-01"))],
  // A step takes each time the clock shows, and none that it does not.
  [
    "steps",
    "0 */8 * * *",
    (slots) => slots.filter(({ minute }) => minute % 480 === 0).map(({ at }) => at),
  ],
];

Deno.test("a year of schedules in three zones runs each at its time, through both changes of the clock", async () => {
  await using stage = await Stage.open(START);
  const expected: string[] = [];
  const end = Date.parse(START) + DAYS * DAY_MS;
  for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]) {
    const slots = slotsOf(zone);
    for (const [name, typed, times] of RULES) {
      const { id } = await stage.add(`${name} ${zone}`, typed, { zone });
      const due = times(slots).filter((at) => at <= end);
      expected.push(...due.map((at) => `${id} ${iso(at)}`));
    }
  }
  const late: string[] = [];
  stage.play = (occurrence) => {
    if (occurrence.startedAt !== occurrence.dueAt) late.push(iso(occurrence.dueAt));
    return Promise.resolve({ state: "done", reason: "" });
  };
  await stage.start({ concurrency: 20 });
  await stage.clock.pass(DAYS * DAY_MS, { quick: true });
  assert.deepEqual(late, []);
  assert.deepEqual(stage.ran.toSorted(), expected.toSorted());
  assert.ok(expected.length > 6_000, `${expected.length} occurrences`);
});
