/**
 * The service that has the system start the daemon.
 * @module
 */
import type { ServiceStatus } from "../../../protocol/daemon_calls.ts";
import { broken, type Check, type Finding, ok, warning } from "../finding.ts";
import type { Patient } from "../patient.ts";

const INSTALL_HINT = "run pyra daemon install";

/** What is registered with the system. */
export const SERVICE_CHECK: Check = {
  name: "service",
  async look(patient) {
    const service = await patient.context.kernel.call("serviceStatus", null);
    const { written, file, label, manager } = service;
    if (written === "none") return [ok("none is installed")];
    if (written === "foreign") {
      const hint = "move it away before you run pyra daemon install";
      return [warning(`${file} was not made by Pyra`, hint)];
    }
    const found = [...stateOf(service), ...await reachOf(patient, service)];
    if (written === "old") {
      found.push(warning(`${file} is not what this Pyra would write`, INSTALL_HINT));
    }
    if (found.length > 0) return found;
    const ends = service.lingers === false ? "; it ends when you log out" : "";
    return [ok(`${label} of ${manager} runs, and starts with your session${ends}`)];
  },
};

function stateOf(
  { label, manager, enabled, running, failure }: ServiceStatus,
): Finding[] {
  // A manager that does not answer knows neither.
  if (!enabled && !running && failure !== undefined) {
    const hint = `log in as yourself, and see whether ${manager} runs`;
    return [warning(`${label}: ${failure}`, hint)];
  }
  const found: Finding[] = [];
  if (!running) {
    const hint = failure?.includes("--unconfined")
      ? "run pyra daemon install --unconfined"
      : "run pyra daemon install; pyra daemon logs may say more";
    found.push(broken(`${label} does not run${failure ? `: ${failure}` : ""}`, hint));
  }
  if (!enabled) found.push(warning(`${label} does not start with your session`, INSTALL_HINT));
  return found;
}

/** Whether it is the daemon, and may write where schedules work. */
async function reachOf(patient: Patient, service: ServiceStatus): Promise<Finding[]> {
  const { label, running, pid, folders } = service;
  if (!running) return [];
  const daemon = await patient.runningDaemon();
  if (daemon && pid !== undefined && pid !== daemon.pid) {
    const message = `the daemon (process ${daemon.pid}) is not the one that ${label} started`;
    return [warning(message, "run pyra daemon stop, then pyra daemon install")];
  }
  if (folders === null) return [];
  const [jobs, kept] = await Promise.all([patient.keptJobs(), patient.schedules()]);
  if (kept.kind !== "read") return [];
  const live = kept.schedules.filter(({ schedule }) => schedule.enabled);
  return jobs.filter(({ schedule, workspace }) =>
    live.some(({ schedule: { id } }) => id === schedule) &&
    !folders.some((folder) => isIn(workspace, folder))
  ).map(({ schedule, workspace }) => {
    const hint = `run pyra daemon install --writable ${workspace}`;
    return warning(`${schedule} works in ${workspace}, which ${label} may not write to`, hint);
  });
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
