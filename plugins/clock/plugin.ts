/**
 * The time, here and elsewhere. It needs no rights.
 * @module
 */
import type { Json, Plugin, PluginContext } from "pyra/sdk";
import { readTime, writeSpan, writeTime } from "./time_text.ts";
import { findZone, findZones, ownZone } from "./zone.ts";

type Input = Readonly<Record<string, Json>>;

const ZONES_LIMIT = 20;

const zoneParameter = (what: string) => ({
  type: "string",
  maxLength: 60,
  description: `${what}: a name such as Europe/Berlin, a city, or an offset such as +05:30`,
});
const timeParameter = {
  type: "string",
  maxLength: 60,
  description: "2026-12-24 18:00, 2026-12-24, 18:00 (today), now, or with an offset " +
    "2026-12-24T18:00:00+01:00",
};

/** The zone of a parameter; the person's own without one. */
function zoneOf(value: Json | undefined, { settings }: PluginContext): string {
  const own = settings["zone"];
  if (typeof value === "string" && value.trim() !== "") return findZone(value);
  return typeof own === "string" && own.trim() !== "" ? findZone(own) : ownZone();
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function now(input: Input, context: PluginContext): string {
  return writeTime(Math.floor(Date.now() / 1000) * 1000, zoneOf(input["zone"], context));
}

function convert(input: Input, context: PluginContext): string {
  const from = zoneOf(input["from"], context);
  const wanted = Array.isArray(input["to"]) ? input["to"] : [input["to"]];
  const to = wanted.map((zone) => zoneOf(zone, context));
  const { instant, doubt } = readTime(text(input["time"]), from, Date.now());
  const lines = to.map((zone) => `is ${writeTime(instant, zone)}`);
  return [writeTime(instant, from), ...lines, ...(doubt === "" ? [] : [doubt])].join("\n");
}

function until(input: Input, context: PluginContext): string {
  const zone = zoneOf(input["zone"], context);
  const current = Date.now();
  const { instant, doubt } = readTime(text(input["time"]), zone, current);
  const begin = input["from"] === undefined
    ? { instant: Math.floor(current / 1000) * 1000, doubt: "" }
    : readTime(text(input["from"]), zone, current);
  const span = writeSpan(begin.instant, instant, zone);
  const order = instant < begin.instant ? "before" : "after";
  const from = input["from"] === undefined
    ? `${span} ${order === "after" ? "from now" : "ago"}`
    : `${span} ${order} ${writeTime(begin.instant, zone)}`;
  const doubts = [begin.doubt, doubt].filter((sentence) => sentence !== "");
  return [`${writeTime(instant, zone)} is ${from}`, ...doubts].join("\n");
}

function zones(input: Input): string {
  const found = findZones(text(input["name"])).slice(0, ZONES_LIMIT);
  if (found.length === 0) return "no time zone has that in its name";
  const current = Math.floor(Date.now() / 1000) * 1000;
  return found.map((zone) => writeTime(current, zone)).join("\n");
}

const plugin: Plugin = {
  tools: [
    {
      name: "now",
      description: "The current date and time, in the person's time zone or another one.",
      parameters: {
        type: "object",
        properties: { zone: zoneParameter("where; the person's own if absent") },
        additionalProperties: false,
      },
      run: now,
    },
    {
      name: "convert",
      description: "What a time in one time zone is in others.",
      parameters: {
        type: "object",
        properties: {
          time: timeParameter,
          from: zoneParameter("the time's zone; the person's own if absent"),
          to: { type: "array", minItems: 1, maxItems: 10, items: zoneParameter("a zone") },
        },
        required: ["time", "to"],
        additionalProperties: false,
      },
      run: convert,
    },
    {
      name: "until",
      description: "How long it is until a time, or since it; or between two times.",
      parameters: {
        type: "object",
        properties: {
          time: timeParameter,
          from: { ...timeParameter, description: "counted from this time; from now if absent" },
          zone: zoneParameter("the zone of both; the person's own if absent"),
        },
        required: ["time"],
        additionalProperties: false,
      },
      run: until,
    },
    {
      name: "zones",
      description: "Time zones by a part of their name, each with its current time.",
      parameters: {
        type: "object",
        properties: {
          name: { type: "string", minLength: 2, maxLength: 60, description: "such as york" },
        },
        required: ["name"],
        additionalProperties: false,
      },
      run: zones,
    },
  ],
  commands: [
    {
      name: "time",
      usage: "[PLACE]",
      description: "the time, here or there",
      run: (argument, context) => now(argument.trim() === "" ? {} : { zone: argument }, context),
    },
  ],
  configFields: () => [
    {
      key: "zone",
      kind: "text",
      label: "Your time zone",
      description: "such as Europe/Berlin; empty for that of this machine",
      default: "",
    },
  ],
};

export default plugin;
