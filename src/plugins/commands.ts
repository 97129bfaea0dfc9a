/**
 * The slash commands that plugins give.
 * @module
 */
import { plainLines } from "../protocol/foreign_text.ts";
import type { Provenance } from "../protocol/tool.ts";
import type { DescribedPlugin } from "./catalogue.ts";
import type { PluginRooms } from "./rooms.ts";

/** A slash command of a plugin. */
export interface PluginSlashCommand {
  readonly plugin: string;
  /** Without the slash. */
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  /** Runs it; the person typed it, so nothing is asked. @throws {PyraError}, the signal's reason */
  run(
    argument: string,
    options: { readonly signal: AbortSignal; readonly progress?: (text: string) => void },
  ): Promise<SlashAnswer>;
}

/** What a command came to. */
export interface SlashAnswer {
  /** Markdown to show; foreign. */
  readonly show?: string;
  /** A question to send to the model; a turn with it has read untrusted text. */
  readonly ask?: string;
  readonly from: Provenance;
}

/** The commands of all plugins, and why others are left out. */
export interface PluginSlashCommands {
  /** By name. */
  readonly commands: readonly PluginSlashCommand[];
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** A command may take so long, ms. */
const COMMAND_LIMIT_MS = 120_000;
const SHOWN_UNITS = 50_000;
const ASKED_UNITS = 50_000;

/**
 * The slash commands of plugins. Of two with the same name the first plugin's stays.
 * @param taken the names and other names of the chat's own commands, without slashes
 */
export function slashCommands(
  plugins: readonly DescribedPlugin[],
  rooms: PluginRooms,
  taken: ReadonlySet<string>,
): PluginSlashCommands {
  const commands = new Map<string, PluginSlashCommand>();
  const problems: string[] = [];
  for (const { record: { name: plugin }, description } of plugins) {
    for (const { name, usage, description: words } of description.commands) {
      const other = commands.get(name)?.plugin;
      if (taken.has(name) || other !== undefined) {
        const whose = other === undefined ? "is Pyra's own" : `is the plugin ${other}'s`;
        problems.push(`/${name} of the plugin ${plugin} is left out: that command ${whose}`);
        continue;
      }
      commands.set(name, {
        plugin,
        name,
        usage,
        description: words,
        run: (argument, options) => run(rooms, { plugin, name, argument }, options),
      });
    }
  }
  const sorted = [...commands.values()].sort((one, other) => one.name < other.name ? -1 : 1);
  return { commands: sorted, problems };
}

async function run(
  rooms: PluginRooms,
  { plugin, name, argument }: {
    readonly plugin: string;
    readonly name: string;
    readonly argument: string;
  },
  options: { readonly signal: AbortSignal; readonly progress?: (text: string) => void },
): Promise<SlashAnswer> {
  const said = await rooms.call({
    plugin,
    method: "command",
    params: { command: name, argument },
    limitMs: COMMAND_LIMIT_MS,
  }, options);
  const show = textIn(said, "show", SHOWN_UNITS);
  const ask = textIn(said, "ask", ASKED_UNITS);
  return {
    ...(show === "" ? {} : { show }),
    ...(ask === "" ? {} : { ask }),
    from: { from: `plugin ${plugin}` },
  };
}

function textIn(said: unknown, field: "show" | "ask", most: number): string {
  const text = typeof said === "object" && said !== null ? Reflect.get(said, field) : undefined;
  return typeof text === "string" ? plainLines(text, most) : "";
}
