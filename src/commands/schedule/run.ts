/**
 * `pyra schedule run`: a schedule now, by the daemon that runs, or here by the same code.
 * @module
 */
import { EXIT, PyraError } from "../../protocol/error.ts";
import { sleep, until } from "../../protocol/waiting.ts";
import { readOutcome } from "../../scheduler/outcome.ts";
import type { OccurrenceRecord, Schedule } from "../../scheduler/schedule.ts";
import type { ScheduleStore } from "../../scheduler/store.ts";
import type { CommandContext } from "../context.ts";
import { findTarget } from "../conversation.ts";
import { asShown } from "../errors.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { printable } from "../terminal_text.ts";
import { occurrenceData } from "./list.ts";
import { keptJob, knownSchedule, withSchedules } from "./opened_schedules.ts";
import { jobOf, type TypedJob } from "./typed_job.ts";

/** How often the ledger is looked at, ms. */
const LOOK_MS = 200;
/** And whether the daemon is there still, in looks. */
const LOOKS_A_STATUS = 5;
/** A job ends itself at its limit; so long later it is ended, ms. */
const GRACE_MS = 30_000;

/** `pyra schedule run ID` */
export function runSchedule(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, kernel, print } = context;
  return withSchedules(context, async (store) => {
    const schedule = knownSchedule(store, parsed.arguments[0] ?? "");
    const { typed } = await keptJob(context, schedule.id);
    const asked = { method: "schedules.run", schedule: schedule.id } as const;
    const begun = await kernel.call("daemonAsk", asked);
    const record = begun === null
      ? await runHere(context, store, { schedule, job: jobOf(typed) })
      : await ended(context, store, occurrenceOf(begun));
    if (boot.options.json) await print(jsonText(occurrenceData(record)));
    else await print(printable(boot, resultText(record)));
    return record.state === "failed" ? EXIT.failed : EXIT.done;
  });
}

function occurrenceOf(begun: unknown): number {
  const id = typeof begun === "object" && begun !== null && "occurrence" in begun
    ? begun.occurrence
    : begun;
  if (typeof id === "number") return id;
  throw new PyraError("system", "daemon", "the daemon did not say what it runs", {
    hint: "pyra schedule history tells what became of it",
  });
}

/** Waits for the end of what the daemon runs. Ctrl-C ends the waiting alone. */
async function ended(
  context: CommandContext,
  store: ScheduleStore,
  id: number,
): Promise<OccurrenceRecord> {
  const { kernel, signal } = context;
  for (let looks = 1;; looks++) {
    const record = store.ledger.record(id);
    if (record !== undefined && record.state !== "started") return record;
    await sleep(LOOK_MS, signal);
    if (looks % LOOKS_A_STATUS > 0) continue;
    if (await kernel.call("daemonStatus", null) !== null) continue;
    throw new PyraError("system", "no_daemon", "the daemon ended while the job ran", {
      hint: "pyra daemon logs tells why",
    });
  }
}

async function runHere(
  context: CommandContext,
  store: ScheduleStore,
  { schedule, job }: { readonly schedule: Schedule; readonly job: TypedJob },
): Promise<OccurrenceRecord> {
  const { kernel, signal } = context;
  const { provider, model, limitMs } = job;
  const { choice } = await findTarget(context, {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  });
  // The job cannot ask for the passphrase of the vault that it uses.
  await context.openProvider(choice, signal);
  // A daemon that starts meanwhile takes it for cut off otherwise.
  await using held = await store.holdJob(schedule.id);
  if (held === undefined) {
    throw new PyraError("system", "schedule_running", `"${schedule.name}" runs already`, {
      hint: "wait until it is done: pyra schedule history",
    });
  }
  await remark(context, "no daemon runs, so it runs here");
  const { ledger } = store;
  const { id } = ledger.beginManual(schedule, context.now());
  try {
    const params = { schedule: schedule.id, occurrence: id, limitMs: limitMs + GRACE_MS };
    const result = await until(kernel.call("runJob", params), signal);
    ledger.finish(id, readOutcome(result), context.now());
  } catch (thrown) {
    const reason = signal.aborted ? "it was interrupted" : asShown(thrown).message;
    ledger.finish(id, { state: "failed", reason }, context.now());
    if (signal.aborted) throw thrown;
  }
  const record = ledger.record(id);
  if (record !== undefined) return record;
  throw new PyraError("file", "no_such_occurrence", "the schedule was removed while it ran");
}

function resultText({ state, reason, output, session }: OccurrenceRecord): string {
  return [
    reason === "" ? state : `${state}: ${reason}`,
    ...(output === null ? [] : [`result: ${output}`]),
    ...(session === null ? [] : [`session: pyra sessions show ${session}`]),
    "",
  ].join("\n");
}
