/**
 * Everything that the enabled plugins give to a run, in one place.
 * @module
 */
import type { Tool } from "../protocol/tool.ts";
import type { Catalogue, DescribedPlugin } from "./catalogue.ts";
import { type PluginSlashCommands, slashCommands } from "./commands.ts";
import { Hooks } from "./hooks.ts";
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
    this.#notices = [...notices];
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
