/**
 * The tools of a job: with what its command line allows, and nobody's stored yes.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { Origin } from "../../protocol/origin.ts";
import { originText } from "../../protocol/origin.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import type { HeldMemory } from "../held_memory.ts";
import type { RunTools } from "../run_tools.ts";
import { noSuchTool } from "../tools/unknown_tool.ts";
import type { TypedJob } from "./typed_job.ts";

/** What a check found. */
export interface CheckResult {
  readonly text: string;
  /** Nobody vouches for it. */
  readonly origin: Origin;
}

/** The tools of a job. */
export interface JobTools {
  readonly tools: RunTools;
  /** @throws {PyraError} `usage` if the check's arguments do not fit its tool */
  checkArguments(): Promise<void>;
  /** Calls the check, without a model; `undefined` if there is none. @throws {PyraError} `check_failed` */
  check(signal: AbortSignal): Promise<CheckResult | undefined>;
}

/** Opens them. @throws {PyraError} `usage` for a name that is no tool's */
export async function openJobTools(
  context: CommandContext,
  memory: HeldMemory,
  { allow, narrowly, check }: TypedJob,
): Promise<JobTools> {
  const answers = { allow, narrowly, deny: [], rest: "ask" } as const;
  const tools = await context.openTools({ memory, answers, offer: "all", rules: "denials" });
  const registry = await tools.registry();
  const checking = check && (registry.get(check.tool) ?? registry.find(check.tool));
  if (check !== undefined && checking === undefined) {
    throw await noSuchTool(context, check.tool, registry);
  }
  return {
    tools,
    async checkArguments() {
      if (check === undefined || checking === undefined) return;
      const { readArguments } = await import("../../tools/arguments.ts");
      const read = readArguments(check.given, checking.schema);
      if (read.kind === "valid") return;
      throw usageError(`--check ${check.tool}: ${read.message}`, "write them after --check-args");
    },
    async check(signal) {
      if (check === undefined || checking === undefined) return undefined;
      const executor = await tools.executor();
      const own = { signal, who: "schedule" };
      const { status, text, whole, origin, sensitive } = await executor.call(
        checking.name,
        check.given,
        own,
      );
      signal.throwIfAborted();
      if (status !== "ok") {
        const message = `the check ${checking.name} failed: ${oneLine(text)}`;
        throw new PyraError("system", "check_failed", message);
      }
      const from = originText(origin);
      // The person typed the call, and not what it answers.
      return origin.kind !== "tool" || sensitive !== undefined
        ? { text: whole, origin: { kind: "input", from } }
        : { text: whole, origin: { ...origin, trusted: false } };
    },
  };
}
