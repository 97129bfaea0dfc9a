/**
 * Runs an allowed call and makes of whatever comes what the model gets: scanned, redacted, cut, logged.
 * @module
 */
import type { Origin } from "../protocol/origin.ts";
import type { Provenance, ToolOutcome } from "../protocol/tool.ts";
import type { Decision } from "./approval.ts";
import { type Heard, heard } from "./call_hooks.ts";
import { cutResult } from "./cut.ts";
import type { ExecutorLimits, ExecutorPorts } from "./executor_ports.ts";
import { faultText } from "./fault_text.ts";
import { cutUnits, oneLine } from "../protocol/foreign_text.ts";
import { logLine } from "./log_line.ts";
import type { ReadyCall, StoppedCall } from "./planned_call.ts";
import { onlyReads } from "./policy.ts";
import { marked, originOf } from "./result_origin.ts";
import { waitFor } from "./waiting.ts";

/** What came of a call. */
export interface CallResult {
  readonly status: "ok" | "error" | "denied" | "cancelled";
  /** For the model: 4,000 UTF-16 units at most. */
  readonly text: string;
  /** All of it. */
  readonly whole: string;
  /** Whose words the text is. */
  readonly origin: Origin;
  /** Set if the text holds what neither the person nor the model wrote. */
  readonly untrusted?: Provenance;
  /** Set if it may hold private data. */
  readonly sensitive?: Provenance;
  /** What the person is told beside it. */
  readonly warnings: readonly string[];
}

/** What running needs. */
export interface Performing {
  readonly ports: ExecutorPorts;
  readonly limits: ExecutorLimits;
  /** Runs that are not over, by the tool's name. */
  readonly open: Map<string, number>;
  readonly who: string;
  readonly signal: AbortSignal;
}

const OURS: Origin = { kind: "pyra" };

type Outcome = Omit<CallResult, "whole" | "origin" | "sensitive">;

/** UTF-16 units that are looked at, and kept, of a result. */
const WHOLE_UNITS = 2_000_000;
/** Whatever a tool says of itself. */
const LONGEST_RUN_MS = 310_000;
const PROGRESS_UNITS = 200;
const PROGRESS_GAP_MS = 50;
/** Of what a program writes, at a time. */
const OUTPUT_UNITS = 20_000;

/** Runs a call if it is allowed, and logs it in any case. Never throws. */
export async function perform(
  planned: ReadyCall | StoppedCall,
  decision: Decision | undefined,
  performing: Performing,
): Promise<CallResult> {
  const { ports: { now } } = performing;
  const start = now();
  let outcome: Outcome;
  let isOurs = true;
  if (planned.kind === "stopped") {
    const { status, text, tool, origin, untrusted } = planned;
    const from = origin === "tool" ? tool : undefined;
    isOurs = from === undefined;
    outcome = {
      status,
      text,
      warnings: [],
      ...await marked(from, { others: untrusted }, performing),
    };
  } else if (decision === undefined || decision.kind === "deny") {
    const reason = decision?.reason ?? "it was not decided";
    outcome = { status: "denied", text: `not done: ${reason}`, warnings: [] };
  } else {
    outcome = await finished(planned, await ran(planned, performing), performing);
    isOurs = outcome.status === "cancelled";
  }
  const told = { ...outcome, ...isOurs ? { origin: OURS } : originOf(planned, outcome) };
  const result = await shortened(planned.call.id, told, performing);
  return await logged(planned, decision, result, { start, ms: now() - start }, performing);
}

async function ran(
  { call, tool, run, request }: ReadyCall,
  { ports, limits, open, signal }: Performing,
): Promise<Outcome> {
  const failed = (text: string): Outcome => ({ status: "error", text, warnings: [] });
  const count = open.get(tool.name) ?? 0;
  if (count >= limits.openRuns) {
    return failed(`${tool.name} is still busy with ${count} earlier calls; do without it`);
  }
  const limitMs = Math.min(tool.tool.timeLimit ?? limits.runMs, LONGEST_RUN_MS);
  let isOver = false;
  const progress = progressOf(call.id, ports, () => isOver);
  const output = (text: string): void => {
    if (!isOver && typeof text === "string") ports.output?.(call.id, cutUnits(text, OUTPUT_UNITS));
  };
  const waited = await waitFor(async (own) => {
    open.set(tool.name, (open.get(tool.name) ?? 0) + 1);
    try {
      const { untrusted } = request;
      const reads = onlyReads(request) ? { onlyReads: true } as const : {};
      const context = { untrusted, signal: own, progress, output, ...reads };
      return outcomeOf(await run(context));
    } finally {
      // Late for what was left behind.
      open.set(tool.name, (open.get(tool.name) ?? 1) - 1);
    }
  }, { signal, limitMs });
  isOver = true;
  switch (waited.kind) {
    case "done":
      return waited.value ?? failed("the tool failed: its result is none");
    case "failed":
      return failed(`the tool failed: ${faultText(waited.cause)}`);
    case "timeout":
      return failed(`the tool was stopped after ${limitMs / 1_000} s without a result`);
    case "cancelled":
      return { status: "cancelled", text: "cancelled; it may be done in part", warnings: [] };
  }
}

