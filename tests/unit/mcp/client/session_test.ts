import assert from "node:assert/strict";
import { McpError, type McpErrorCode } from "../../../../src/mcp/client/error.ts";
import { McpSession } from "../../../../src/mcp/client/session.ts";
import {
  eventsOf,
  eventStream,
  FakeMcpServer,
  type McpBehaviour,
  type SeenRequest,
  textResult,
} from "../../../fakes/mcp_server.ts";

const NEVER = new AbortController().signal;
const QUIET = { signal: NEVER, progress: () => undefined };
const URL_ = "https://mcp.example/mcp";
const TOOLS = {
  echo: (input: Readonly<Record<string, unknown>>) => textResult(String(input["text"])),
};

function open(behaviour: McpBehaviour = {}): { server: FakeMcpServer; session: McpSession } {
  const server = new FakeMcpServer({ tools: TOOLS, ...behaviour });
  return { server, session: new McpSession({ url: URL_, fetch: server.fetch }) };
}

function failure(code: McpErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof McpError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

function isCall({ message }: SeenRequest): boolean {
  return message["method"] === "tools/call";
}

for (const answers of ["json", "events"] as const) {
  Deno.test(`a session is opened once, lists all pages and calls: answers as ${answers}`, async () => {
    const tools = { ...TOOLS, one: TOOLS.echo, two: TOOLS.echo };
    const { server, session } = open({ answers, tools, pageSize: 2 });
    const [listed, called] = await Promise.all([
      session.tools(NEVER),
      session.call("echo", { text: "hi" }, QUIET),
    ]);
    assert.deepEqual(listed.tools.map(({ name }) => name), ["echo", "one", "two"]);
    assert.equal(listed.left, 0);
    assert.deepEqual(called, { text: "hi", isError: false });
    assert.deepEqual(server.asked.slice(0, 2), ["initialize", "notifications/initialized"]);
    assert.equal(server.asked.filter((one) => one === "initialize").length, 1);
    await session.close();
    assert.equal(server.asked.at(-1), "DELETE");
    assert.equal(server.sessions.size, 0);
  });
}

Deno.test("a server without sessions, and each version that Pyra speaks, will do", async () => {
  for (const version of ["2025-06-18", "2025-03-26", "2024-11-05"]) {
    const { server, session } = open({ version, sessions: "none" });
    assert.equal((await session.tools(NEVER)).tools.length, 1);
    await session.close();
    assert.ok(!server.asked.includes("DELETE"), "there is nothing to end");
  }
  const { session } = open({ version: "1999-01-01\u001b[2J" });
  await assert.rejects(session.tools(NEVER), failure("bad_answer", /of 1999-01-01 \[2J, which/));
});

Deno.test("a session that the server forgot is opened anew, once, and the call made again", async () => {
  for (const status of [404, 400]) {
    let refusals = 1;
    const { server, session } = open({
      instead: (seen) => isCall(seen) && refusals-- > 0 ? new Response("", { status }) : undefined,
    });
    assert.deepEqual(await session.call("echo", { text: "a" }, QUIET), {
      text: "a",
      isError: false,
    });
    assert.equal(server.asked.filter((one) => one === "initialize").length, 2);
    server.behaviour = {
      instead: (seen) => isCall(seen) ? new Response("", { status }) : undefined,
    };
    await assert.rejects(session.call("echo", {}, QUIET), failure("session_gone", /does not know/));
    assert.equal(server.asked.filter(isCallName).length, 4, "and not for ever");
  }
});

function isCallName(name: string): boolean {
  return name === "tools/call";
}

Deno.test("progress is told, and what a server asks back is answered with a refusal", async () => {
  const said: string[] = [];
  const { server, session } = open({
    answers: "events",
    tools: {
      slow: (_, send) => {
        const progress = (params: object) =>
          send({ method: "notifications/progress", params: { ...params } });
        progress({ progress: 1, total: 2 });
        progress({ progress: 2, total: 2, message: "al\u001bmost\nthere" });
        send({ method: "notifications/message", params: { data: "no progress" } });
        send({ id: 5, method: "sampling/createMessage", params: {} });
        send({ id: "p", method: "ping" });
        return textResult("done");
      },
    },
  });
  await session.call("slow", {}, { signal: NEVER, progress: (text) => said.push(text) });
  assert.deepEqual(said, ["1 of 2", "al most there"]);
  await session.close();
  const replies = server.seen.map(({ message }) => message).filter(({ method, id }) =>
    id && !method
  );
  assert.deepEqual(
    replies.map(({ id, result, error }) => [id, result, Reflect.get(Object(error), "code")]),
    [
      [5, undefined, -32601],
      ["p", {}, undefined],
    ],
  );
});

Deno.test("a stream that breaks off is taken up where it was", async () => {
  let call: unknown;
  const { server, session } = open({
    instead: ({ method, headers, message }) => {
      if (message["method"] === "tools/call") {
        call = message["id"];
        return eventStream("id: first\nretry: 1\ndata:\n\n");
      }
      if (method !== "GET") return undefined;
      if (headers["last-event-id"] === "first") {
        return eventStream("id: second\nretry: 1\ndata:\n\n");
      }
      return eventStream(eventsOf([{ jsonrpc: "2.0", id: call, result: textResult("late") }]));
    },
  });
  assert.equal((await session.call("echo", {}, QUIET)).text, "late");
  const places = server.seen.map(({ headers }) => headers["last-event-id"]).filter(Boolean);
  assert.deepEqual(places, ["first", "second"]);
  server.behaviour = { instead: (seen) => isCall(seen) ? eventStream(": nothing\n\n") : undefined };
  await assert.rejects(
    session.call("echo", {}, QUIET),
    failure("bad_answer", /without the answer/),
  );
  server.behaviour = {
    instead: (seen) =>
      isCall(seen) || seen.method === "GET" ? eventStream("id: x\nretry: 1\n\n") : undefined,
  };
  await assert.rejects(
    session.call("echo", {}, QUIET),
    failure("bad_answer", /without the answer/),
  );
});

Deno.test("a call that is cancelled ends at once, and the server is told", async () => {
  const abort = new AbortController();
  const told = Promise.withResolvers<SeenRequest>();
  const { server, session } = open({
    instead: (seen) => {
      if (seen.message["method"] === "notifications/cancelled") told.resolve(seen);
      if (!isCall(seen)) return undefined;
      abort.abort(new TypeError("not needed"));
      return new Promise<Response>(() => {});
    },
  });
  const leaving: typeof server.fetch = (url, init) => {
    const { promise, reject } = Promise.withResolvers<never>();
    init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    return Promise.race([server.fetch(url, init), promise]);
  };
  const own = new McpSession({ url: URL_, fetch: leaving });
  await assert.rejects(own.call("echo", {}, { ...QUIET, signal: abort.signal }), /not needed/);
  const { message } = await told.promise;
  const call = server.seen.find(isCall);
  assert.equal(Reflect.get(Object(message["params"]), "requestId"), call?.message["id"]);
  await own.close();
  await session.close();
});

Deno.test("what a server gets wrong is a sentence, without its control characters", async () => {
  const cases: readonly [McpBehaviour["instead"], McpErrorCode, RegExp][] = [
    [() => new Response("", { status: 401 }), "unauthorized", /refuses who asks \(status 401\)/],
    [() => new Response("<html>", { status: 502 }), "unreachable", /status 502$/],
    [
      () => Response.json({ error: { message: "too\u001b many" } }, { status: 429 }),
      "unreachable",
      /status 429: too many/,
    ],
    [() => new Response("no json"), "bad_answer", /no JSON/],
    [() => Response.json("text"), "bad_answer", /no message/],
    [() => Response.json({ id: 999_999, result: {} }), "bad_answer", /to no request/],
    [({ message: { id } }) => Response.json({ id }), "bad_answer", /neither/],
    [
      ({ message: { id } }) => Response.json({ id, error: { code: 1, message: "no\n\u202eway" } }),
      "refused",
      /it says: no way$/,
    ],
    [
      () => Promise.reject(new TypeError("connection refused")),
      "unreachable",
      /connection refused/,
    ],
    [
      ({ message: { id } }) => Response.json({ id, result: { tools: {} } }),
      "bad_answer",
      /of undefined|no tools/,
    ],
    [() => new Response("x".repeat(5 * 1024 * 1024)), "bad_answer", /too large/],
  ];
  for (const [instead, code, message] of cases) {
    const { session } = open(instead ? { instead } : {});
    await assert.rejects(session.tools(NEVER), failure(code, message));
  }
  const bad = (id: string) => ({
    instead: ({ message }: SeenRequest) =>
      Response.json({ id: message["id"], result: { protocolVersion: "2025-11-25" } }, {
        headers: { "mcp-session-id": id },
      }),
  });
  await assert.rejects(open(bad("a b")).session.tools(NEVER), failure("bad_answer", /session/));
});

Deno.test("tools that cannot be offered are counted, and lists without end are left", async () => {
  const { session, server } = open({
    listed: [
      { name: "fine", title: "Does\nit", inputSchema: { type: "object" } },
      { name: "", inputSchema: {} },
      { name: "none" },
      { name: "large", inputSchema: { description: "x".repeat(30_000) } },
      7,
    ],
  });
  assert.deepEqual(await session.tools(NEVER), {
    tools: [{ name: "fine", description: "Does it", parameters: { type: "object" } }],
    left: 4,
  });
  let page = 0;
  server.behaviour = {
    instead: ({ message: { id, method } }) =>
      method === "tools/list"
        ? Response.json({ id, result: { tools: [], nextCursor: `p${page++}` } })
        : undefined,
  };
  assert.deepEqual(await session.tools(NEVER), { tools: [], left: 0 });
  assert.equal(page, 20);
});

Deno.test("what is no text in a result is named", async () => {
  const { session } = open({
    tools: {
      all: () => ({
        content: [
          { type: "text", text: "one" },
          { type: "image", mimeType: "image/png", data: "AAAA" },
          { type: "resource", resource: { uri: "file:///a", text: "inside" } },
          { type: "resource_link", name: "b", uri: "https://b.example/" },
          null,
        ],
        isError: true,
      }),
      structured: () => ({ content: [], structuredContent: { a: 1 } }),
      nothing: () => ({}),
    },
  });
  assert.deepEqual(await session.call("all", {}, QUIET), {
    text: "one\n[image, image/png]\n[file:///a]\ninside\n[resource_link, b, https://b.example/]\n" +
      "[something]",
    isError: true,
  });
  assert.equal((await session.call("structured", {}, QUIET)).text, '{"a":1}');
  await assert.rejects(
    session.call("nothing", {}, QUIET),
    failure("bad_answer", /without content/),
  );
  await assert.rejects(session.call("missing", {}, QUIET), failure("refused", /no such tool/));
});
