/**
 * From a model's call to a plan that may be shown, agreed to and run. Nothing is done here.
 * @module
 */
import type { ToolCall } from "../protocol/message.ts";
import type { Effect, Provenance, ToolPlan } from "../protocol/tool.ts";
import type { ApprovalRequest, Holder } from "./approval.ts";
import { offerFor } from "./approver.ts";
import { readArguments } from "./arguments.ts";
import { heard } from "./call_hooks.ts";
import { effectText, isDeclared } from "./effect.ts";
import type { ExecutorLimits, ExecutorPorts, ScanVerdict } from "./executor_ports.ts";
import { cutUnits, oneLine } from "../protocol/foreign_text.ts";
import { faultText } from "./fault_text.ts";
import { judgedRuns, type RunVerdict, unjudged } from "./judged_runs.ts";
import type { RegisteredTool } from "./registry.ts";
import { waitFor } from "./waiting.ts";

type ReadyPlan = Extract<ToolPlan, { kind: "ready" }>;

/** A call that will not run. */
export interface StoppedCall {
  readonly kind: "stopped";
  readonly call: ToolCall;
  /** Absent: there is no such tool. */
  readonly tool?: RegisteredTool;
  readonly status: "error" | "denied" | "cancelled";
  /** What the model gets. */
  readonly text: string;
  /** Whose words these are. */
  readonly origin: "pyra" | "tool";
  /** Set if they are those of neither. */
  readonly untrusted?: Provenance;
}

/** A call that may run once it is allowed. */
export interface ReadyCall {
  readonly kind: "ready";
  readonly call: ToolCall;
  readonly tool: RegisteredTool;
  readonly request: ApprovalRequest;
  readonly run: ReadyPlan["run"];
  readonly warnings: readonly string[];
  /** Set if hooks of plugins changed the arguments: what comes of it is theirs too. */
  readonly hooked?: Provenance | undefined;
}

