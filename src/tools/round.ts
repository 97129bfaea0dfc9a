/**
 * The calls of one round: planned together, asked about in one question, run, and answered in order.
 * @module
 */
import type { ToolEvent } from "../agent/ports.ts";
import type { ToolCall } from "../protocol/message.ts";
import type { Marks, Provenance } from "../protocol/tool.ts";
import type { Decision, Decisions } from "./approval.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import { type CallResult, perform, type Performing } from "./performed_call.ts";
import { planCall, type ReadyCall, type StoppedCall } from "./planned_call.ts";
import { formatRule } from "./rule.ts";
import { waitFor } from "./waiting.ts";

/** What a round is run with. */
export interface Round extends Performing {
  /** What the conversation had read before it. */
  readonly untrusted: Provenance | undefined;
  readonly sensitive?: Provenance | undefined;
  readonly isNamed?: ((host: string) => boolean) | undefined;
  readonly emit: (event: ToolEvent) => void;
}

type Planned = ReadyCall | StoppedCall;

/**
 * Runs a round. Never throws for what tools and ports do.
 * @returns what its results hold
 */
export async function runRound(
  calls: readonly ToolCall[],
  round: Round,
): Promise<Marks> {
  const { emit, signal } = round;
  const planned = await Promise.all(
    distinct(calls, emit).map((call, at) => plannedAt(call, at, round)),
  );
  for (const one of planned) if (one.kind === "ready") warn(one.warnings, round);
  const decisions = await decided(planned, round);
  for (const { call } of planned) {
    const decision = decisions.get(call.id);
    // What the person consented to before is not worth a line.
    if (decision !== undefined && decision.by !== "consent" && !signal.aborted) {
      emit({
        type: "approval",
        call_id: call.id,
        decision: decision.kind,
        reason: decision.reason,
      });
    }
  }
  await remembered(decisions, round);
  let untrusted: Provenance | undefined;
  let sensitive: Provenance | undefined;
  for (const group of groupsOf(planned, decisions)) {
    const running = group.map((one) => perform(one, decisions.get(one.call.id), round));
    for (const [at, one] of running.entries()) {
      const result = await one;
      untrusted ??= result.untrusted;
      sensitive ??= result.sensitive;
      answer(group[at]?.call.id ?? "", result, round);
    }
  }
  return { untrusted, sensitive };
}

/** The calls whose ids are their own. A second one of an id could pass for the one that was agreed to. */
function distinct(calls: readonly ToolCall[], emit: Round["emit"]): ToolCall[] {
  const byId = new Map<string, ToolCall>();
  for (const call of calls) {
    if (!byId.has(call.id)) byId.set(call.id, call);
    else {
      const name = oneLine(call.name, 100);
      emit({ type: "warning", message: `a second call with the same id is not run: ${name}` });
    }
  }
  return [...byId.values()];
}

async function plannedAt(call: ToolCall, at: number, round: Round): Promise<Planned> {
  const { ports: { registry }, limits } = round;
  const stopped = (text: string): StoppedCall => ({
    kind: "stopped",
    call,
    status: "error",
    text,
    origin: "pyra",
  });
  if (at >= limits.calls) return stopped(`not run: ${limits.calls} calls at once are the limit`);
  const tool = registry.find(call.name);
  if (tool !== undefined) {
    return await planCall(call, tool, {
      ...round,
      progress: () => undefined,
    });
  }
  const near = registry.near(call.name);
  const meant = near === undefined ? "" : `; did you mean ${near.modelName}?`;
  return stopped(`there is no tool "${oneLine(call.name, 100)}"${meant}`);
}

async function decided(
  planned: readonly Planned[],
  { ports, signal, emit }: Round,
): Promise<Decisions> {
  const requests = planned.flatMap((one) => one.kind === "ready" ? [one.request] : []);
  if (requests.length === 0) return new Map();
  const waited = await waitFor(
    (own) =>
      ports.approver.decide(requests, own, (asked) => {
        emit({ type: "approval_request", calls: asked.map(({ call }) => call) });
      }),
    { signal },
  );
  if (waited.kind === "done") return waited.value;
  const reason = waited.kind === "cancelled"
    ? "the turn was ended before it was decided"
    : "it could not be decided";
  const denial: Decision = { kind: "deny", by: "nobody", reason };
  return new Map(requests.map(({ call }) => [call.id, denial]));
}

/** Stores what was answered with "always", each rule once. */
async function remembered(decisions: Decisions, round: Round): Promise<void> {
  const rules = new Map(
    [...decisions.values()].flatMap((decision) =>
      decision.kind === "allow_always" ? [[formatRule(decision.rule), decision.rule] as const] : []
    ),
  );
  const { ports, limits, signal } = round;
  for (const [line, rule] of rules) {
    const waited = await waitFor(() => ports.remember(rule), { signal, limitMs: limits.portMs });
    if (waited.kind !== "done") {
      warn([`the rule "${line}" could not be stored; it holds until the end of this run`], round);
    }
  }
}

/**
 * Calls that may run at the same time. What writes or runs a program waits for those before it, and
 * those after it wait for it: models mean their calls in order.
 */
function groupsOf(planned: readonly Planned[], decisions: Decisions): Planned[][] {
  const groups: Planned[][] = [];
  let isOpen = false;
  for (const one of planned) {
    const isAlone = one.kind === "ready" && decisions.get(one.call.id)?.kind !== "deny" &&
      one.request.effects.some(({ kind }) => kind === "writes" || kind === "runs");
    const last = groups.at(-1);
    if (isOpen && !isAlone && last !== undefined) last.push(one);
    else groups.push([one]);
    isOpen = !isAlone;
  }
  return groups;
}

function answer(callId: string, result: CallResult, round: Round): void {
  const { status, text, origin, warnings } = result;
  warn(warnings, round);
  if (status === "cancelled" || round.signal.aborted) return;
  round.emit({ type: "tool_result", call_id: callId, text, status, origin });
}

function warn(messages: readonly string[], { emit }: Round): void {
  for (const message of messages) emit({ type: "warning", message: oneLine(message, 500) });
}
