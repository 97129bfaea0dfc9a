/**
 * The servers of the Model Context Protocol that a plugin brings: spoken to in its room, through its own
 * way to the network, so that neither more hosts nor more secrets are in reach than it was granted.
 * @module
 */
import type { PluginContext, PluginMcpServer } from "../../protocol/plugin.ts";
import type { McpSession } from "../../mcp/client/session.ts";
import { PluginFault } from "./fault.ts";

type Fetch = PluginContext["fetch"];
type Input = Readonly<Record<string, unknown>>;

/** Sessions with servers; the client is loaded with the first. */
export class McpServers {
  readonly #fetch: () => Fetch;
  readonly #sessions = new Map<string, Promise<McpSession>>();

  /** @param fetch the plugin's own, for as long as it runs */
  constructor(fetch: () => Fetch) {
    this.#fetch = fetch;
  }

  /** What a server offers. @throws {PluginFault}; the signal's reason */
  async tools(server: PluginMcpServer, { signal }: PluginContext): Promise<object> {
    return await named(server, (await this.#session(server)).tools(signal));
  }

  /** Calls a tool of a server. @throws {PluginFault}; the signal's reason */
  async call(
    server: PluginMcpServer,
    { name, input }: { readonly name: string; readonly input: Input },
    { signal, progress }: PluginContext,
  ): Promise<object> {
    return await named(
      server,
      (await this.#session(server)).call(name, input, { signal, progress }),
    );
  }

  /** Ends all sessions. Never rejects. */
  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map(async (session) => {
      await (await session.catch(() => undefined))?.close();
    }));
  }

  #session({ name, url, credential }: PluginMcpServer): Promise<McpSession> {
    const key = `${name} ${url}`;
    const known = this.#sessions.get(key);
    if (known) return known;
    const fetch = this.#fetch();
    const with_ = credential === undefined ? {} : { credential };
    const opening = import("../../mcp/client/session.ts").then(({ McpSession }) =>
      new McpSession({ url, fetch: (address, init) => fetch(address, { ...init, ...with_ }) })
    );
    this.#sessions.set(key, opening);
    return opening;
  }
}

/** The failure with the server's name. */
async function named<T>({ name }: PluginMcpServer, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== "McpError") throw thrown;
    throw new PluginFault("plugin_failed", `its MCP server ${name}: ${thrown.message}`, thrown);
  }
}
