/**
 * A job's run: what the person typed with `pyra schedule add`, carried out where nobody can be asked. It
 * has its own rights and its own cap, and says at its end how it ended.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { JobBoot } from "../../protocol/daemon_calls.ts";
import type { Part } from "../../protocol/message.ts";
import { checkHash, CheckMemory } from "../../scheduler/check_memory.ts";
import { outcomeCode, outcomeLine, type RunOutcome } from "../../scheduler/outcome.ts";
import type { CommandContext } from "../context.ts";
import { findTarget, openConversation } from "../conversation.ts";
import { asShown } from "../errors.ts";
import { endRecord, queryRecord } from "../query_record.ts";
import { currentMemory } from "../tools/opened_tools.ts";
import { collected, type JobAnswer } from "./answer.ts";
import { deliver, notifyOf } from "./delivery.ts";
import { spanText } from "./job_facts.ts";
import { type CheckResult, openJobTools } from "./job_tools.ts";
import { schedulesPath } from "./opened_schedules.ts";
import { jobOf, type TypedJob } from "./typed_job.ts";

const NOTHING_TO_DO = "nothing to do";
const ENDED = "it was ended before it was done";

/** Runs the job of `boot.job`. Nothing else is printed but how it ended. @returns the exit code */
export async function performJob(context: CommandContext, job: JobBoot): Promise<number> {
  let outcome: RunOutcome;
  try {
    outcome = await performed(context, job, jobOf(job.typed));
  } catch (thrown) {
    outcome = { state: "failed", reason: asShown(thrown).message };
  }
  const { redact } = await import("../../guard/redaction.ts");
  await context.print(outcomeLine({ ...outcome, reason: redact(outcome.reason) }));
  return outcomeCode(outcome);
}

async function performed(
  given: CommandContext,
  { schedule }: JobBoot,
  typed: TypedJob,
): Promise<RunOutcome> {
  const limit = new AbortController();
  const tooLong = new PyraError("system", "job_limit", `it took ${spanText(typed.limitMs)}`);
  const timer = setTimeout(() => limit.abort(tooLong), typed.limitMs);
  const signal = AbortSignal.any([given.signal, limit.signal]);
  const context = { ...given, signal };
  const ended = () => limit.signal.aborted ? `${tooLong.message}, and no job may longer` : ENDED;
  let outcome: RunOutcome;
  try {
    outcome = await asked(context, schedule, typed);
    if (signal.aborted) outcome = { ...outcome, state: "failed", reason: ended() };
  } catch (thrown) {
    const reason = signal.aborted ? ended() : asShown(thrown).message;
    outcome = { state: "failed", reason };
  } finally {
    clearTimeout(timer);
  }
  if (outcome.state === "failed" && !given.signal.aborted) {
    // Where that fails, too, the ledger tells the first reason.
    await notifyOf(context, typed, `failed: ${outcome.reason}`);
  }
  return outcome;
}

async function asked(
  context: CommandContext,
  schedule: string,
  typed: TypedJob,
): Promise<RunOutcome> {
  const { provider, model, maxRequests, maxCost } = typed;
  await (await context.usage()).cap({
    requests: maxRequests,
    ...(maxCost === undefined ? {} : { cost: maxCost }),
  });
  await using memory = currentMemory(context);
  const opened = await openJobTools(context, memory, typed);
  const found = await opened.check(context.signal);
  const hash = found && await checkHash(found.text);
  if (found !== undefined && await isOld(context, schedule, found, hash)) {
    return { state: "skipped", reason: NOTHING_TO_DO };
  }
  const target = await findTarget(context, {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  });
  const record = queryRecord(context, target.settings.config, "schedule");
  await using conversation = await openConversation(context, target, {
    memory,
    tools: opened.tools,
    instructions: "left_out",
    record,
  });
  await conversation.setTitle(typed.name);
  const news: Part[] = found === undefined
    ? []
    : [{ type: "text", text: found.text, origin: found.origin }];
  const parts: Part[] = [{ type: "text", text: typed.prompt }, ...news];
  const answer = await collected(conversation.send(parts, context.signal));
  await endRecord(context, record);
  const outcome = { ...outcomeOf(answer), session: conversation.id };
  if (outcome.state === "failed" || context.signal.aborted) return outcome;
  const { unshown, ...delivered } = await deliver(context, typed, answer);
  // What was found and not dealt with is news the next time, too.
  if (hash !== undefined) await rememberCheck(context, (checks) => checks.keep(schedule, hash));
  const reason = [outcome.reason, unshown].filter((part) => part !== "").join("; ");
  return { ...outcome, ...delivered, reason };
}

function outcomeOf({ text, failure, denied, remark }: JobAnswer): RunOutcome {
  if (failure !== undefined) return { state: "failed", reason: failure };
  const reasons = [
    ...(remark === undefined ? [] : [remark]),
    ...denied.map(({ tool, reason }) => `${tool} was not allowed: ${reason}`),
  ];
  if (text.trim() !== "") return { state: "done", reason: reasons.join("; ") };
  return { state: "failed", reason: ["the model answered nothing", ...reasons].join("; ") };
}

/** Whether a check found nothing, or what it found the last time. */
async function isOld(
  context: CommandContext,
  schedule: string,
  { text }: CheckResult,
  hash: string | undefined,
): Promise<boolean> {
  if (text.trim() === "") return true;
  return await rememberCheck(context, (checks) => checks.last(schedule)) === hash;
}

async function rememberCheck<T>(
  context: CommandContext,
  act: (checks: CheckMemory) => T,
): Promise<T> {
  using checks = await CheckMemory.open(schedulesPath(context));
  return act(checks);
}
