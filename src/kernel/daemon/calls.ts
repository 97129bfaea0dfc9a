/**
 * Serves the app room's calls about the daemon. What a call needs is loaded by it: most runs make none.
 * @module
 */
import type { DaemonKernelCalls } from "../../protocol/daemon_kernel_calls.ts";
import type { Handler } from "../../rpc/channel.ts";
import type { AppCalls, AppRoom } from "../app_room.ts";
import { KernelError } from "../error.ts";
import { readGrants } from "../grants.ts";
import { fields, textField } from "../params.ts";
import type { Profile } from "../profile.ts";
import type { Run } from "../run.ts";
import type { VaultAccess } from "../vault_access.ts";

/** Commands that may speak with the daemon that runs. */
const ASKERS = ["daemon", "schedule", "doctor", "vault", "plugin"];
/** How long the daemon's room may take, ms. */
const ASK_LIMIT_MS = 30_000;

/** The handlers of one run. */
export function daemonCalls(
  run: Run,
  room: AppRoom,
  vault: VaultAccess,
  calls: AppCalls,
): Record<keyof DaemonKernelCalls, Handler> {
  const { line, profile } = run;
  const refuseOthers = () => {
    if (ASKERS.includes(line.words[0] ?? "")) return;
    throw new KernelError("denied", "this command does not speak with the daemon");
  };
  const early = line.rest.join(" ") === "daemon start"
    ? import("./commands.ts").then(({ beginStart }) => beginStart(run, vault))
    : undefined;
  // Its failure is told when the app room asks.
  early?.catch(() => undefined);
  return {
    async daemonCommand(params) {
      const { daemonCommand } = await import("./commands.ts");
      const given = textField(params, "command");
      const begun = given === "start" ? await early : undefined;
      if (begun) return begun;
      return await daemonCommand(
        run,
        vault,
        given,
        (question) => room.asking("daemonCommand", params, question),
      );
    },
    async daemonStatus() {
      refuseOthers();
      return await ask(profile, "status", null);
    },
    async daemonAsk(params) {
      refuseOthers();
      return await ask(profile, "tasks", params);
    },
    async serviceStatus() {
      refuseOthers();
      const { serviceState } = await import("./service/service.ts");
      return await serviceState(run);
    },
    async daemonRemains() {
      if (line.words[0] !== "doctor") {
        throw new KernelError("denied", "only pyra doctor looks for what a daemon left");
      }
      const { daemonFiles, Instance, remains } = await import("./instance.ts");
      const left = remains(profile);
      if (left.length > 0 && line.rest.includes("--fix")) {
        // Whoever can become the daemon takes nothing from one that runs, and leaves nothing.
        (await Instance.take(profile, daemonFiles(profile.config))).release();
        run.security("daemon.clear");
      }
      return left;
    },
    async serveDaemon() {
      if (run.daemon === undefined) {
        throw new KernelError("denied", "this run is no daemon", "pyra daemon run is one");
      }
      (await run.daemon).served();
    },
    async runJob(params, { signal }) {
      if (run.daemon !== undefined) return await (await run.daemon).runJob(params, signal);
      const [{ readRequest }, { runTypedJob }] = await Promise.all([
        import("./socket/requests.ts"),
        import("./runs/job_run.ts"),
      ]);
      const job = readRequest("job", params);
      const isTyped = line.words.join(" ") === "schedule run" && line.rest.includes(job.schedule);
      if (!isTyped || run.host) throw new KernelError("denied", "this run is no daemon");
      const { environment, entries, rooms } = run;
      const start = { profile, environment, entries, rooms, calls, warm: () => undefined };
      return await runTypedJob(start, job, signal);
    },
    async keepJob(params) {
      const { keepJob } = await import("./runs/jobs.ts");
      await keepJob(run, textField(params, "schedule"));
      run.security("job.keep", { schedule: fields(params)["schedule"], workspace: run.workspace });
    },
    async forgetJob(params) {
      const { forgetJob } = await import("./runs/jobs.ts");
      await forgetJob(run, textField(params, "schedule"));
      run.security("job.forget", { schedule: fields(params)["schedule"] });
    },
    async keptJobs() {
      refuseOthers();
      const { jobs } = await readGrants(profile);
      return Object.entries(jobs).map(([schedule, kept]) => ({ schedule, ...kept }));
    },
    async notify(params) {
      const { notify } = await import("./notification.ts");
      await notify(run, params);
    },
  };
}

async function ask(profile: Profile, method: string, params: unknown): Promise<unknown> {
  const { callDaemon } = await import("./socket/reach.ts");
  return await callDaemon(profile, method, params, ASK_LIMIT_MS) ?? null;
}
