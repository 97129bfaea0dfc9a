import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json, PluginContext } from "pyra/sdk";
import plugin from "./plugin.ts";
import { readTime, writeSpan, writeTime } from "./time_text.ts";
import { findZone, findZones, momentOf, offsetAt, readingAt } from "./zone.ts";

const NOW = Date.UTC(2026, 10, 21, 13, 30, 5);

/** What the tools look at of a context. */
function contextOf(settings: Record<string, Json> = {}): PluginContext {
  return { settings } as unknown as PluginContext;
}

async function run(name: string, input: Record<string, Json>, settings?: Record<string, Json>) {
  const tool = (plugin.tools ?? []).find((tool) => tool.name === name);
  return String(await tool?.run(input, contextOf(settings)));
}

const iso = (instant: number) => new Date(instant).toISOString();

Deno.test("a zone is found by its name, a city, an everyday name or an offset", () => {
  assert.equal(findZone("europe/berlin"), "Europe/Berlin");
  assert.equal(findZone("New York"), "America/New_York");
  assert.equal(findZone("utc"), "UTC");
  assert.equal(findZone("Beijing"), "Asia/Shanghai");
  assert.equal(findZone("+5:30"), "+05:30");
  assert.equal(findZone("UTC-3"), "-03:00");
  assert.equal(findZone("gmt+0"), "UTC");
});

Deno.test("an unknown zone is refused with the nearest ones, or with what to write", () => {
  const zone = { name: "ClockError", code: "bad_zone" };
  assert.throws(() => findZone("york"), { ...zone, message: /did you mean America\/New_York/ });
  assert.throws(() => findZone("atlantis"), {
    ...zone,
    message: /give a name like Europe\/Berlin/,
  });
  assert.throws(() => findZone("+19"), zone);
  assert.throws(() => findZone(""), zone);
  assert.deepEqual(findZones("york"), ["America/New_York"]);
});

Deno.test("a reading that the clocks skip is moved on, one they show twice is the first", () => {
  const at = (text: string) => readTime(text, "Europe/Berlin", NOW);
  assert.equal(iso(at("2026-03-29 02:30").instant), "2026-03-29T01:30:00.000Z");
  assert.match(at("2026-03-29 02:30").doubt, /skip that time/);
  assert.equal(iso(at("2026-10-25 02:30").instant), "2026-10-25T00:30:00.000Z");
  assert.match(at("2026-10-25 02:30").doubt, /twice/);
  assert.equal(at("2026-10-25 03:30").doubt, "");
});

Deno.test("times are read in each form, and what is none is refused with the forms", () => {
  const zone = "America/New_York";
  const read = (text: string) => iso(readTime(text, zone, NOW).instant);
  assert.equal(read("2026-12-24 18:00"), "2026-12-24T23:00:00.000Z");
  assert.equal(read("2026-12-24T18:00:30"), "2026-12-24T23:00:30.000Z");
  assert.equal(read("2026-12-24"), "2026-12-24T05:00:00.000Z");
  assert.equal(read("6:15 pm"), "2026-11-21T23:15:00.000Z");
  assert.equal(read("12:00 am"), "2026-11-21T05:00:00.000Z");
  assert.equal(read("2026-12-24T18:00:00+01:00"), "2026-12-24T17:00:00.000Z");
  assert.equal(read("2026-12-24T18:00Z"), "2026-12-24T18:00:00.000Z");
  assert.equal(read("now"), iso(NOW));
  for (const text of ["", "soon", "2026-02-30", "25:00", "13:00 pm", "2026-13-01", "2026-1", "Z"]) {
    assert.throws(() => read(text), { code: "bad_time", message: /write it as/ }, text);
  }
});

Deno.test("every instant is found again from what the clocks showed, in every zone", () => {
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const instants = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2060, 0) });
  const property = fc.property(fc.constantFrom(...zones), instants, (zone, given) => {
    const instant = Math.floor(given / 1000) * 1000;
    const moment = momentOf(readingAt(instant, zone), zone);
    assert.notEqual(moment.kind, "skipped");
    if (moment.kind === "plain") assert.equal(moment.instant, instant, zone);
    else assert.ok(moment.instant <= instant, zone);
  });
  fc.assert(property, { numRuns: 300 });
});

Deno.test("the wall's end of a day that is skipped whole is found", () => {
  // Samoa had no 30 December 2011.
  const reading = { year: 2011, month: 12, day: 30, hour: 12, minute: 0, second: 0 };
  assert.equal(momentOf(reading, "Pacific/Apia").kind, "skipped");
});

Deno.test("offsets are those in force at the time", () => {
  assert.equal(offsetAt(Date.UTC(2026, 6, 1), "Europe/Berlin"), 120);
  assert.equal(offsetAt(Date.UTC(2026, 0, 1), "Europe/Berlin"), 60);
  assert.equal(offsetAt(Date.UTC(2026, 0, 1), "Asia/Kathmandu"), 345);
  assert.equal(
    writeTime(NOW, "Asia/Kolkata"),
    "Saturday, 21 November 2026, 19:00:05 in Asia/Kolkata (UTC+05:30)",
  );
  assert.equal(writeTime(NOW, "-03:00"), "Saturday, 21 November 2026, 10:30:05 UTC-03:00");
});

Deno.test("a span counts days by the calendar, over a change of the clocks too", () => {
  const zone = "Europe/Berlin";
  const at = (text: string) => readTime(text, zone, NOW).instant;
  assert.equal(writeSpan(at("2026-10-24 12:00"), at("2026-10-25 12:00"), zone), "1 day");
  assert.equal(
    writeSpan(at("2026-10-24 12:00"), at("2026-10-26 13:01"), zone),
    "2 days, 1 hour and 1 minute",
  );
  assert.equal(writeSpan(at("2026-11-21 14:30"), at("2026-11-21 14:30"), zone), "no time at all");
  assert.equal(writeSpan(at("2026-11-22"), at("2026-11-21"), zone), "1 day");
  // A day after 02:30 is 03:30 here, since the clocks skip the hour between.
  assert.equal(
    writeSpan(at("2026-03-28 02:30"), at("2026-03-29 03:15"), zone),
    "23 hours and 45 minutes",
  );
});

Deno.test("the tools answer in the zone of the settings, or the one they are given", async () => {
  assert.match(await run("now", {}, { zone: "Asia/Tokyo" }), /in Asia\/Tokyo \(UTC\+09:00\)$/);
  assert.match(await run("now", { zone: "london" }), /in Europe\/London/);
  const converted = await run("convert", {
    time: "2026-12-24 18:00",
    from: "Europe/Berlin",
    to: ["tokyo", "UTC"],
  });
  assert.equal(
    converted,
    "Thursday, 24 December 2026, 18:00 in Europe/Berlin (UTC+01:00)\n" +
      "is Friday, 25 December 2026, 02:00 in Asia/Tokyo (UTC+09:00)\n" +
      "is Thursday, 24 December 2026, 17:00 UTC",
  );
  assert.match(
    await run("until", { time: "2026-12-24", from: "2026-12-01", zone: "UTC" }),
    /is 23 days after Tuesday, 1 December 2026, 00:00 UTC$/,
  );
  assert.match(await run("until", { time: "2001-01-01", zone: "UTC" }), /ago$/);
  assert.match(await run("zones", { name: "york" }), /America\/New_York/);
  assert.match(await run("zones", { name: "xyz" }), /no time zone/);
});
