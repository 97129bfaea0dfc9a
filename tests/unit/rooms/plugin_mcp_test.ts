import assert from "node:assert/strict";
import type { HandlerContext } from "../../../src/rpc/channel.ts";
import { FakeMcpServer, type McpBehaviour, textResult } from "../../fakes/mcp_server.ts";
import { type Asked, fault, SomeHost } from "./some_host.ts";

const PLUGIN = `export default { mcpServers: [
  { name: "docs", url: "https://mcp.example/mcp", credential: "token" },
  { name: "open", url: "https://mcp.example/mcp" },
] };`;
const CREDENTIALS = { token: { sentinel: "stand-in", placement: "authorization: Bearer {}" } };

/** A plugin with two servers, whose requests reach a server of the test. */
async function served(behaviour: McpBehaviour = {}): Promise<[SomeHost, FakeMcpServer]> {
  const tools = { echo: (input: object) => textResult(JSON.stringify(input)) };
  const server = new FakeMcpServer({ tools, answers: "events", ...behaviour });
  const host = new SomeHost();
  host.answer = (asked, context) =>
    asked.method === "fetch" ? fetched(server, asked, context) : null;
  await host.start("some", PLUGIN, { boot: { credentials: CREDENTIALS } });
  return [host, server];
}

async function* fetched(
  server: FakeMcpServer,
  { params }: Asked,
  { input }: HandlerContext,
): AsyncGenerator<unknown> {
  const { url, method, headers } = params as { url: string; method: string; headers: string[][] };
  const pieces = await Array.fromAsync(input as AsyncIterable<Uint8Array<ArrayBuffer>>);
  const response = await server.fetch(url, {
    method,
    headers: headers.map(([name = "", value = ""]): [string, string] => [name, value]),
    ...(pieces.length > 0 ? { body: new Blob(pieces) } : {}),
  });
  yield { status: response.status, statusText: "", headers: [...response.headers] };
  for await (const piece of response.body ?? []) yield piece;
}

Deno.test("a server is spoken to as the plugin: its way, and its credential's stand-in", async () => {
  const [host, server] = await served();
  await using _ = host;
  const echo = {
    name: "echo",
    description: "does echo",
    parameters: { type: "object", properties: {} },
  };
  assert.deepEqual(await host.call("some", "mcp", { server: "docs" }), { tools: [echo], left: 0 });
  assert.deepEqual(
    await host.call("some", "mcp", { server: "docs", tool: "echo", input: { a: 1 } }),
    { text: '{"a":1}', isError: false },
  );
  assert.ok(server.seen.every(({ headers }) => headers["authorization"] === "Bearer stand-in"));
  assert.ok(host.asked.every(({ params }) => Object(params).credential === "token"));
  assert.equal(server.asked.filter((method) => method === "initialize").length, 1);
  await host.call("some", "mcp", { server: "open" });
  assert.equal(server.seen.at(-1)?.headers["authorization"], undefined);
});

Deno.test("a plugin that is stopped ends its sessions", async () => {
  const [host, server] = await served();
  await using _ = host;
  await host.call("some", "mcp", { server: "open" });
  await host.stop("some");
  assert.equal(server.asked.at(-1), "DELETE");
});

Deno.test("a server that fails is named, and costs the plugin nothing", async () => {
  const [host, server] = await served({ instead: () => new Response("", { status: 503 }) });
  await using _ = host;
  await assert.rejects(
    host.call("some", "mcp", { server: "docs" }),
    fault("plugin_failed", /^its MCP server docs: it answered with status 503/),
  );
  await assert.rejects(
    host.call("some", "mcp", { server: "none" }),
    fault("plugin_failed", /no MCP server "none"/),
  );
  server.behaviour = { tools: {} };
  assert.deepEqual(await host.call("some", "mcp", { server: "docs" }), { tools: [], left: 0 });
});

Deno.test("a call of a server that hangs is cancelled, and its room goes on", async () => {
  const [host, server] = await served({
    instead: ({ message }) =>
      message["method"] === "tools/call" ? new Promise(() => {}) : undefined,
  });
  await using _ = host;
  await host.call("some", "mcp", { server: "open" });
  const params = { server: "open", tool: "echo", input: {} };
  await assert.rejects(host.call("some", "mcp", params, { limitMs: 300 }), fault("plugin_hung"));
  server.behaviour = { tools: { echo: () => textResult("again") } };
  assert.deepEqual(await host.call("some", "mcp", params), { text: "again", isError: false });
  assert.ok(server.asked.includes("notifications/cancelled"));
});
