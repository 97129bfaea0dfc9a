/**
 * The part of the composition root that brings the enabled plugins into a run. Where none is enabled,
 * nothing of them is loaded.
 * @module
 */
import { KNOWN_TOOLS } from "./guard/trusted_tools.ts";
import { bundledCheck, type IsBundled } from "./app_trusted.ts";
import type { ConversationPlugins } from "./chat/ports.ts";
import type { CommandContext } from "./commands/context.ts";
import { asShown } from "./commands/errors.ts";
import type { HeldMemory } from "./commands/held_memory.ts";
import type { EnabledPlugins } from "./plugins/enabled_plugins.ts";
import type { RequestPorts } from "./plugins/requests.ts";
import { PyraError } from "./protocol/error.ts";
import type { PluginAsk } from "./protocol/kernel_calls.ts";
import type { Json, MemoryHit, SetupUi } from "./protocol/plugin.ts";
import type { Tool } from "./protocol/tool.ts";
import type { SkillShelf } from "./skills/shelf.ts";
import type { CallHooks } from "./tools/call_hooks.ts";

/** The plugins of a run. The kernel is asked for them at once; they start when they are used. */
export class RunPlugins implements ConversationPlugins, CallHooks {
  readonly isBundled: IsBundled;
  readonly #context: CommandContext;
  readonly #memory: HeldMemory;
  readonly #opening: Promise<EnabledPlugins | undefined>;
  #problem = "";
  #shelf: SkillShelf | undefined;
  #serverProblems: readonly string[] = [];

