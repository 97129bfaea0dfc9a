/**
 * The only way to run a tool: arguments → plan → scan → rules → the person → run → scan → cut → log.
 * @module
 */
import type { ToolEvent, ToolRunner } from "../agent/ports.ts";
import { asPyraError } from "../protocol/error.ts";
import type { ToolCall } from "../protocol/message.ts";
import type { Marks, Provenance } from "../protocol/tool.ts";
import type { Decision } from "./approval.ts";
import { EventQueue } from "./event_queue.ts";
import { type ExecutorLimits, type ExecutorPorts, LIMITS } from "./executor_ports.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import { type CallResult, perform } from "./performed_call.ts";
import { planCall, type ReadyCall, type StoppedCall } from "./planned_call.ts";
import { type Round, runRound } from "./round.ts";

/** What the tools of a turn begin with. */
export interface TurnStart {
  /** Who asked for the turn, as the log names them: `model`, or a channel's sender. */
  readonly who: string;
  /** Set if the conversation holds untrusted text already. */
  readonly untrusted?: Provenance | undefined;
  /** Set if it holds private data already. */
  readonly sensitive?: Provenance | undefined;
  /** Whether the person named a host (as URLs have it) in it; they named none if absent. */
  readonly isNamed?: ((host: string) => boolean) | undefined;
  /** Keeps what is cut of this turn's results; the executor's own if absent. */
  readonly keep?: ExecutorPorts["keep"];
}

/** A person's own call. */
export interface OwnCall {
  readonly signal: AbortSignal;
  /** As the log names them; `person` if absent. */
  readonly who?: string;
}

/** Runs tools. One for all turns of a room. */
export class ToolExecutor {
  readonly #ports: ExecutorPorts;
  readonly #limits: ExecutorLimits;
  readonly #open = new Map<string, number>();
  #calls = 0;

  constructor(ports: ExecutorPorts) {
    this.#ports = ports;
    this.#limits = { ...LIMITS, ...ports.limits };
  }

  /** The tools for one turn of a model. */
  turn(start: TurnStart): TurnTools {
    const ports = start.keep === undefined ? this.#ports : { ...this.#ports, keep: start.keep };
    return new TurnTools(start, { ports, limits: this.#limits, open: this.#open });
  }

  /**
   * Runs a tool as the person's own act: nothing is asked, the rest is the same. Never throws.
   * @param name the tool's full name, or as models see it
   * @param text the arguments as JSON; empty for none
   */
  async call(name: string, text: string, { signal, who = "person" }: OwnCall): Promise<CallResult> {
    const performing = {
      ports: this.#ports,
      limits: this.#limits,
      open: this.#open,
      who,
      signal,
    };
    const { registry, progress } = this.#ports;
    const call: ToolCall = { id: `own-${++this.#calls}`, name, arguments: text };
    const tool = registry.get(name) ?? registry.find(name);
    let planned: ReadyCall | StoppedCall;
    if (tool === undefined) {
      const near = registry.near(name);
      const meant = near === undefined ? "" : `; did you mean ${near.name}?`;
      const told = `there is no tool "${oneLine(name, 100)}"${meant}`;
      planned = { kind: "stopped", call, status: "error", text: told, origin: "pyra" };
    } else {
      const tell = (line: string) => progress?.(call.id, oneLine(line, 200));
      const planning = { ...performing, untrusted: undefined, progress: tell };
      planned = await planCall(call, tool, planning);
    }
    const decision: Decision = { kind: "allow", by: who, reason: "their own act" };
    const warnings = planned.kind === "ready" ? planned.warnings : [];
    const own = planned.kind === "ready" ? decision : undefined;
    const result = await perform(planned, own, performing);
    return { ...result, warnings: [...warnings, ...result.warnings] };
  }
}

/** The tools for one turn of a model. */
export class TurnTools implements ToolRunner {
  readonly #start: TurnStart;
  readonly #shared: Pick<Round, "ports" | "limits" | "open">;
  #marks: Marks;

  constructor(start: TurnStart, shared: Pick<Round, "ports" | "limits" | "open">) {
    this.#start = start;
    this.#shared = shared;
    this.#marks = { untrusted: start.untrusted, sensitive: start.sensitive };
  }

  /** What the conversation has read, as far as this turn knows. */
  get marks(): Marks {
    return this.#marks;
  }

  /** Runs the calls of one round. Never throws; when the signal is aborted, the events just end. */
  async *run(calls: readonly ToolCall[], signal: AbortSignal): AsyncGenerator<ToolEvent> {
    const queue = new EventQueue<ToolEvent>();
    const left = new AbortController();
    const working = this.#work(calls, AbortSignal.any([signal, left.signal]), queue);
    try {
      yield* queue.read();
    } finally {
      left.abort();
      await working;
    }
  }

  async #work(
    calls: readonly ToolCall[],
    signal: AbortSignal,
    queue: EventQueue<ToolEvent>,
  ): Promise<void> {
    const round: Round = {
      ...this.#shared,
      who: this.#start.who,
      isNamed: this.#start.isNamed,
      ...this.#marks,
      signal,
      emit: (event) => queue.push(event),
    };
    try {
      this.#mark(await runRound(calls, round));
    } catch (thrown) {
      // A mistake of ours; the loop answers what has no result yet. What was read is not known.
      this.#mark({ untrusted: { from: "a tool" }, sensitive: { from: "a tool" } });
      const message = `tools failed: ${oneLine(asPyraError(thrown).message, 200)}`;
      queue.push({ type: "warning", message });
    } finally {
      queue.end();
    }
  }

  #mark({ untrusted, sensitive }: Marks): void {
    const before = this.#marks;
    this.#marks = {
      untrusted: before.untrusted ?? untrusted,
      sensitive: before.sensitive ?? sensitive,
    };
  }
}
