import type { ToolEvent } from "../../src/agent/ports.ts";
import type { ToolCall } from "../../src/protocol/message.ts";
import type { Effect, Tool, ToolContext, ToolOutcome, ToolPlan } from "../../src/protocol/tool.ts";
import type { Answer, ApprovalRequest, AskingSurface } from "../../src/tools/approval.ts";
import { Approver, type CommandLineAnswers } from "../../src/tools/approver.ts";
import { ToolExecutor } from "../../src/tools/executor.ts";
import type { ExecutorLimits, ExecutorPorts, Scan } from "../../src/tools/executor_ports.ts";
import { ToolRegistry } from "../../src/tools/registry.ts";
import type { Rule } from "../../src/tools/rule.ts";

type Given = Readonly<Record<string, unknown>>;

/** What a fake tool does; what is absent is harmless. */
export interface FakeTool {
  readonly name: string;
  readonly owner?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly effects?: readonly Effect[];
  readonly approval?: "none" | "rule" | "person";
  readonly detail?: string;
  /** In place of the plan that the other fields make. */
  readonly plan?: (given: Given, context: ToolContext) => unknown;
  readonly run?: (given: Given, context: ToolContext) => unknown;
}

/** A tool. Its effects are both declared and planned. */
export function fakeTool(fake: FakeTool): Tool {
  const { name, owner = "fake", effects = [], approval = "rule", detail } = fake;
  const run = fake.run ?? (() => ({ status: "ok", text: `${name} is done` }));
  const ready = (given: Given): ToolPlan => ({
    kind: "ready",
    does: `do ${name}`,
    effects,
    ...(detail === undefined ? {} : { detail }),
    approval,
    run: async (context) => await run(given, context) as ToolOutcome,
  });
  return {
    description: {
      name,
      description: `does ${name}`,
      parameters: fake.parameters ?? { type: "object", properties: {} },
    },
    owner,
    effects,
    plan: async (given, context) => await (fake.plan?.(given, context) ?? ready(given)) as ToolPlan,
  };
}

/** A model's call. */
export function toolCall(id: string, name: string, given: unknown = {}): ToolCall {
  return { id, name, arguments: typeof given === "string" ? given : JSON.stringify(given) };
}

/** A person who answers by the tool's full name; what is not named is a no. */
export function fakeSurface(
  answers: Readonly<Record<string, Answer["kind"]>>,
): AskingSurface & { readonly asked: (readonly ApprovalRequest[])[] } {
  const asked: (readonly ApprovalRequest[])[] = [];
  return {
    name: "terminal",
    asked,
    ask: (requests) => {
      asked.push(requests);
      return Promise.resolve(
        new Map(requests.map(({ call, tool }) => [call.id, { kind: answers[tool] ?? "no" }])),
      );
    },
  };
}

/** What an executor runs with; what is absent lets everything pass. */
export interface Workshop {
  readonly tools: readonly Tool[];
  readonly rules?: readonly Rule[];
  readonly commandLine?: CommandLineAnswers;
  readonly surface?: AskingSurface;
  readonly scan?: Partial<Scan>;
  readonly limits?: Partial<ExecutorLimits>;
  readonly ports?: Partial<ExecutorPorts>;
}

/** An executor, and what it told the world. */
export interface OpenWorkshop {
  readonly executor: ToolExecutor;
  readonly registry: ToolRegistry;
  /** The lines of the log, read. */
  readonly log: Record<string, unknown>[];
  readonly kept: Map<string, string>;
  readonly rules: Rule[];
  readonly progress: string[];
}

/** Opens a workshop. */
export function openWorkshop(workshop: Workshop): OpenWorkshop {
  const registry = new ToolRegistry();
  for (const tool of workshop.tools) registry.add(tool);
  const log: Record<string, unknown>[] = [];
  const kept = new Map<string, string>();
  const rules = [...(workshop.rules ?? [])];
  const progress: string[] = [];
  const { commandLine, surface, limits } = workshop;
  const pass = () => ({ kind: "pass" }) as const;
  const executor = new ToolExecutor({
    registry,
    approver: new Approver({
      rules: () => rules,
      ...(commandLine === undefined ? {} : { commandLine }),
      ...(surface === undefined ? {} : { surface }),
    }),
    scan: { arguments: pass, result: pass, ...workshop.scan },
    redact: (text) => text.replaceAll("hunter2", "[redacted]"),
    log: (line) => void log.push(JSON.parse(line)),
    keep: (callId, text) => void kept.set(callId, text),
    remember: (rule) => void rules.push(rule),
    now: () => performance.timeOrigin + performance.now(),
    progress: (_callId, text) => progress.push(text),
    ...(limits === undefined ? {} : { limits }),
    ...workshop.ports,
  });
  return { executor, registry, log, kept, rules, progress };
}

/** Runs one round of a new turn to its end. */
export async function runCalls(
  { executor }: Pick<OpenWorkshop, "executor">,
  calls: readonly ToolCall[],
  signal: AbortSignal = new AbortController().signal,
): Promise<ToolEvent[]> {
  return await Array.fromAsync(executor.turn({ who: "model" }).run(calls, signal));
}

/** The results by the calls' ids. */
export function resultsOf(
  events: readonly ToolEvent[],
): Record<string, Extract<ToolEvent, { type: "tool_result" }>> {
  return Object.fromEntries(
    events.flatMap((event) => event.type === "tool_result" ? [[event.call_id, event]] : []),
  );
}
