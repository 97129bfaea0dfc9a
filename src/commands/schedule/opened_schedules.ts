/**
 * The schedules for the length of one command, and the daemon that runs them.
 * @module
 */
import { EXIT, PyraError } from "../../protocol/error.ts";
import type { KernelCalls } from "../../protocol/kernel_calls.ts";
import type { Schedule } from "../../scheduler/schedule.ts";
import type { ScheduleStore } from "../../scheduler/store.ts";
import type { CommandContext } from "../context.ts";
import { asShown, oneLine } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { remark } from "../remark.ts";

/** What the kernel keeps of the command line that added a schedule. */
export type KeptJob = ReturnType<KernelCalls["keptJobs"]>[number];

/** Where schedules are kept. */
export function schedulesPath({ boot }: Pick<CommandContext, "boot">): string {
  return `${boot.profile.db}/state.db`;
}

/** Does something with the schedules. @throws {PyraError} `schedules_unusable`, `schedules_newer` */
export async function withSchedules<T>(
  context: Pick<CommandContext, "boot">,
  act: (store: ScheduleStore) => Promise<T>,
): Promise<T> {
  const { ScheduleStore } = await import("../../scheduler/store.ts");
  using store = await ScheduleStore.open(schedulesPath(context));
  return await act(store);
}

/** The schedule of an id. @throws {PyraError} `no_such_schedule`, naming the nearest */
export function knownSchedule(store: ScheduleStore, id: string): Schedule {
  const found = store.find(id);
  // What a job may do is kept by its id, so that no other word may stand for it.
  if (found?.id === id) return found;
  const near = found?.id ?? nearest(id, store.list().map((one) => one.id));
  const hint = near === undefined
    ? 'pyra schedule add "daily 08:00" "a prompt" adds one'
    : `did you mean ${near}? pyra schedule list shows them all`;
  throw new PyraError("file", "no_such_schedule", `there is no schedule "${oneLine(id)}"`, {
    hint,
    exitCode: EXIT.usage,
  });
}

/** The command line of a schedule. @throws {PyraError} `no_job` if nobody typed one */
export async function keptJob({ kernel }: CommandContext, id: string): Promise<KeptJob> {
  const kept = (await kernel.call("keptJobs", null)).find(({ schedule }) => schedule === id);
  if (kept !== undefined) return kept;
  throw new PyraError("permission", "no_job", `nobody typed what ${id} does, so it does not run`, {
    hint: `remove it with pyra schedule rm ${id}, and add it again`,
  });
}

/** Tells the daemon that schedules were changed. @returns whether there is one */
export async function tellDaemon(context: CommandContext): Promise<boolean> {
  try {
    if (await context.kernel.call("daemonAsk", { method: "schedules.changed" }) !== null) {
      return true;
    }
    return await context.kernel.call("daemonStatus", null) !== null;
  } catch (thrown) {
    await remark(context, `the daemon was not told: ${asShown(thrown).message}`);
    return true;
  }
}
