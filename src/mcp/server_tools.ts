/**
 * The tools of plugins' servers as tools like all others. Each call goes through the plugin's own room.
 * @module
 */
import type { Effect, Tool, ToolContext, ToolOutcome, ToolPlan } from "../protocol/tool.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import type { Json } from "../protocol/plugin.ts";
import type { PluginDescription, PluginRecord } from "../protocol/plugin_calls.ts";
import type { KeptListings } from "./kept_listings.ts";
import { readTools, type ServerListing, type ServerTool } from "./listing.ts";

/** A plugin that may bring servers. */
export interface ServingPlugin {
  readonly record: PluginRecord;
  readonly description: Pick<PluginDescription, "mcpServers">;
}

/** The plugins' rooms as this folder uses them. */
export interface ServerRooms {
  /** @throws an error whose message is for the person; the signal's reason */
  call(
    call: {
      readonly plugin: string;
      readonly method: "mcp";
      readonly params: Json;
      readonly limitMs: number;
    },
    options: { readonly signal: AbortSignal; readonly progress?: (text: string) => void },
  ): Promise<Json>;
  /** Tells the log what went wrong with a plugin. Never rejects. */
  report(plugin: string, what: string): Promise<void>;
}

/** What of a plugin's grants a call to a host has, or why it has none. */
export type HostEffects =
  | { readonly kind: "granted"; readonly effects: readonly Effect[] }
  | { readonly kind: "beyond" };

/** What the tools are made with. */
export interface ServerPorts {
  readonly rooms: ServerRooms;
  readonly kept: KeptListings;
  readonly effects: (plugin: PluginRecord, host: string) => HostEffects;
  /** What in words for the model looks like an attack, in words for the person; empty if nothing does. */
  readonly suspicions: (text: string) => Promise<readonly string[]>;
  /** ms since 1970 */
  readonly now: () => number;
}

/** The tools of all servers, and what the person should be told of others. */
export interface ServerTools {
  readonly tools: readonly Tool[];
  /** One sentence each. */
  readonly problems: readonly string[];
}

type Server = PluginDescription["mcpServers"][number];

/** The room gives up before; these are for one that cannot. ms */
const LIST_LIMIT_MS = 10_000;
const CALL_LIMIT_MS = 64_000;
/** The executor waits a little longer, ms. */
const TOOL_LIMIT_MS = 68_000;
/** What was offered so long ago, ms, is asked for anew once the server is used. */
const FRESH_MS = 60 * 60_000;
/** A server that failed, and took so long over it, ms, is left alone for a while, ms. */
const SLOW_MS = 1_000;
const RETRY_MS = 10 * 60_000;

/** The tools of the plugins' servers. A server is asked only if nothing is kept of it. */
export async function serverTools(
  plugins: readonly ServingPlugin[],
  ports: ServerPorts,
  signal: AbortSignal,
): Promise<ServerTools> {
  const all = await Promise.all(plugins.map((plugin) => toolsOf(plugin, ports, signal)));
  return {
    tools: all.flatMap(({ tools }) => tools),
    problems: all.flatMap(({ problems }) => problems),
  };
}

async function toolsOf(
  { record, description: { mcpServers } }: ServingPlugin,
  ports: ServerPorts,
  signal: AbortSignal,
): Promise<ServerTools> {
  if (mcpServers.length === 0) return { tools: [], problems: [] };
  const kept = await ports.kept.read(record);
  const tools: Tool[] = [];
  const problems: string[] = [];
  const asked: ServerListing[] = [];
  await Promise.all(mcpServers.map(async (server) => {
    const { host } = new URL(server.url);
    const held = ports.effects(record, host);
    if (held.kind === "beyond") {
      const why = `it is at ${host}, which the manifest does not ask for`;
      problems.push(`${nameOf(record, server)} is left out: ${oneLine(why, 200)}`);
      return;
    }
    const begun = ports.now();
    const known = kept.find(({ server: name, url, failed, at }) =>
      name === server.name && url === server.url && !(failed && begun - at >= RETRY_MS)
    );
    try {
      const listing = known ?? await list(record, server, ports, signal);
      if (known === undefined) asked.push(listing);
      problems.push(...listing.problems);
      const last = { at: listing.at };
      const making = { record, server, effects: held.effects, last, ports };
      tools.push(...listing.tools.map((tool) => toolOf(making, tool)));
    } catch (thrown) {
      signal.throwIfAborted();
      const problem = problemOf(thrown);
      await ports.rooms.report(record.name, problem);
      const sentence = `${nameOf(record, server)} is left out: ${problem}`;
      problems.push(sentence);
      if (ports.now() - begun < SLOW_MS) return;
      const later = `${sentence}; it is asked again after ${RETRY_MS / 60_000} minutes, or with ` +
        `pyra plugin enable ${record.name}`;
      const { name, url } = server;
      asked.push({ server: name, url, at: begun, tools: [], problems: [later], failed: true });
    }
  }));
  if (asked.length > 0) {
    const others = kept.filter((one) =>
      isStill(one, mcpServers) && !asked.some(({ server }) => server === one.server)
    );
    await ports.kept.write(record, [...others, ...asked]);
  }
  return { tools, problems };
}

