/**
 * A schedule's job: a run without a terminal, of what the person typed.
 * @module
 */
import type { HostedRunItem, JobParams, JobResult } from "../../../protocol/daemon_calls.ts";
import { KernelError } from "../../error.ts";
import { HostedRun, type HostedStart } from "./hosted_run.ts";
import { findJob } from "./jobs.ts";

/** Of a job's output, characters. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * Runs a schedule's job to its end, as it was typed.
 * @param watch sees what it does on its way
 * @throws {KernelError} `no_job`
 */
export async function runTypedJob(
  start: HostedStart,
  { schedule, occurrence, limitMs }: JobParams,
  signal: AbortSignal,
  watch: (run: HostedRun) => AsyncIterable<HostedRunItem> = (run) => run.items(),
): Promise<JobResult> {
  const { typed, added, workspace } = await findJob(start.profile, schedule);
  const { shown, programs } = start.environment;
  const run = new HostedRun(start, {
    client: undefined,
    job: { schedule, occurrence, typed, added },
    params: {
      args: ["schedule", "perform", schedule],
      folder: workspace,
      shown,
      programs,
      terminal: { stdin: false, stdout: false, stderr: false, columns: 80, rows: 24 },
    },
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  limit.addEventListener("abort", () => run.terminate(), { once: true });
  const said = { stdout: "", stderr: "" };
  for await (const item of watch(run)) {
    if (item.kind === "end") return { code: item.code, output: said.stdout, errors: said.stderr };
    if (item.kind !== "output") break;
    said[item.to] = `${said[item.to]}${item.text}`.slice(-OUTPUT_LIMIT);
  }
  throw new KernelError("room", "the job's room ended");
}
