/**
 * `pyra schedule list`, `history` and `show`.
 * @module
 */
import type { OccurrenceRecord, Schedule } from "../../scheduler/schedule.ts";
import type { CommandContext } from "../context.ts";
import { countOf } from "../option_values.ts";
import { jsonText, localTime, table } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { knownSchedule, withSchedules } from "./opened_schedules.ts";

const DEFAULT_LIMIT = 20;

/** An instant in the person's own zone. */
export function ownTime(at: number): string {
  return localTime(new Date(at).toISOString());
}

/** An occurrence as data. */
export function occurrenceData(record: OccurrenceRecord): Record<string, unknown> {
  const iso = (at: number | null) => at === null ? null : new Date(at).toISOString();
  const { dueAt, startedAt, endedAt, ...rest } = record;
  return { ...rest, due: iso(dueAt), started: iso(startedAt), ended: iso(endedAt) };
}

/** A schedule as data. */
export function scheduleData(
  { nextAt, created, graceMs: _, ...rest }: Schedule,
): Record<string, unknown> {
  const next = nextAt === null || !rest.enabled ? null : new Date(nextAt).toISOString();
  return { ...rest, created: new Date(created).toISOString(), next };
}

/** How an occurrence ended, and what there is to say of it. */
export function endText({ state, reason, output, session }: OccurrenceRecord): string {
  const said = reason === "" ? output ?? (session === null ? "" : `session ${session}`) : reason;
  return said === "" ? state : `${state}: ${said}`;
}

/** `pyra schedule list` */
export function listSchedules(context: CommandContext): Promise<number> {
  const { boot, kernel, print } = context;
  return withSchedules(context, async (store) => {
    const [{ describe }, kept] = await Promise.all([
      import("../../scheduler/rule/rule_words.ts"),
      kernel.call("keptJobs", null),
    ]);
    const typed = new Set(kept.map(({ schedule }) => schedule));
    const all = store.list();
    const rows = all.map((schedule) => {
      const last = store.ledger.history(schedule.id, 1)[0];
      const isTyped = typed.has(schedule.id);
      return { schedule, last, isTyped, when: describe(schedule.rule, context.now()) };
    });
    const lost = kept.filter(({ schedule }) => !all.some(({ id }) => id === schedule));
    if (boot.options.json) {
      const schedules = rows.map(({ schedule, last, isTyped, when }) => ({
        ...scheduleData(schedule),
        when,
        typed: isTyped,
        last: last === undefined ? null : occurrenceData(last),
      }));
      await print(jsonText({ schedules, kept: lost.map(({ schedule }) => schedule) }));
      return 0;
    }
    if (rows.length === 0) {
      await print('There is no schedule yet. Try: pyra schedule add "daily 08:00" "a prompt"\n');
    } else {
      const head = [
        { title: "id", shrinks: true, least: 12 },
        { title: "next" },
        { title: "last", shrinks: true },
        { title: "when", shrinks: true, optional: true, least: 16 },
      ] as const;
      const cells = rows.map(({ schedule, last, isTyped, when }) => [
        schedule.id,
        isTyped ? nextText(schedule) : "not typed",
        last === undefined ? "" : `${last.state} ${ownTime(last.endedAt ?? last.dueAt)}`,
        when,
      ]);
      await print(table(head, cells, context.columns()));
    }
    for (const { schedule, isTyped } of rows) {
      if (isTyped) continue;
      const { id } = schedule;
      await remark(
        context,
        `nobody typed what ${id} does, so it does not run: pyra schedule rm ${id}`,
      );
    }
    for (const { schedule } of lost) {
      const sentence = `what was typed for ${schedule} is kept, and no schedule runs it`;
      await remark(context, `${sentence}: pyra schedule rm ${schedule}`);
    }
    return 0;
  });
}

function nextText({ enabled, nextAt }: Schedule): string {
  if (!enabled) return "disabled";
  return nextAt === null ? "never again" : ownTime(nextAt);
}

/** `pyra schedule history [ID]` */
export function listHistory(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, print } = context;
  const limit = countOf(parsed.options, "--limit") ?? DEFAULT_LIMIT;
  const [id] = parsed.arguments;
  return withSchedules(context, async (store) => {
    // A removed one has a history still.
    const records = store.ledger.history(id, limit);
    if (id !== undefined && records.length === 0) knownSchedule(store, id);
    if (boot.options.json) await print(jsonText(records.map(occurrenceData)));
    else if (records.length > 0) await print(historyTable(records, context.columns()));
    else await remark(context, "nothing has run yet");
    return 0;
  });
}

/** Occurrences in rows. */
export function historyTable(
  records: readonly OccurrenceRecord[],
  columns: number | undefined,
): string {
  const head = [
    { title: "due" },
    { title: "schedule", shrinks: true, optional: true },
    { title: "how it ended", shrinks: true },
  ] as const;
  const rows = records.map((record) => [
    ownTime(record.dueAt),
    record.schedule,
    `${endText(record)}${record.manual ? " (asked for)" : ""}`,
  ]);
  return table(head, rows, columns);
}
