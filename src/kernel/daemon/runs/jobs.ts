/**
 * What schedules' jobs may do: the command lines that the person typed, and the folders they typed them in.
 * Kept with the grants, so that a job is never made of what an app room can write.
 * @module
 */
import { ifPresent } from "../../../durable/file.ts";
import { lineOfWords, namedPaths } from "../../command_line.ts";
import { KernelError } from "../../error.ts";
import { changeJobs, type KeptJob, readGrants } from "../../grants.ts";
import type { Profile } from "../../profile.ts";
import type { Run } from "../../run.ts";
import { type Place, resolvePath } from "../../workspace.ts";

const JOBS_LIMIT = 500;
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Of a command line, characters. */
const TYPED_LIMIT = 64 * 1024;

const AGAIN = "remove the schedule and add it again";

/**
 * The job of a schedule. A link that came to stand in its folder, or in place of it, would have it write
 * what the person did not name.
 * @throws {KernelError} `no_job`; `boundary` where its paths lead elsewhere than when it was typed
 */
export async function findJob(profile: Profile, schedule: string): Promise<KeptJob> {
  const { jobs } = await readGrants(profile);
  const kept = Object.hasOwn(jobs, schedule) ? jobs[schedule] : undefined;
  if (!kept) throw new KernelError("no_job", `nobody typed a job for ${schedule}`, AGAIN);
  const { typed, workspace, paths = [] } = kept;
  const isThere = ifPresent(() => Deno.realPathSync(workspace)) === workspace;
  const now = isThere ? pathsOf(typed, { workspace, profile }) : [workspace];
  const moved = now.findIndex((path, index) => path !== paths[index]);
  if (moved < 0) return kept;
  const what = isThere && paths[moved] || workspace;
  throw new KernelError("boundary", `${what} leads elsewhere than when it was typed`, AGAIN);
}

/** What the paths of a command line lead to. @throws {KernelError} `usage`, `boundary` */
function pathsOf(typed: readonly string[], place: Place): string[] {
  return namedPaths(lineOfWords(typed)).map(({ path }) => resolvePath(place, path));
}

/** Keeps this run's command line for a schedule. @throws {KernelError} `denied`, `usage` */
export async function keepJob(run: Run, schedule: string): Promise<void> {
  const { line, profile, workspace } = run;
  if (line.words.join(" ") !== "schedule add") throw untyped();
  const paths = pathsOf(line.rest, run);
  const kept = { typed: line.rest, workspace, paths, added: new Date().toISOString() };
  await changeJobs(profile, (jobs) => {
    if (!ID.test(schedule) || Object.hasOwn(jobs, schedule)) {
      throw new KernelError("usage", `${schedule.slice(0, 64)} cannot be a schedule's id`);
    }
    if (Object.keys(jobs).length >= JOBS_LIMIT || line.rest.join(" ").length > TYPED_LIMIT) {
      throw new KernelError("usage", "there are too many schedules, or this one is too long");
    }
    return { ...jobs, [schedule]: kept };
  });
}

/** Forgets the job of a schedule that the command line names. @throws {KernelError} `denied` */
export async function forgetJob({ line, profile }: Run, schedule: string): Promise<void> {
  const isRemoval = line.words.join(" ") === "schedule rm" && line.rest.includes(schedule);
  if (!isRemoval) throw untyped();
  await changeJobs(profile, ({ [schedule]: _, ...others }) => others);
}

function untyped(): KernelError {
  return new KernelError("denied", "what a job may do was not what the command line says");
}