/** What planning needs. */
export interface Planning {
  readonly ports: Pick<ExecutorPorts, "scan" | "hooks" | "risk" | "heldBy">;
  readonly limits: ExecutorLimits;
  readonly untrusted: Provenance | undefined;
  readonly sensitive?: Provenance | undefined;
  readonly isNamed?: ((host: string) => boolean) | undefined;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Effects of one plan: more are no plan that a person can judge. */
const EFFECT_LIMIT = 64;
const DOES_UNITS = 400;
const DETAIL_UNITS = 200_000;
const REFUSAL_UNITS = 1_000;

/** Plans a call, as hooks left it. Never throws. */
export async function planCall(
  call: ToolCall,
  tool: RegisteredTool,
  planning: Planning,
): Promise<StoppedCall | ReadyCall> {
  const { ports: { hooks }, signal } = planning;
  const given = hooks === undefined ? undefined : readArguments(call.arguments, tool.schema);
  if (hooks === undefined || given?.kind !== "valid") return await planFinal(call, tool, planning);
  const { name } = tool;
  const hooked = await heard(
    given.value,
    (own) => hooks.beforeTool({ tool: name, input: given.value }, own),
    signal,
  );
  if (hooked.kind === "veto") {
    const { reason, untrusted } = hooked;
    return {
      kind: "stopped",
      call,
      tool,
      status: "denied",
      text: `not done: ${reason}`,
      origin: "tool",
      ...(untrusted && { untrusted }),
    };
  }
  const { value, untrusted: by, warnings } = hooked;
  const untrusted = planning.untrusted ?? by;
  const changed = value === given.value ? call : { ...call, arguments: JSON.stringify(value) };
  const planned = await planFinal(changed, tool, { ...planning, untrusted });
  return planned.kind === "ready"
    ? { ...planned, hooked: by, warnings: [...warnings, ...planned.warnings] }
    : planned;
}

async function planFinal(
  call: ToolCall,
  tool: RegisteredTool,
  planning: Planning,
): Promise<StoppedCall | ReadyCall> {
  const stop = (
    status: StoppedCall["status"],
    text: string,
    origin: StoppedCall["origin"] = "pyra",
  ): StoppedCall => ({ kind: "stopped", call, tool, status, text, origin });
  const given = readArguments(call.arguments, tool.schema);
  if (given.kind === "invalid") {
    const sentence = given.message.endsWith("?") ? given.message : `${given.message}.`;
    return stop("error", `${sentence} Correct this and call again`);
  }
  const { signal, limits, untrusted, progress } = planning;
  const planned = await waitFor(
    // What is read of a plan is read once, so that it cannot change after it was agreed to.
    async (own) =>
      snapshot(await tool.tool.plan(given.value, { untrusted, signal: own, progress })),
    { signal, limitMs: limits.planMs },
  );
  if (planned.kind === "cancelled") return stop("cancelled", "cancelled before it was run");
  if (planned.kind === "timeout") return stop("error", "the tool took too long to plan this");
  if (planned.kind === "failed") {
    return stop("error", `the tool failed: ${faultText(planned.cause)}`, "tool");
  }
  const plan = planned.value;
  if (plan === undefined) return stop("error", "the tool failed: its plan is none");
  if (plan.kind === "refused") return stop("error", plan.message, "tool");
  const beyond = plan.effects.find((effect) => !isDeclared(effect, tool.tool.effects));
  if (beyond !== undefined) {
    const text = `not done: ${tool.name} never said that it ${effectText(beyond)}`;
    return stop("denied", text, "tool");
  }
  // The tool gets this text, and not what the model wrote with escapes or as JSON in JSON.
  const verdict = await scanned(JSON.stringify(given.value), tool, plan, planning);
  if (verdict.kind === "block") return stop("denied", `not done: ${verdict.reason}`);
  const risk = await riskOf(plan, planning);
  if (risk?.risk === "FORBIDDEN") return stop("denied", forbidden(risk));
  const request = requestOf(
    call,
    tool,
    { ...plan, risk, heldBy: await heldBy(plan, planning) },
    given.value,
    planning,
  );
  const warnings = verdict.kind === "warn" ? [verdict.message] : [];
  return { kind: "ready", call, tool, request, run: plan.run, warnings };
}

/** How dangerous what would be run is; what cannot be judged is. */
async function riskOf(
  { effects }: ReadyPlan,
  { ports: { risk }, limits, signal }: Planning,
): Promise<RunVerdict | undefined> {
  if (risk === undefined) return unjudged(effects);
  const waited = await waitFor(() => judgedRuns(effects, risk), { signal, limitMs: limits.portMs });
  return waited.kind === "done" ? waited.value : unjudged(effects);
}

/** What holds a call's programs, for the person. */
async function heldBy(
  { effects }: ReadyPlan,
  { ports, limits, signal }: Planning,
): Promise<Holder | undefined> {
  const isHeld = effects.some((effect) => effect.kind === "runs" && effect.outside !== true);
  const waited = isHeld && ports.heldBy !== undefined
    ? await waitFor(async () => await ports.heldBy?.(), { signal, limitMs: limits.portMs })
    : undefined;
  return waited?.kind === "done" ? waited.value : undefined;
}

function forbidden({ reason, part }: RunVerdict): string {
  const where = part === "" ? "" : ` (${oneLine(part, 200)})`;
  return `not done: this is never run: it ${oneLine(reason, 200)}${where}`;
}

function requestOf(
  call: ToolCall,
  { name, tool }: RegisteredTool,
  { does, effects, detail, approval, looksUp, runsToRead, risk, heldBy }: ReadyPlan & {
    readonly risk: RunVerdict | undefined;
    readonly heldBy: Holder | undefined;
  },
  given: ApprovalRequest["arguments"],
  { untrusted, sensitive, isNamed }: Planning,
): ApprovalRequest {
  const request = {
    call,
    tool: name,
    owner: tool.owner,
    does,
    effects,
    arguments: given,
    ...(detail === undefined ? {} : { detail }),
    approval: risk?.risk === "DANGEROUS" ? "person" as const : approval,
    ...(risk && { risk }),
    ...(heldBy === undefined ? {} : { heldBy }),
    ...(looksUp && { looksUp }),
    ...(runsToRead && { runsToRead }),
    untrusted,
    sensitive,
    isNamed,
  };
  const offer = offerFor(request);
  return offer === undefined ? request : { ...request, offer };
}

async function scanned(
  text: string,
  { name, tool }: RegisteredTool,
  { effects }: ReadyPlan,
  { ports, limits, untrusted, signal }: Planning,
): Promise<ScanVerdict> {
  const scan = { tool: name, owner: tool.owner, text, effects, untrusted };
  const waited = await waitFor(() => ports.scan.arguments(scan), {
    signal,
    limitMs: limits.portMs,
  });
  return waited.kind === "done"
    ? waited.value
    : { kind: "block", reason: "the arguments could not be scanned" };
}

/** A copy of a plan; `undefined` if it is none. A plugin may have given anything. */
function snapshot(given: unknown): ToolPlan | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const plan = given as Partial<Record<string, unknown>>;
  const { kind, message } = plan;
  if (kind === "refused") {
    return typeof message === "string"
      ? { kind, message: oneLine(message, REFUSAL_UNITS) }
      : undefined;
  }
  const { does, effects, detail, approval, looksUp, runsToRead, run } = plan;
  if (kind !== "ready" || typeof does !== "string" || typeof run !== "function") return undefined;
  if (approval !== "none" && approval !== "rule" && approval !== "person") return undefined;
  if (!Array.isArray(effects) || effects.length > EFFECT_LIMIT) return undefined;
  const read = effects.map(effectOf);
  if (!read.every((effect) => effect !== undefined)) return undefined;
  return {
    kind,
    does: oneLine(does, DOES_UNITS),
    effects: read,
    ...(typeof detail === "string" ? { detail: cutUnits(detail, DETAIL_UNITS) } : {}),
    approval,
    ...(looksUp === true && { looksUp }),
    ...((runsToRead === "always" || runsToRead === "if safe") && { runsToRead }),
    run: (context) => Reflect.apply(run, given, [context]),
  };
}

function effectOf(given: unknown): Effect | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { kind, where, host, program, argv, network, folder, outside } = given as Partial<
    Record<string, unknown>
  >;
  if ((kind === "reads" || kind === "writes") && typeof where === "string") return { kind, where };
  if (kind === "network" && typeof host === "string") return { kind, host };
  if (kind === "runs" && typeof program === "string") {
    if (folder !== undefined && typeof folder !== "string") return undefined;
    const reach = {
      ...(folder !== undefined && { folder }),
      ...(network === true && { network }),
      ...(outside === true && { outside }),
    };
    if (argv === undefined) return { kind, program, ...reach };
    return isArgv(argv, program) ? { kind, program, argv: [...argv], ...reach } : undefined;
  }
  return undefined;
}

function isArgv(given: unknown, program: string): given is readonly string[] {
  return Array.isArray(given) && given.every((one) => typeof one === "string") &&
    given[0] === program;
}
