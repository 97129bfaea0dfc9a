/**
 * The part of the composition root that gathers the tools of a run: the memory's, the plugins', and who
 * decides about their calls.
 * @module
 */
import { RunPlugins } from "./app_plugins.ts";
import type { ToolEvent } from "./agent/ports.ts";
import type { ToolOffer, ToolTurn, TurnTools } from "./chat/ports.ts";
import { trustedTools } from "./app_trusted.ts";
import type { CommandContext } from "./commands/context.ts";
import { asShown } from "./commands/errors.ts";
import type { RunTools, StoredRules, ToolsStart, ToolSurface } from "./commands/run_tools.ts";
import { FIRST_NOTE_TOOL, offeredMemoryTools } from "./memory/tools/offered.ts";
import type { ToolCall } from "./protocol/message.ts";
import { clarificationTool } from "./tools/clarification.ts";
import type { ToolExecutor, TurnTools as ExecutedTurn } from "./tools/executor.ts";
import { ToolRegistry } from "./tools/registry.ts";
import { CLARIFICATION } from "./tools/tool_name.ts";
import type { Rule } from "./tools/rule.ts";

/** How the names of tools begin that are of use once there are notes. */
const NOTE_TOOLS = "memory_";

/** The tools of a run. Nothing is loaded or started before it is needed. */
export function openRunTools(context: CommandContext, start: ToolsStart): RunTools {
  return new ContextTools(context, start);
}

class ContextTools implements RunTools {
  readonly plugins: RunPlugins;
  readonly #context: CommandContext;
  readonly #start: ToolsStart;
  readonly #notices: string[] = [];
  #registry: Promise<ToolRegistry> | undefined;
  #executor: Promise<ToolExecutor> | undefined;
  #surface: ToolSurface | undefined;
  #watcher: Parameters<RunTools["watch"]>[0] | undefined;
  #hasNotes = false;
  /** As they were before the round that runs. */
  #rules: readonly Rule[] = [];

  constructor(context: CommandContext, start: ToolsStart) {
    this.#context = context;
    this.#start = start;
    this.plugins = new RunPlugins(context, start.memory);
  }

  attach(surface: ToolSurface): void {
    this.#surface = surface;
    this.#executor = undefined;
  }

  watch(output: Parameters<RunTools["watch"]>[0]): void {
    this.#watcher = output;
  }

  async offer(signal: AbortSignal, whose?: "planner"): Promise<ToolOffer> {
    if (this.#start.offer === "none") return { descriptions: [], notices: [] };
    const registry = await this.registry();
    if (whose === "planner") await addPlanTools(registry);
    signal.throwIfAborted();
    const notices = [...this.#notices, ...await this.plugins.notices()];
    this.#hasNotes ||= await hasNotes(this.#context.boot.profile.memory);
    const canAsk = this.#surface?.clarify !== undefined;
    const isOfUse = (name: string): boolean =>
      name === CLARIFICATION
        ? canAsk
        : this.#hasNotes || name === FIRST_NOTE_TOOL || !name.startsWith(NOTE_TOOLS);
    const descriptions = registry.descriptions().filter(({ name }) => isOfUse(name));
    // Who has nothing to do with tools can ask in words.
    const isAlone = descriptions.every(({ name }) => name === CLARIFICATION);
    return { descriptions: isAlone ? [] : descriptions, notices };
  }

  turn({ keep, isNamed, ...marks }: ToolTurn): TurnTools {
    let turn: ExecutedTurn | undefined;
    const open = async (): Promise<ExecutedTurn> => {
      const [executor, { rules }] = await Promise.all([this.executor(), this.rules()]);
      // Others may have changed them since the last round.
      this.#rules = rules;
      return turn ??= executor.turn({ who: "model", keep, isNamed, ...marks });
    };
    return {
      get marks() {
        return turn?.marks ?? marks;
      },
      async *run(calls: readonly ToolCall[], signal: AbortSignal): AsyncGenerator<ToolEvent> {
        yield* (await open()).run(calls, signal);
      },
    };
  }

  registry(): Promise<ToolRegistry> {
    return this.#registry ??= this.#gather().catch((thrown) => {
      this.#registry = undefined;
      throw thrown;
    });
  }

