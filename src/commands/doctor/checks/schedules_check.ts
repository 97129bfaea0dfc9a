/**
 * The schedules: whether each has its words, its zone and its times, and how the last of them ended.
 * @module
 */
import { asPyraError } from "../../../protocol/error.ts";
import { DEFAULT_GRACE_MS } from "../../../scheduler/schedule.ts";
import { localTime } from "../../output.ts";
import type { KeptJob } from "../../schedule/opened_schedules.ts";
import { jobOf } from "../../schedule/typed_job.ts";
import { broken, type Check, counted, type Finding, ok, warning } from "../finding.ts";
import type { KeptSchedule } from "../kept_schedules.ts";
import type { Patient } from "../patient.ts";

/** So many failures in a row are no accident. */
const FAILURES = 3;

/** The schedules, and what was typed for them. */
export const SCHEDULES_CHECK: Check = {
  name: "schedules",
  async look(patient) {
    const [kept, jobs] = await Promise.all([patient.schedules(), patient.keptJobs()]);
    if (kept.kind === "busy") return [ok("db/state.db is in use")];
    if (kept.kind === "damaged") return [warning("not looked at: db/state.db is damaged", "")];
    if (kept.kind === "strange") {
      const hint = "restore db/state.db from a backup, or move it away and add the schedules again";
      return [broken(kept.message, hint)];
    }
    const { schedules, unreadable } = kept.kind === "read"
      ? kept
      : { schedules: [], unreadable: [] };
    const ids = [...schedules.map(({ schedule }) => schedule.id), ...unreadable];
    const perSchedule = schedules.map((one) => lookAt(patient, one, jobs));
    const found = [
      ...(await Promise.all(perSchedule)).flat(),
      ...unreadable.map((id) => broken(`${id} cannot be read, and does not run`, againHint(id))),
      ...jobs.filter(({ schedule }) => !ids.includes(schedule)).map(({ schedule }) =>
        warning(`what was typed for ${schedule} is kept, and no schedule runs it`, rmHint(schedule))
      ),
    ];
    return found.length > 0 ? found : [ok(summary(schedules))];
  },
};

function rmHint(id: string): string {
  return `run pyra schedule rm ${id}`;
}

function againHint(id: string): string {
  return `${rmHint(id)}, and add it again`;
}

function summary(schedules: readonly KeptSchedule[]): string {
  const times = schedules.flatMap(({ schedule: { enabled, nextAt } }) =>
    enabled && nextAt !== null ? [nextAt] : []
  );
  if (schedules.length === 0) return "there is none";
  const next = times.length === 0
    ? "none comes again"
    : `the next at ${timeText(Math.min(...times))}`;
  return `${counted(schedules.length, "schedule")}, ${next}`;
}

function timeText(at: number): string {
  return localTime(new Date(at).toISOString());
}

async function lookAt(
  patient: Patient,
  kept: KeptSchedule,
  jobs: readonly KeptJob[],
): Promise<Finding[]> {
  const { schedule: { id, enabled, rule } } = kept;
  const job = jobs.find(({ schedule }) => schedule === id);
  if (job === undefined) {
    return [broken(`nobody typed what ${id} does, so it does not run`, againHint(id))];
  }
  if (!enabled) return [];
  const found = typedFaults(job);
  if (rule.kind === "cron") {
    const { zoneNamed } = await import("../../../scheduler/rule/zone.ts");
    found.push(...faultOf(id, () => zoneNamed(rule.zone)));
  }
  return [...found, ...failures(kept), ...await late(patient, kept)];
}

function typedFaults({ schedule, typed }: KeptJob): Finding[] {
  return faultOf(schedule, () => jobOf(typed));
}

function faultOf(id: string, act: () => unknown): Finding[] {
  try {
    act();
    return [];
  } catch (thrown) {
    const { message } = asPyraError(thrown);
    return [broken(`${id} cannot run: ${message}`, againHint(id))];
  }
}

/** Failures of which nothing between them went well. */
function failures({ schedule: { id }, recent }: KeptSchedule): Finding[] {
  const ended = recent.filter(({ state }) => state === "done" || state === "failed");
  const last = ended.slice(0, FAILURES);
  if (last.length < FAILURES || last.some(({ state }) => state === "done")) return [];
  const reason = last[0]?.reason ?? "";
  const message = `${id} failed ${FAILURES} times in a row${reason === "" ? "" : `: ${reason}`}`;
  return [warning(message, `see pyra schedule history ${id}, and pyra schedule show ${id}`)];
}

/** One that was due, and that nobody ran. */
async function late(patient: Patient, { schedule, recent }: KeptSchedule): Promise<Finding[]> {
  const { id, nextAt, graceMs } = schedule;
  const isRunning = recent.some(({ state }) => state === "started");
  const leeway = Math.max(graceMs, DEFAULT_GRACE_MS);
  if (nextAt === null || isRunning || patient.context.now() <= nextAt + leeway) return [];
  const hint = await patient.runningDaemon() === null
    ? "run pyra daemon start"
    : "see pyra daemon status, and pyra daemon logs";
  return [warning(`${id} was due at ${timeText(nextAt)}, and did not run`, hint)];
}
