/**
 * A server of the Model Context Protocol over streamable HTTP, as a function from requests to responses:
 * `new FakeMcpServer().fetch`, or `Deno.serve(server.serve)`. It is strict about what clients must send, and
 * misbehaves as a test says.
 * @module
 */

/** A message of JSON-RPC. */
export type Sent = Readonly<Record<string, unknown>>;

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: Sent;
}

/** What a tool does; the messages it sends come before its answer. */
export type FakeTool = (
  input: Sent,
  send: (message: Sent) => void,
  signal: AbortSignal,
) => Promise<Sent> | Sent;

/** How the server is. */
export interface McpBehaviour {
  readonly version?: string;
  /** `json`: answers in one piece; `events`: each answer is a stream. */
  readonly answers?: "json" | "events";
  /** Tools on one page of the list. */
  readonly pageSize?: number;
  readonly sessions?: "named" | "none";
  readonly tools?: Readonly<Record<string, FakeTool>>;
  /** In the place of the descriptions of `tools`. */
  readonly listed?: readonly unknown[];
  /** Answers instead of the server, where it is not undefined. */
  readonly instead?: (seen: SeenRequest) => Response | Promise<Response> | undefined;
}

/** Text as a result. */
export function textResult(text: string, more: Sent = {}): Sent {
  return { content: [{ type: "text", text }], ...more };
}

/** Events as they are written. */
export function eventsOf(messages: readonly Sent[], lastId?: string): string {
  return messages.map((message, at) =>
    `event: message\nid: ${lastId ?? at}\ndata: ${JSON.stringify(message)}\n\n`
  ).join("");
}

/** A stream of events as a response. */
export function eventStream(text: string, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { headers: { "content-type": "text/event-stream", ...more } });
}

/** The server. */
export class FakeMcpServer {
  readonly seen: SeenRequest[] = [];
  /** Sessions that it knows. */
  readonly sessions = new Set<string>();
  behaviour: McpBehaviour;
  #next = 1;

  constructor(behaviour: McpBehaviour = {}) {
    this.behaviour = behaviour;
  }

  /** The names of the methods that were asked, in order. */
  get asked(): string[] {
    return this.seen.map(({ method, message }) => String(message["method"] ?? method));
  }

  /** A `fetch` that leads here. */
  readonly fetch = (url: string, init: RequestInit): Promise<Response> =>
    this.serve(new Request(url, init));

  /** Answers a request. */
  readonly serve = async (request: Request): Promise<Response> => {
    const text = await request.text();
    const seen: SeenRequest = {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      message: text === "" ? {} : JSON.parse(text),
    };
    this.seen.push(seen);
    return await this.behaviour.instead?.(seen) ?? await this.#answer(seen, request.signal);
  };

  async #answer(seen: SeenRequest, signal: AbortSignal): Promise<Response> {
    const { method, headers, message } = seen;
    const isFirst = message["method"] === "initialize";
    const session = headers["mcp-session-id"];
    if (!isFirst && this.behaviour.sessions !== "none" && !this.sessions.has(session ?? "")) {
      return new Response("no such session", { status: session === undefined ? 400 : 404 });
    }
    if (!isFirst && headers["mcp-protocol-version"] !== this.#version) {
      return new Response("no version", { status: 400 });
    }
    if (method === "DELETE") {
      this.sessions.delete(session ?? "");
      return new Response(null, { status: 204 });
    }
    if (!/application\/json.*text\/event-stream/.test(headers["accept"] ?? "")) {
      return new Response("not acceptable", { status: 406 });
    }
    if (message["id"] === undefined || message["method"] === undefined) {
      return new Response(null, { status: 202 });
    }
    const more = isFirst && this.behaviour.sessions !== "none"
      ? { "mcp-session-id": this.#newSession() }
      : {};
    return await this.#result(message, more, signal);
  }

  get #version(): string {
    return this.behaviour.version ?? "2025-11-25";
  }

  #newSession(): string {
    const id = `session-${this.#next++}`;
    this.sessions.add(id);
    return id;
  }

  async #result(
    { id, method, params }: Sent,
    more: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const before: Sent[] = [];
    const body = await this.#body(
      String(method),
      params as Sent,
      (one) => before.push(one),
      signal,
    );
    const answer = { jsonrpc: "2.0", id, ...body };
    if (this.behaviour.answers === "events") {
      return eventStream(eventsOf([...before, answer]), more);
    }
    return Response.json(answer, { headers: more });
  }

  async #body(
    method: string,
    params: Sent,
    send: (message: Sent) => void,
    signal: AbortSignal,
  ): Promise<Sent> {
    const { tools = {}, pageSize = 100, listed } = this.behaviour;
    switch (method) {
      case "initialize":
        return {
          result: {
            protocolVersion: this.#version,
            capabilities: { tools: {} },
            serverInfo: { name: "fake", version: "1" },
          },
        };
      case "tools/list": {
        const all = listed ?? Object.keys(tools).map((name) => ({
          name,
          description: `does ${name}`,
          inputSchema: { type: "object", properties: {} },
        }));
        const from = Number(params["cursor"] ?? 0);
        const next = from + pageSize;
        const more = next < all.length ? { nextCursor: String(next) } : {};
        return { result: { tools: all.slice(from, next), ...more } };
      }
      case "tools/call": {
        const tool = tools[String(params["name"])];
        if (!tool) return { error: { code: -32602, message: "there is no such tool" } };
        return { result: await tool((params["arguments"] ?? {}) as Sent, send, signal) };
      }
      default:
        return { error: { code: -32601, message: "there is no such method" } };
    }
  }
}
