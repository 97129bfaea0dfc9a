/**
 * `pyra schedule show`: one schedule, as the person typed it.
 * @module
 */
import { nextTimes } from "../../scheduler/rule/rule.ts";
import type { CommandContext } from "../context.ts";
import { findTarget } from "../conversation.ts";
import { asShown } from "../errors.ts";
import { jsonText } from "../output.ts";
import { factRows } from "../plugin/fact_rows.ts";
import type { Parsed } from "../program.ts";
import { instantText, jobRows, zoneOf } from "./job_facts.ts";
import { endText, occurrenceData, ownTime, scheduleData } from "./list.ts";
import { keptJob, knownSchedule, withSchedules } from "./opened_schedules.ts";
import { jobOf, type TypedJob } from "./typed_job.ts";

const SHOWN_TIMES = 5;
const SHOWN_RESULTS = 5;

/** `pyra schedule show ID` */
export function showSchedule(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  return withSchedules(context, async (store) => {
    const schedule = knownSchedule(store, parsed.arguments[0] ?? "");
    const { id, rule, enabled } = schedule;
    const kept = await keptJob(context, id);
    const job = jobOf(kept.typed);
    const [{ describe }, { systemZone }] = await Promise.all([
      import("../../scheduler/rule/rule_words.ts"),
      import("../../scheduler/rule/zone.ts"),
    ]);
    const zone = job.zone ?? systemZone();
    const when = describe(rule, context.now(), zone);
    const times = enabled ? await nextTimes(rule, context.now(), SHOWN_TIMES) : [];
    const results = store.ledger.history(id, SHOWN_RESULTS);
    if (boot.options.json) {
      await print(jsonText({
        ...scheduleData(schedule),
        when,
        typed: kept.typed,
        workspace: kept.workspace,
        times: times.map((at) => new Date(at).toISOString()),
        results: results.map(occurrenceData),
      }));
      return 0;
    }
    const rows = [
      ["schedule", id],
      ["name", schedule.name],
      ["typed", ["pyra", ...kept.typed.map(quoted)].join(" ")],
      ["when", when],
      ...(enabled ? [] : [["next", "disabled"]]),
      ...times.map((at, index) => [
        index === 0 ? "next" : "",
        instantText(at, zoneOf(rule, zone)),
      ]),
      ...jobRows(job, await modelOf(context, job), kept.workspace),
      ...results.map((record, index) => [
        index === 0 ? "results" : "",
        `${ownTime(record.dueAt)} ${endText(record)}`,
      ]),
    ];
    await print(factRows(rows, context.columns()));
    return 0;
  });
}

/** What would be asked now. */
async function modelOf(context: CommandContext, { provider, model }: TypedJob): Promise<string> {
  try {
    const { choice } = await findTarget(
      { ...context, boot: { ...context.boot, terminal: NOBODY } },
      {
        ...(provider === undefined ? {} : { provider }),
        ...(model === undefined ? {} : { model }),
      },
    );
    return `${choice.provider}/${choice.model}`;
  } catch (thrown) {
    return asShown(thrown).message;
  }
}

/** Who looks is not asked to set anything up. */
const NOBODY = { stdin: false, stdout: false, stderr: false };

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
