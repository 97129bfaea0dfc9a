/**
 * What schedules' jobs may do: the command lines that the person typed, and the folders they typed them in.
 * Kept with the grants, so that a job is never made of what an app room can write.
 * @module
 */
import { KernelError } from "../error.ts";
import { changeJobs, type KeptJob, readGrants } from "../grants.ts";
import type { Profile } from "../profile.ts";
import type { Run } from "../run.ts";

const JOBS_LIMIT = 500;
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Of a command line, characters. */
const TYPED_LIMIT = 64 * 1024;

/** The job of a schedule. @throws {KernelError} `no_job` */
export async function findJob(profile: Profile, schedule: string): Promise<KeptJob> {
  const { jobs } = await readGrants(profile);
  const kept = Object.hasOwn(jobs, schedule) ? jobs[schedule] : undefined;
  if (kept) return kept;
  const hint = "remove the schedule and add it again";
  throw new KernelError("no_job", `nobody typed a job for ${schedule}`, hint);
}

/** Keeps this run's command line for a schedule. @throws {KernelError} `denied`, `usage` */
export async function keepJob({ line, profile, workspace }: Run, schedule: string): Promise<void> {
  if (line.words.join(" ") !== "schedule add") throw untyped();
  const { jobs } = await readGrants(profile);
  if (!ID.test(schedule) || Object.hasOwn(jobs, schedule)) {
    throw new KernelError("usage", `${schedule.slice(0, 64)} cannot be a schedule's id`);
  }
  if (Object.keys(jobs).length >= JOBS_LIMIT || line.rest.join(" ").length > TYPED_LIMIT) {
    throw new KernelError("usage", "there are too many schedules, or this one is too long");
  }
  const kept = { typed: line.rest, workspace, added: new Date().toISOString() };
  await changeJobs(profile, { ...jobs, [schedule]: kept });
}

/** Forgets the job of a schedule that the command line names. @throws {KernelError} `denied` */
export async function forgetJob({ line, profile }: Run, schedule: string): Promise<void> {
  const isRemoval = line.words.join(" ") === "schedule rm" && line.rest.includes(schedule);
  if (!isRemoval) throw untyped();
  const { [schedule]: _, ...jobs } = (await readGrants(profile)).jobs;
  await changeJobs(profile, jobs);
}

function untyped(): KernelError {
  return new KernelError("denied", "what a job may do was not what the command line says");
}
