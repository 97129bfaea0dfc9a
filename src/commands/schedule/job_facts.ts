/**
 * What a schedule does, in rows for a person.
 * @module
 */
import type { ScheduleRule } from "../../scheduler/rule/rule.ts";
import { localTime } from "../../scheduler/rule/zone.ts";
import { formatRule } from "../../tools/rule.ts";
import type { TypedJob } from "./typed_job.ts";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const SPANS = [["h", 3_600_000], ["min", 60_000], ["s", 1_000]] as const;

/** An instant as a clock of the zone shows it: `Mon 2026-11-23 08:00`. */
export function instantText(at: number, zone: string): string {
  const { year, month, day, hour, minute, second } = localTime(at, zone);
  const two = (part: number) => String(part).padStart(2, "0");
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? "";
  const seconds = second === 0 ? "" : `:${two(second)}`;
  return `${weekday} ${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}${seconds}`;
}

/** The zone in which a rule's times are shown. */
export function zoneOf(rule: ScheduleRule, otherwise: string): string {
  return rule.kind === "cron" ? rule.zone : otherwise;
}

/** `90 s`, `10 min`, `2 h`. */
export function spanText(ms: number): string {
  const [unit, size] = SPANS.find(([, size]) => ms % size === 0) ?? ["ms", 1];
  return `${ms / size} ${unit}`;
}

/** What a job asks and may do, a row each. @param model as it is asked now */
export function jobRows(job: TypedJob, model: string, workspace: string): string[][] {
  const { allow, narrowly, maxRequests, maxCost, limitMs, output, notify, check } = job;
  const allowed = [...allow, ...narrowly.map((rule) => formatRule(rule).slice("allow ".length))];
  const cost = maxCost === undefined ? [] : [`$${maxCost}`];
  const most = [`${maxRequests} requests`, ...cost, spanText(limitMs)].join(", ");
  const results = [
    "a session",
    ...(output === undefined ? [] : [output]),
    ...(notify ? ["a notification"] : []),
  ];
  return [
    ["prompt", job.prompt],
    ["asks", model],
    ...(check === undefined
      ? []
      : [["checks", `${check.tool} ${check.given}, and asks if it has news`]]),
    ["may use", [...allowed, "what only reads"].join("; ")],
    ["at most", most],
    ["result", results.join(", ")],
    ["missed", job.missed === "late" ? "runs late, once" : "is skipped"],
    ["folder", workspace],
  ];
}