  executor(): Promise<ToolExecutor> {
    return this.#executor ??= this.#makeExecutor().catch((thrown) => {
      this.#executor = undefined;
      throw thrown;
    });
  }

  async rules(): Promise<StoredRules> {
    const { config } = await this.#context.loadConfig();
    if (config.tools.rules.length === 0) return { rules: [], problems: [] };
    const { readRules } = await import("./tools/rule_lines.ts");
    const { rules, problems } = readRules(config.tools.rules);
    if (this.#start.rules !== "denials") return { rules, problems };
    return { rules: rules.filter(({ decision }) => decision === "deny"), problems };
  }

  async #gather(): Promise<ToolRegistry> {
    const registry = new ToolRegistry();
    const { memory, answers } = this.#start;
    const { config } = await this.#context.loadConfig();
    const builtIn = config.memory.auto_load ? offeredMemoryTools(() => memory.open()) : [];
    const clarification = clarificationTool((question, signal) =>
      this.#surface?.clarify?.(question, signal) ?? Promise.resolve({ kind: "unavailable" })
    );
    for (const tool of [...builtIn, clarification]) registry.add(tool);
    for (const tool of await this.plugins.tools()) {
      try {
        registry.add(tool);
      } catch (thrown) {
        this.#notices.push(asShown(thrown).message);
      }
    }
    this.#notices.push(...(await this.rules()).problems);
    const narrowly = (answers.narrowly ?? []).map(({ tool }) => tool);
    for (const name of [...answers.allow, ...narrowly, ...answers.deny]) {
      if (registry.get(name) !== undefined) continue;
      const { noSuchTool } = await import("./commands/tools/unknown_tool.ts");
      throw await noSuchTool(this.#context, name, registry);
    }
    return registry;
  }

  async #makeExecutor(): Promise<ToolExecutor> {
    const [registry, guard, { ToolExecutor }, { Approver }, { config }] = await Promise.all([
      this.registry(),
      import("./app_guard.ts").then(({ openToolGuard }) => openToolGuard(this.#context)),
      import("./tools/executor.ts"),
      import("./tools/approver.ts"),
      this.#context.loadConfig(),
    ]);
    const { kernel, now } = this.#context;
    const deciding = { commandLine: this.#start.answers, rules: () => this.#rules };
    const surface = this.#surface;
    const approver = new Approver(surface === undefined ? deciding : { ...deciding, surface });
    return new ToolExecutor({
      registry,
      approver,
      ...guard,
      log: async (line) => {
        if (!config.plugins.log_executions) return;
        await kernel.call("log", { to: "tool_executions", line });
      },
      // A person's own call gets the whole anyway.
      keep: () => undefined,
      remember: async (rule) => {
        const { storeRule } = await import("./commands/stored_rules.ts");
        await storeRule(this.#context, rule);
      },
      now,
      isTrusted: trustedTools(this.plugins.isBundled),
      hooks: this.plugins,
      progress: (callId, text) => this.#surface?.progress(callId, text),
      output: (callId, text) => {
        this.#surface?.output?.(callId, text);
        this.#watcher?.(callId, text);
      },
    });
  }
}

/** Nobody but who plans waits for these. @throws {PyraError} "tool_collision" */
async function addPlanTools(registry: ToolRegistry): Promise<void> {
  const { PLAN_TOOLS } = await import("./agent/planner/proposal.ts");
  for (const tool of PLAN_TOOLS) {
    if (registry.get(tool.description.name) === undefined) registry.add(tool);
  }
}

/** Whether there is any note to find, read or add to. */
async function hasNotes(folder: string): Promise<boolean> {
  try {
    for await (const { name, isFile, isDirectory } of Deno.readDir(folder)) {
      if (name.startsWith(".") || name === INDEX_FILE) continue;
      if (isFile && /\.md$/i.test(name)) return true;
      if (isDirectory && await hasNotes(`${folder}/${name}`)) return true;
    }
    return false;
  } catch (cause) {
    // What cannot be read says why when it is used.
    return !(cause instanceof Deno.errors.NotFound);
  }
}

/** What stands beside the notes and is none. */
const INDEX_FILE = "MEMORY_INDEX.md";
