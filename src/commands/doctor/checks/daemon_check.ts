/**
 * The daemon: whether it runs where it is needed, and how its tasks are.
 * @module
 */
import type { DaemonStatus, TaskStatus } from "../../../protocol/daemon_calls.ts";
import { findProvider } from "../../../providers/table.ts";
import { localTime } from "../../output.ts";
import { jobOf } from "../../schedule/typed_job.ts";
import { needOfDaemon } from "../daemon_need.ts";
import {
  broken,
  type Check,
  counted,
  type Finding,
  FIX_HINT,
  mended,
  ok,
  someOf,
  warning,
} from "../finding.ts";
import type { Patient } from "../patient.ts";

const START_HINT = "run pyra daemon start; pyra daemon install has it start with your session";
const LOGS_HINT = "pyra daemon logs says more; pyra daemon reload starts it anew";

/** The daemon of the profile. */
export const DAEMON_CHECK: Check = {
  name: "daemon",
  async look(patient) {
    const status = await patient.daemon();
    return status === null ? await notRunning(patient) : await running(patient, status);
  },
};

async function notRunning(patient: Patient): Promise<readonly Finding[]> {
  const [left, need] = await Promise.all([
    patient.context.kernel.call("daemonRemains", null),
    needOfDaemon(patient),
  ]);
  const found: Finding[] = [];
  if (left.length > 0) {
    const message = `one that was killed left ${left.join(", ")} in the profile's folder run`;
    // Whoever starts it next removes them as well.
    const isFixed = patient.wish.fix;
    found.push(isFixed ? mended(`${message}; they are removed`) : warning(message, FIX_HINT));
  }
  if (need.length > 0) {
    const whose = need.length === 1 ? "needs" : "need";
    found.push(warning(`it does not run, and ${someOf(need)} ${whose} it`, START_HINT));
  }
  return found.length > 0 ? found : [ok("it does not run, and nothing needs it")];
}

async function running(patient: Patient, status: DaemonStatus): Promise<readonly Finding[]> {
  const { pid, version, started, malformed, tasks } = status;
  const here = patient.context.boot.version;
  const found = tasks.flatMap(taskFindings);
  if (version !== here) {
    found.push(warning(`it is Pyra ${version}, and this is ${here}`, "run pyra daemon restart"));
  }
  if (malformed > 0) {
    const message = `${counted(malformed, "frame")} that came to it since its start were none`;
    const hint = "a program of yours speaks to its socket; pyra daemon logs may say when";
    found.push(warning(message, hint));
  }
  found.push(...await lockedOut(patient, status));
  if (found.length > 0) return found;
  const time = localTime(started);
  return [ok(`process ${pid}, since ${time}, ${counted(tasks.length, "task")}`)];
}

function taskFindings({ name, state, crashes, lastError, nextStart }: TaskStatus): Finding[] {
  const why = lastError === "" ? "" : `: ${lastError}`;
  if (state === "failed") {
    const message = `the task ${name} failed ${counted(crashes, "time")}, and is left alone${why}`;
    return [broken(message, LOGS_HINT)];
  }
  if (state !== "waiting") return [];
  const again = nextStart === null ? "" : `, and starts again at ${localTime(nextStart)}`;
  const message = `the task ${name} ended ${counted(crashes, "time")} in a row${again}${why}`;
  return [warning(message, LOGS_HINT)];
}

/** The vault that it keeps, where schedules need a key that only the person can give. */
async function lockedOut(
  patient: Patient,
  { vault }: DaemonStatus,
): Promise<readonly Finding[]> {
  if (vault.state !== "locked") return [];
  const [{ mode, secrets }, kept, jobs, settings] = await Promise.all([
    patient.vault(),
    patient.schedules(),
    patient.keptJobs(),
    patient.readableSettings(),
  ]);
  const isAsked = mode === "passphrase" || mode === "gpg";
  if (kept.kind !== "read" || secrets === 0 || !isAsked) return [];
  const live = kept.schedules.filter(({ schedule: { enabled, nextAt } }) =>
    enabled && nextAt !== null
  );
  const ids = live.map(({ schedule: { id } }) => id).filter((id) => {
    const typed = jobs.find(({ schedule }) => schedule === id)?.typed;
    const provider = typed && providerOf(typed, settings?.config.ai.provider_id);
    return provider !== undefined && findProvider(provider)?.requires_key === true;
  });
  if (ids.length === 0) return [];
  const message = `its vault is locked, so ${counted(ids.length, "schedule")} cannot ask a model: ${
    someOf(ids)
  }`;
  return [warning(message, "run pyra vault unlock --for 8h")];
}

function providerOf(typed: readonly string[], usual: string | undefined): string | undefined {
  try {
    return jobOf(typed).provider ?? usual;
  } catch (thrown) {
    // Another check says that it is not understood.
    if (thrown instanceof Error) return undefined;
    throw thrown;
  }
}