/** A copy of a result; `undefined` if it is none. */
function outcomeOf(given: unknown): Outcome | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { status, text, untrusted } = given as Partial<Record<keyof ToolOutcome, unknown>>;
  if ((status !== "ok" && status !== "error") || typeof text !== "string") return undefined;
  const from = typeof untrusted === "object" && untrusted !== null
    ? String(Reflect.get(untrusted, "from") ?? "")
    : undefined;
  return { status, text, warnings: [], ...(from === undefined ? {} : { untrusted: { from } }) };
}

/** The outcome with where it is from, scanned and redacted. */
async function finished(
  { tool, request, hooked: by }: ReadyCall,
  outcome: Outcome,
  performing: Performing,
): Promise<Outcome> {
  const { ports, limits, signal } = performing;
  if (outcome.status === "cancelled") return outcome;
  const withheld = (reason: string, untrusted?: Provenance): Outcome => ({
    status: "error",
    text: `the call was run, but its result is withheld: ${reason}`,
    warnings: [],
    ...(untrusted && { untrusted }),
  });
  const given = cutUnits(outcome.text, WHOLE_UNITS).toWellFormed();
  const hooked = await afterHooks(tool.name, given, performing);
  if (hooked.kind === "veto") return withheld(hooked.reason, hooked.untrusted);
  const origin = await marked(
    tool,
    { own: outcome.untrusted, others: hooked.untrusted ?? by },
    performing,
  );
  const text = hooked.value;
  const scanned = {
    tool: tool.name,
    owner: tool.tool.owner,
    text,
    effects: request.effects,
    untrusted: origin.untrusted,
  };
  const waited = await waitFor(() => ports.scan.result(scanned), {
    signal,
    limitMs: limits.portMs,
  });
  if (waited.kind !== "done") return withheld("it could not be scanned");
  if (waited.value.kind === "block") return withheld(waited.value.reason);
  const warnings = waited.value.kind === "warn" ? [waited.value.message] : [];
  const redacted = await waitFor(() => ports.redact(text), { signal, limitMs: limits.portMs });
  if (redacted.kind !== "done") return withheld("it could not be searched for secrets");
  return {
    status: outcome.status,
    text: redacted.value,
    warnings: [...hooked.warnings, ...warnings],
    ...origin,
  };
}

/** The result as hooks left it; they see none of the secrets that are known. */
async function afterHooks(
  tool: string,
  text: string,
  { ports: { hooks, redact }, limits, signal }: Performing,
): Promise<Heard<string>> {
  if (hooks === undefined) return { kind: "pass", value: text, warnings: [] };
  const bare = await waitFor(() => redact(text), { signal, limitMs: limits.portMs });
  if (bare.kind !== "done") {
    return { kind: "veto", reason: "it could not be searched for secrets" };
  }
  const answer = await heard(bare.value, (own) => hooks.afterTool(tool, bare.value, own), signal);
  return answer.kind === "veto"
    ? answer
    : { ...answer, value: cutUnits(answer.value, WHOLE_UNITS).toWellFormed() };
}

async function shortened(
  callId: string,
  outcome: Omit<CallResult, "whole">,
  { ports, limits, signal }: Performing,
): Promise<CallResult> {
  const { text: whole, warnings } = outcome;
  const cut = cutResult(whole, "the whole is kept in the session");
  if (cut.extent === "whole") return { ...outcome, whole };
  const kept = await waitFor(() => ports.keep(callId, whole), { signal, limitMs: limits.portMs });
  if (kept.kind === "done") return { ...outcome, text: cut.text, whole };
  const { text } = cutResult(whole, "the rest is lost");
  return { ...outcome, text, whole, warnings: [...warnings, "a long result could not be kept"] };
}

async function logged(
  planned: ReadyCall | StoppedCall,
  decision: Decision | undefined,
  result: CallResult,
  { start, ms }: { readonly start: number; readonly ms: number },
  { ports, limits, who }: Performing,
): Promise<CallResult> {
  // Written anew, so that no escape hides a secret from redaction.
  const given = planned.kind === "ready"
    ? JSON.stringify(planned.request.arguments)
    : planned.call.arguments;
  const { call, tool } = planned;
  const line = logLine({
    time: start,
    who,
    owner: tool?.tool.owner ?? "",
    tool: tool?.name ?? call.name,
    call_id: call.id,
    arguments: given,
    decision: decision?.kind ?? "none",
    by: decision?.by ?? "",
    reason: decision?.reason ?? "",
    status: result.status,
    duration_ms: ms,
    result: result.text,
  }, ports.redact);
  // What was done is logged, also when the turn was ended meanwhile.
  const { signal } = new AbortController();
  const waited = await waitFor(() => ports.log(line), { signal, limitMs: limits.portMs });
  if (waited.kind === "done") return result;
  return { ...result, warnings: [...result.warnings, "a tool call could not be logged"] };
}

/** How far a call has come, for the person: no faster than they can read, and not after its end. */
function progressOf(
  callId: string,
  { progress, now }: ExecutorPorts,
  isOver: () => boolean,
): (text: string) => void {
  let last = -Infinity;
  return (text) => {
    if (progress === undefined || isOver() || typeof text !== "string") return;
    const time = now();
    if (time - last < PROGRESS_GAP_MS) return;
    last = time;
    progress(callId, oneLine(text, PROGRESS_UNITS));
  };
}