  /** @param memory whoever opens the plugins lets go of it */
  constructor(context: CommandContext, memory: HeldMemory) {
    this.#context = context;
    this.#memory = memory;
    this.isBundled = bundledCheck(context.kernel);
    this.#opening = this.#open().catch((thrown) => {
      if (!context.signal.aborted) this.#problem = asShown(thrown).message;
      return undefined;
    });
  }

  /** The enabled plugins; `undefined` if there are none, or if they cannot be had. Never rejects. */
  enabled(): Promise<EnabledPlugins | undefined> {
    return this.#opening;
  }

  /** What the person should be told, one sentence each. Never rejects. */
  async notices(): Promise<readonly string[]> {
    const enabled = await this.#opening;
    return this.#problem === ""
      ? [...enabled?.notices ?? [], ...this.#shelf?.problems ?? [], ...this.#serverProblems]
      : [`plugins are left out: ${this.#problem}`];
  }

  /** The tools of all plugins. Never rejects but for a config that cannot be read. */
  async tools(): Promise<readonly Tool[]> {
    const enabled = await this.#opening;
    if (enabled === undefined) return [];
    const { config } = await this.#context.loadConfig();
    const ownTools = enabled.tools({
      workspace: this.#context.boot.workspace,
      requireApproval: config.plugins.require_approval,
      isBundled: this.isBundled,
      known: KNOWN_TOOLS,
    });
    const tools = [...ownTools, ...await this.#serverTools(enabled)];
    if (this.#shelf === undefined || this.#shelf.skills.size === 0) return tools;
    const { readSkillTool } = await import("./skills/read_skill.ts");
    return [readSkillTool(this.#shelf), ...tools];
  }

  async #serverTools({ plugins }: EnabledPlugins): Promise<readonly Tool[]> {
    const serving = plugins.filter(({ description }) => description.mcpServers.length > 0);
    if (serving.length === 0) return [];
    const { openServerTools } = await import("./app_mcp.ts");
    const { tools, problems } = await openServerTools(this.#context, serving);
    this.#serverProblems = problems;
    return tools;
  }

  /** The slash commands of all plugins. @param taken the chat's own names, without slashes */
  async commands(taken: ReadonlySet<string>): Promise<ReturnType<EnabledPlugins["commands"]>> {
    return (await this.#opening)?.commands(taken) ?? [];
  }

  async prompt(signal: AbortSignal): ReturnType<ConversationPlugins["prompt"]> {
    const added = await (await this.#opening)?.prompt(signal) ?? { text: "" };
    const skills = this.#shelf?.prompt() ?? "";
    return { ...added, text: [added.text, skills].filter((part) => part !== "").join("\n\n") };
  }

  async beforeTurn(text: string, signal: AbortSignal): ReturnType<
    ConversationPlugins["beforeTurn"]
  > {
    const hooks = (await this.#opening)?.hooks;
    return await hooks?.beforeTurn(text, signal) ?? { kind: "pass", value: text, by: [] };
  }

  async afterTurn(question: string, answer: string, signal: AbortSignal): Promise<void> {
    await (await this.#opening)?.hooks.afterTurn(question, answer, signal);
  }

  async session(event: "start" | "end", id: string, signal: AbortSignal): Promise<void> {
    await (await this.#opening)?.hooks.session(event, id, signal);
  }

  async beforeCompact(count: number, signal: AbortSignal): Promise<readonly string[]> {
    const kept = await (await this.#opening)?.hooks.beforeCompact(count, signal) ?? [];
    return kept.map(({ plugin, text }) => `plugin ${plugin}: ${text}`);
  }

  async beforeTool(
    call: Parameters<CallHooks["beforeTool"]>[0],
    signal: AbortSignal,
  ): ReturnType<CallHooks["beforeTool"]> {
    const hooks = (await this.#opening)?.hooks;
    return await hooks?.beforeTool(call, signal) ?? { kind: "pass", value: call.input, by: [] };
  }

  async afterTool(
    tool: string,
    text: string,
    signal: AbortSignal,
  ): ReturnType<CallHooks["afterTool"]> {
    const hooks = (await this.#opening)?.hooks;
    return await hooks?.afterTool(tool, text, signal) ?? { kind: "pass", value: text, by: [] };
  }

  async #open(): Promise<EnabledPlugins | undefined> {
    const { kernel, boot, signal } = this.#context;
    const records = await kernel.call("plugins", null);
    if (records.every(({ state }) => state === "disabled")) return undefined;
    const [{ loadCatalogue }, { DescriptionCache }, { kernelRooms }, { EnabledPlugins }] =
      await Promise.all([
        import("./plugins/catalogue.ts"),
        import("./plugins/description_cache.ts"),
        import("./plugins/rooms.ts"),
        import("./plugins/enabled_plugins.ts"),
      ]);
    const rooms = { ...kernelRooms(kernel), plugins: () => Promise.resolve(records) };
    const cache = new DescriptionCache(boot.profile.cache);
    const { config } = await this.#context.loadConfig();
    // A plugin that has to be described asks for its settings already.
    this.#serve(() => undefined);
    const only = config.plugins.enabled;
    const catalogue = await loadCatalogue({ rooms, cache }, { only, signal });
    const enabled = new EnabledPlugins(catalogue, rooms);
    this.#serve(() => enabled);
    const places = enabled.plugins.flatMap(({ record, description }) =>
      description.skills.map((folder) => ({ plugin: record.name, folder }))
    );
    if (places.length > 0) {
      const { readShelf } = await import("./skills/shelf.ts");
      this.#shelf = await readShelf(places, rooms.files);
    }
    return enabled;
  }

  #serve(enabled: () => EnabledPlugins | undefined): void {
    const find = (plugin: string) => enabled()?.find(plugin);
    servePlugins(this.#context, {
      maySearch: (plugin) => find(plugin)?.record.wishes.memory === true,
      search: async (query, limit, signal) => {
        const hits = await (await this.#memory.open()).search(query, { limit, signal });
        return hits.map(({ file, line, summary, snippet }) => ({
          file,
          line,
          summary,
          snippet: snippet.text,
        }));
      },
      ui: () => undefined,
    });
  }
}

/** What of serving plugins differs from run to run. */
export interface ServedToPlugins {
  readonly maySearch?: (plugin: string) => boolean;
  readonly search?: (
    query: string,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly MemoryHit[]>;
  /** Where the person is asked, while that plugin is being set up. */
  readonly ui?: (plugin: string) => SetupUi | undefined;
}

/** Serves what plugins ask of the app, from here on; the code for it is loaded when one asks. */
export function servePlugins(
  context: Pick<CommandContext, "kernel" | "loadConfig">,
  { maySearch = () => false, search = refuseSearch, ui = () => undefined }: ServedToPlugins = {},
): void {
  const ports: RequestPorts = {
    settings: (plugin) => settingsOf(context, plugin),
    maySearch,
    search,
    ui,
  };
  context.kernel.onPluginRequest(async (ask: PluginAsk, signal: AbortSignal) => {
    const { pluginServer } = await import("./plugins/requests.ts");
    return await pluginServer(ports)(ask, signal);
  });
}

function refuseSearch(): Promise<never> {
  return Promise.reject(
    new PyraError("permission", "denied", "the notes cannot be searched in this run"),
  );
}

/** As they stand in the settings; the room gives those that are missing their defaults. */
async function settingsOf(
  context: Pick<CommandContext, "loadConfig">,
  plugin: string,
): Promise<Readonly<Record<string, Json>>> {
  const [{ config }, { isJson }] = await Promise.all([
    context.loadConfig(),
    import("./plugins/bounds.ts"),
  ]);
  const { plugin_settings: all } = config;
  const own = Object.hasOwn(all, plugin) ? all[plugin] ?? {} : {};
  return isJson(own) ? own : {};
}