/** Asks a server what it offers. @throws what calls of rooms throw */
async function list(
  record: PluginRecord,
  { name, url }: Server,
  { rooms, suspicions, now }: ServerPorts,
  signal: AbortSignal,
): Promise<ServerListing> {
  const at = now();
  const said = await rooms.call(
    { plugin: record.name, method: "mcp", params: { server: name }, limitMs: LIST_LIMIT_MS },
    { signal },
  );
  const read = readTools(said, { plugin: record.name, server: name });
  if (read === undefined) {
    return { server: name, url, at, tools: [], problems: ["it lists no tools"] };
  }
  const problems = [...read.problems];
  const tools: ServerTool[] = [];
  for (const tool of read.tools) {
    // Nobody agreed to these words: they may be others tomorrow.
    const labels = await suspicions(`${tool.description}\n${JSON.stringify(tool.parameters)}`);
    if (labels.length === 0) tools.push(tool);
    else {
      problems.push(
        `the tool ${record.name}.${tool.name} is left out: what its MCP server says of it looks ` +
          `like an attack (${oneLine(labels.join("; "), 200)})`,
      );
    }
  }
  return { server: name, url, at, tools, problems };
}

interface Making {
  readonly record: PluginRecord;
  readonly server: Server;
  readonly effects: readonly Effect[];
  /** When the server was asked last what it offers, ms since 1970. */
  readonly last: { at: number };
  readonly ports: ServerPorts;
}

function toolOf(making: Making, tool: ServerTool): Tool {
  const { record, server, effects } = making;
  const { name, description, parameters } = tool;
  const does = `use ${record.name}.${name}, a tool of the MCP server at ${
    new URL(server.url).host
  }`;
  return {
    description: { name, description, parameters },
    owner: record.name,
    effects,
    timeLimit: TOOL_LIMIT_MS,
    plan: (given) =>
      Promise.resolve<ToolPlan>({
        kind: "ready",
        does,
        effects,
        approval: "rule",
        run: (context) => run(making, tool, given as Json, context),
      }),
  };
}

async function run(
  making: Making,
  { called }: ServerTool,
  input: Json,
  context: ToolContext,
): Promise<ToolOutcome> {
  const { record, server, ports: { rooms } } = making;
  const untrusted = { from: nameOf(record, server) };
  try {
    const said = await rooms.call({
      plugin: record.name,
      method: "mcp",
      params: { server: server.name, tool: called, input },
      limitMs: CALL_LIMIT_MS,
    }, context);
    renewIfOld(making);
    const { text, isError } = typeof said === "object" && said !== null && "text" in said
      ? said
      : { text: undefined, isError: true };
    if (typeof text !== "string") {
      return { status: "error", text: "the tool gave no text", untrusted };
    }
    return { status: isError === true ? "error" : "ok", text, untrusted };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const problem = problemOf(thrown);
    await rooms.report(record.name, `${called}: ${problem}`);
    return { status: "error", text: problem, untrusted };
  }
}

/** For the next start; in a conversation the tools stay as they are. Waits for nothing. */
function renewIfOld({ record, server, last, ports }: Making): void {
  if (ports.now() - last.at < FRESH_MS) return;
  last.at = ports.now();
  const renew = async () => {
    const anew = await list(record, server, ports, AbortSignal.timeout(LIST_LIMIT_MS));
    const kept = (await ports.kept.read(record)).filter(({ server: name }) => name !== server.name);
    await ports.kept.write(record, [...kept, anew]);
  };
  // What is known of it still holds if it cannot be asked now.
  renew().catch(() => undefined);
}

function isStill(one: ServerListing, servers: readonly Server[]): boolean {
  return servers.some(({ name, url }) => name === one.server && url === one.url);
}

function nameOf({ name }: PluginRecord, server: Server): string {
  return `the MCP server ${server.name} of the plugin ${name}`;
}

function problemOf(thrown: unknown): string {
  return oneLine(thrown instanceof Error ? thrown.message : "it gave no reason", 500);
}
