/**
 * Everything that the enabled plugins give to a run, in one place.
 * @module
 */
import type { Tool } from "../protocol/tool.ts";
import type { Catalogue, DescribedPlugin } from "./catalogue.ts";
import { type PluginSlashCommands, slashCommands } from "./commands.ts";
import { Hooks, isHeard } from "./hooks.ts";
import { pluginTools, type ToolGrounds } from "./plugin_tools.ts";
import { type PromptAddition, promptAddition } from "./prompt.ts";
import type { PluginRooms } from "./rooms.ts";

/** The enabled plugins of a run. Starts none until one is used. */
export class EnabledPlugins {
  readonly plugins: readonly DescribedPlugin[];
  readonly hooks: Hooks;
  readonly #rooms: PluginRooms;
  readonly #notices: string[];
  #prompt: Promise<PromptAddition> | undefined;

  constructor({ plugins, notices }: Catalogue, rooms: PluginRooms) {
    this.plugins = plugins;
    this.hooks = new Hooks(plugins, rooms);
    this.#rooms = rooms;
    this.#notices = [...notices, ...plugins.flatMap(unheard)];
  }

  /** What the person should be told, one sentence each; grows. */
  get notices(): readonly string[] {
    return this.#notices;
  }

  /** The enabled plugin of that name. */
  find(name: string): DescribedPlugin | undefined {
    return this.plugins.find(({ record }) => record.name === name);
  }

  /** The tools of all plugins; what is left out is told in `notices`. */
  tools(grounds: Omit<ToolGrounds, "rooms">): readonly Tool[] {
    return this.plugins.flatMap((plugin) => {
      const { tools, problems } = pluginTools(plugin, { ...grounds, rooms: this.#rooms });
      this.#tell(problems);
      return tools;
    });
  }

  /** The slash commands of all plugins. @param taken the chat's own names, without slashes */
  commands(taken: ReadonlySet<string>): PluginSlashCommands["commands"] {
    const { commands, problems } = slashCommands(this.plugins, this.#rooms, taken);
    this.#tell(problems);
    return commands;
  }

  /** What the plugins add to the system prompt; asked of them once. @throws the signal's reason */
  async prompt(signal: AbortSignal): Promise<PromptAddition> {
    this.#prompt ??= promptAddition(this.plugins, this.#rooms, signal);
    try {
      return await this.#prompt;
    } catch (thrown) {
      this.#prompt = undefined;
      throw thrown;
    }
  }

  #tell(problems: readonly string[]): void {
    for (const problem of problems) {
      if (!this.#notices.includes(problem)) this.#notices.push(problem);
    }
  }
}

/** Hooks that its manifest does not ask for are its author's mistake; the person sees why nothing happens. */
function unheard({ record, description }: DescribedPlugin): string[] {
  const hooks = description.hooks.filter((hook) => !isHeard(hook, record));
  if (hooks.length === 0) return [];
  const why = "its manifest does not ask for conversation";
  return [`the plugin ${record.name}: ${hooks.join(", ")} not called, since ${why}`];
}
