/**
 * Plugins that answer from a script, without a kernel or a room.
 * @module
 */
import type { Json } from "../../src/protocol/plugin.ts";
import type {
  PluginDescription,
  PluginFile,
  PluginGrants,
  PluginRecord,
} from "../../src/protocol/plugin_calls.ts";
import { NO_WISHES } from "../../src/kernel/plugins/manifest.ts";
import type { DescribedPlugin } from "../../src/plugins/catalogue.ts";
import type { PluginRooms, RoomCall, RoomCallOptions } from "../../src/plugins/rooms.ts";

/** What a scripted plugin answers to a call; what it throws the call fails with. */
export type RoomAnswer = (
  call: RoomCall,
  options: RoomCallOptions,
) => Json | Promise<Json>;

/** Rooms from a script. */
export class FakeRooms implements PluginRooms {
  readonly calls: RoomCall[] = [];
  readonly reports: string[] = [];
  records: PluginRecord[] = [];
  texts: Record<string, readonly PluginFile[]> = {};
  readonly #answer: RoomAnswer;

  constructor(answer: RoomAnswer = () => null) {
    this.#answer = answer;
  }

  plugins(): Promise<readonly PluginRecord[]> {
    return Promise.resolve(this.records);
  }

  async call(call: RoomCall, options: RoomCallOptions): Promise<Json> {
    options.signal.throwIfAborted();
    this.calls.push(structuredClone(call));
    return await this.#answer(call, options);
  }

  files(plugin: string, under: string): Promise<readonly PluginFile[]> {
    const files = this.texts[plugin] ?? [];
    return Promise.resolve(files.filter(({ path }) => path.startsWith(under)));
  }

  report(plugin: string, what: string): Promise<void> {
    this.reports.push(`${plugin}: ${what}`);
    return Promise.resolve();
  }

  /** Who was called with a method, in order. */
  asked(method: RoomCall["method"]): string[] {
    return this.calls.filter((call) => call.method === method).map(({ plugin }) => plugin);
  }
}

export { NO_WISHES };

/** Nothing is given. */
export const NOTHING_GIVEN: PluginDescription = {
  tools: [],
  commands: [],
  systemPrompt: false,
  hooks: [],
  skills: [],
  mcpServers: [],
  tasks: [],
  channel: null,
  runtime: null,
  configFields: [],
  hasSetup: false,
};

/** A plugin's record. */
export function recordOf(name: string, more: Partial<PluginRecord> = {}): PluginRecord {
  return {
    name,
    version: "1.0.0",
    description: `does ${name}`,
    from: "profile",
    state: "enabled",
    problem: "",
    hash: name.charCodeAt(0).toString(16).padStart(2, "0").repeat(32),
    agreed: null,
    wishes: NO_WISHES,
    ...more,
  };
}

/** An enabled plugin. */
export function pluginOf(
  name: string,
  given: Partial<PluginDescription> = {},
  wishes: Partial<PluginGrants> = {},
): DescribedPlugin {
  return {
    record: recordOf(name, { wishes: { ...NO_WISHES, ...wishes } }),
    description: { ...NOTHING_GIVEN, ...given },
  };
}

/** A tool as a plugin describes it. */
export function describedTool(
  name: string,
  more: Partial<PluginDescription["tools"][number]> = {},
): PluginDescription["tools"][number] {
  return {
    name,
    description: `does ${name}`,
    parameters: { type: "object", properties: {} },
    effects: [],
    timeLimit: 60_000,
    plans: false,
    ...more,
  };
}
