/**
 * `pyra schedule enable`, `disable` and `rm`.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { CheckMemory } from "../../scheduler/check_memory.ts";
import { nextTimes } from "../../scheduler/rule/rule.ts";
import type { CommandContext } from "../context.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { ownTime } from "./list.ts";
import {
  keptJob,
  knownSchedule,
  schedulesPath,
  tellDaemon,
  withSchedules,
} from "./opened_schedules.ts";

/** `pyra schedule enable ID` */
export async function enableSchedule(context: CommandContext, parsed: Parsed): Promise<number> {
  const [id = ""] = parsed.arguments;
  const next = await withSchedules(context, async (store) => {
    const { rule } = knownSchedule(store, id);
    await keptJob(context, id);
    const [next] = await nextTimes(rule, context.now(), 1);
    if (next === undefined) {
      throw new PyraError("configuration", "schedule_over", `${id} has no time to come`, {
        hint: `pyra schedule run ${id} runs it now`,
      });
    }
    store.enable(id, next);
    return next;
  });
  await done(context, { id, next: new Date(next).toISOString() }, `${id} runs at ${ownTime(next)}`);
  return 0;
}

/** `pyra schedule disable ID` */
export async function disableSchedule(context: CommandContext, parsed: Parsed): Promise<number> {
  const [id = ""] = parsed.arguments;
  await withSchedules(context, (store) => {
    knownSchedule(store, id);
    return Promise.resolve(store.disable(id));
  });
  await done(context, { id, next: null }, `${id} does not run until it is enabled`);
  return 0;
}

/** `pyra schedule rm ID` */
export async function removeSchedule(context: CommandContext, parsed: Parsed): Promise<number> {
  const { kernel } = context;
  const [id = ""] = parsed.arguments;
  await withSchedules(context, async (store) => {
    const kept = await kernel.call("keptJobs", null);
    const isKept = kept.some(({ schedule }) => schedule === id);
    if (!isKept) knownSchedule(store, id);
    // First the schedule: what is kept without one does no harm.
    store.remove(id, context.now());
    if (isKept) await kernel.call("forgetJob", { schedule: id });
  });
  using checks = await CheckMemory.open(schedulesPath(context));
  checks.forget(id);
  await done(context, { removed: id }, `removed ${id}`);
  return 0;
}

async function done(
  context: CommandContext,
  data: Readonly<Record<string, unknown>>,
  sentence: string,
): Promise<void> {
  const { json, quiet } = context.boot.options;
  if (json) await context.print(jsonText(data));
  else if (!quiet) await context.print(`${sentence}\n`);
  await tellDaemon(context);
}
