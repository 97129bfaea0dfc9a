/**
 * `pyra schedule add`: all is checked first, then the kernel keeps what was typed, then the schedule is kept.
 *
 * Should the second not be done after the first, a command line is kept that no schedule runs: it does no
 * harm, and `pyra schedule list` tells of it. The other way round there would be a schedule without rights.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { nextTimes, type ScheduleRule } from "../../scheduler/rule/rule.ts";
import type { ScheduleStore } from "../../scheduler/store.ts";
import type { CommandContext } from "../context.ts";
import { findTarget, notices } from "../conversation.ts";
import { oneLine, usageError } from "../errors.ts";
import { HeldMemory } from "../held_memory.ts";
import { knownProvider } from "../known_provider.ts";
import { jsonText } from "../output.ts";
import { factRows } from "../plugin/fact_rows.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { instantText, jobRows, zoneOf } from "./job_facts.ts";
import { openJobTools } from "./job_tools.ts";
import { tellDaemon, withSchedules } from "./opened_schedules.ts";
import { readJob, type TypedJob } from "./typed_job.ts";

const SHOWN_TIMES = 3;

/** `pyra schedule add WHEN PROMPT…` */
export async function addSchedule(context: CommandContext, parsed: Parsed): Promise<number> {
  const job = readJob(parsed);
  const now = context.now();
  const { rule, remark: clock, zone } = await ruleOf(job, now);
  const times = await nextTimes(rule, now, SHOWN_TIMES);
  const model = await checked(context, job);
  const { id, name } = await withSchedules(context, async (store) => {
    const name = freeName(store, job, parsed);
    const kept = await context.kernel.call("keptJobs", null);
    const id = store.freeId(name, kept.map(({ schedule }) => schedule));
    await context.kernel.call("keepJob", { schedule: id });
    try {
      const draft = { name, rule, missed: job.missed };
      const added = store.add(draft, { now, nextAt: times[0] ?? null, id });
      if (job.isDisabled) store.disable(id);
      return added;
    } catch (thrown) {
      await remark(context, `pyra schedule rm ${id} forgets what was typed`);
      throw thrown;
    }
  });
  const shown = await import("../../scheduler/rule/rule_words.ts");
  const when = shown.describe(rule, now, zone);
  const { boot, print } = context;
  if (boot.options.json) {
    const next = times.map((at) => new Date(at).toISOString());
    await print(jsonText({ id, name, when, rule, next, enabled: !job.isDisabled }));
  } else {
    const first = job.isDisabled ? [["state", "disabled"]] : [];
    const rows = [
      ["schedule", id],
      ...first,
      ["when", when],
      ...times.map((at, index) => [
        index === 0 ? "next" : "",
        instantText(at, zoneOf(rule, zone)),
      ]),
      ...(clock === "" ? [] : [["", clock]]),
      ...jobRows(job, model, boot.workspace),
    ];
    await print(factRows(rows, context.columns()));
  }
  if (!await tellDaemon(context) && !job.isDisabled) {
    const sentence = "no daemon runs, so it does not run yet; pyra daemon start starts one now, " +
      "pyra daemon install at each login";
    await remark(context, sentence);
  }
  return 0;
}

async function ruleOf(
  job: TypedJob,
  now: number,
): Promise<{ rule: ScheduleRule; remark: string; zone: string }> {
  const [{ readRule }, { systemZone, zoneNamed }] = await Promise.all([
    import("../../scheduler/rule/rule_text.ts"),
    import("../../scheduler/rule/zone.ts"),
  ]);
  const zone = job.zone === undefined ? systemZone() : zoneNamed(job.zone);
  return { ...await readRule(job.when, { zone, now }), zone };
}

/** Checks all that a run would find wrong. @returns what is asked: `openai/gpt-5` */
async function checked(context: CommandContext, job: TypedJob): Promise<string> {
  const { provider, model } = job;
  const target = await findTarget(context, {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  });
  for (const notice of notices(target)) await remark(context, notice);
  const { choice, settings: { config } } = target;
  if (job.maxCost !== undefined) await checkPrice(choice, config.limits.prices);
  await checkOutput(context, job);
  await using memory = new HeldMemory(context);
  const tools = await openJobTools(context, memory, job);
  await tools.checkArguments();
  const usual = provider === undefined && model === undefined ? " (the usual one)" : "";
  return `${choice.provider}/${choice.model}${usual}`;
}

async function checkPrice(
  choice: { readonly provider: string; readonly model: string },
  own: readonly string[],
): Promise<void> {
  const [{ id, group }, { priceOf }] = await Promise.all([
    knownProvider(choice.provider),
    import("../../guard/limits/price.ts"),
  ]);
  const isFree = group === "local" || id === "demo";
  if (priceOf(id, choice.model, { own, isFree }) !== undefined) return;
  throw usageError(
    `the price of ${id}/${choice.model} is unknown, so --max-cost cannot hold`,
    "name it in limits.prices, or limit it with --max-requests",
  );
}

async function checkOutput({ boot }: CommandContext, { output }: TypedJob): Promise<void> {
  const [path] = boot.granted;
  if (output === undefined || path === undefined) return;
  const found = await Deno.stat(path).catch((cause) => {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new PyraError("file", "output", `${oneLine(output)} cannot be looked at`, { cause });
  });
  if (found === undefined || found.isFile) return;
  throw usageError(`${oneLine(output)} is no file`, "name a file after --output");
}

/** A name of its own: what is made of the prompt may be there already. */
function freeName(store: ScheduleStore, { name }: TypedJob, { options }: Parsed): string {
  const isTaken = (one: string) => store.find(one)?.name === one;
  if (!isTaken(name)) return name;
  if (options["--name"] !== undefined) {
    throw new PyraError("configuration", "schedule_exists", `there is a schedule "${name}"`, {
      hint: "give another name, or remove that one: pyra schedule rm",
    });
  }
  let number = 2;
  while (isTaken(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}
