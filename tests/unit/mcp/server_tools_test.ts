import assert from "node:assert/strict";
import { KeptListings } from "../../../src/mcp/kept_listings.ts";
import { type ServerPorts, serverTools } from "../../../src/mcp/server_tools.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { ToolContext, ToolOutcome } from "../../../src/protocol/tool.ts";
import { FakeRooms, pluginOf, type RoomAnswer } from "../../fakes/plugin_rooms.ts";

const NEVER = new AbortController().signal;
const CONTEXT: ToolContext = { untrusted: undefined, signal: NEVER, progress: () => undefined };
const DOCS = { name: "docs", url: "https://mcp.example/mcp" };
const LIST = {
  tools: [{ name: "find it", description: "finds\nit", parameters: { type: "object" } }],
  left: 0,
};
const HOUR_MS = 60 * 60_000;

function isList({ params }: Parameters<RoomAnswer>[0]): boolean {
  return !Object.hasOwn(Object(params), "tool");
}

/** A cache folder, and what to ask with it. */
async function withCache(
  act: (
    start: (
      answer: RoomAnswer,
      more?: Partial<ServerPorts>,
    ) => { rooms: FakeRooms; ports: ServerPorts },
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act((answer, more = {}) => {
      const rooms = new FakeRooms(answer);
      const kept = new KeptListings(folder);
      const ports: ServerPorts = {
        rooms,
        kept,
        effects: (_, host) =>
          host === "mcp.example"
            ? { kind: "granted", effects: [{ kind: "network", host }] }
            : { kind: "beyond" },
        suspicions: () => Promise.resolve([]),
        now: () => 0,
        ...more,
      };
      return { rooms, ports };
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function outcomeOf(
  ports: ServerPorts,
  context: Partial<ToolContext> = {},
): Promise<ToolOutcome> {
  const { tools: [tool] } = await serverTools(
    [pluginOf("acme", { mcpServers: [DOCS] })],
    ports,
    NEVER,
  );
  assert.ok(tool);
  const plan = await tool.plan({ q: 1 }, CONTEXT);
  assert.ok(plan.kind === "ready");
  assert.equal(plan.approval, "rule");
  return await plan.run({ ...CONTEXT, ...context });
}

Deno.test("a server's tools go by its plugin's and its own name, and nothing is started to offer them again", async () => {
  await withCache(async (start) => {
    const plugin = pluginOf("acme", { mcpServers: [DOCS] });
    const first = start(() => LIST);
    const { tools, problems } = await serverTools([plugin], first.ports, NEVER);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      tools.map(({ owner, description, effects }) => [owner, description, effects]),
      [[
        "acme",
        { name: "docs_find_it", description: "finds it", parameters: { type: "object" } },
        [{ kind: "network", host: "mcp.example" }],
      ]],
    );
    const plan = await tools[0]?.plan({}, CONTEXT);
    assert.ok(plan?.kind === "ready");
    assert.equal(plan.does, "use acme.docs_find_it, a tool of the MCP server at mcp.example");

    const second = start(() => LIST);
    const again = await serverTools([plugin], second.ports, NEVER);
    assert.deepEqual(again.tools.map(({ description }) => description), [tools[0]?.description]);
    assert.deepEqual(second.rooms.calls, []);
    const moved = pluginOf("acme", { mcpServers: [{ ...DOCS, url: "https://mcp.example/2" }] });
    await serverTools([moved], second.ports, NEVER);
    assert.equal(second.rooms.calls.length, 1, "another address is another server");
    await second.ports.kept.forget("acme");
    await serverTools([moved], second.ports, NEVER);
    assert.equal(second.rooms.calls.length, 2);
  });
});

Deno.test("a dead server is logged, told of and left out, and the others are there", async () => {
  await withCache(async (start) => {
    const dead = { name: "dead", url: "https://mcp.example/dead" };
    const far = { name: "far", url: "https://elsewhere.example/" };
    const { rooms, ports } = start(({ params }) => {
      if (Reflect.get(Object(params), "server") !== "dead") return LIST;
      throw new PyraError("system", "plugin_failed", "the plugin acme says: it cannot\nbe reached");
    });
    const plugin = pluginOf("acme", { mcpServers: [dead, DOCS, far] });
    const { tools, problems } = await serverTools([plugin], ports, NEVER);
    assert.deepEqual(tools.map(({ description }) => description.name), ["docs_find_it"]);
    assert.deepEqual(problems.toSorted(), [
      "the MCP server dead of the plugin acme is left out: the plugin acme says: it cannot be reached",
      "the MCP server far of the plugin acme is left out: it is at elsewhere.example, which the " +
      "manifest does not ask for",
    ]);
    assert.equal(rooms.reports.length, 1);
    await serverTools([plugin], ports, NEVER);
    const asked = rooms.calls.map(({ params }) => Reflect.get(Object(params), "server"));
    assert.deepEqual(asked, ["dead", "docs", "dead"], "it is asked again at the next start");
  });
});

Deno.test("a tool whose description looks like an attack is left out, at later starts too", async () => {
  await withCache(async (start) => {
    const texts: string[] = [];
    const suspicions = (text: string) => {
      texts.push(text);
      return Promise.resolve(["asks to ignore earlier instructions"]);
    };
    const plugin = pluginOf("acme", { mcpServers: [DOCS] });
    const { ports } = start(() => LIST, { suspicions });
    for (const _ of [1, 2]) {
      const { tools, problems } = await serverTools([plugin], ports, NEVER);
      assert.deepEqual(tools, []);
      assert.match(String(problems), /docs_find_it is left out: .*\(asks to ignore earlier instr/);
    }
    assert.deepEqual(texts, ['finds it\n{"type":"object"}']);
  });
});

Deno.test("a result is untrusted text of that server, whatever the server says", async () => {
  await withCache(async (start) => {
    const untrusted = { from: "the MCP server docs of the plugin acme" };
    const { rooms, ports } = start((call) =>
      isList(call) ? LIST : { text: "found", isError: false }
    );
    assert.deepEqual(await outcomeOf(ports), { status: "ok", text: "found", untrusted });
    assert.deepEqual(rooms.calls.at(-1)?.params, {
      server: "docs",
      tool: "find it",
      input: { q: 1 },
    });
    const failing = start(() => ({ text: "not found", isError: true }));
    assert.deepEqual(await outcomeOf(failing.ports), {
      status: "error",
      text: "not found",
      untrusted,
    });
    const odd = start(() => ({ isError: false }));
    assert.equal((await outcomeOf(odd.ports)).status, "error");
    const broken = start(() => {
      throw new PyraError("system", "plugin_ended", "it ended");
    });
    assert.deepEqual(await outcomeOf(broken.ports), {
      status: "error",
      text: "it ended",
      untrusted,
    });
    assert.deepEqual(broken.rooms.reports, ["acme: find it: it ended"]);
  });
});

Deno.test("a call that the person ends is no failure of the server's", async () => {
  await withCache(async (start) => {
    const abort = new AbortController();
    const { rooms, ports } = start((call) => {
      if (isList(call)) return LIST;
      abort.abort(new TypeError("ended"));
      throw abort.signal.reason;
    });
    await assert.rejects(outcomeOf(ports, { signal: abort.signal }), /ended/);
    assert.deepEqual(rooms.reports, []);
  });
});

Deno.test("a list that is old is renewed once its server is used, for the next start", async () => {
  await withCache(async (start) => {
    let now = 0;
    const renewed = Promise.withResolvers<void>();
    const { ports } = start((call) => {
      if (!isList(call)) return { text: "x", isError: false };
      if (now === 0) return LIST;
      return { tools: [{ name: "newer", description: "", parameters: {} }], left: 0 };
    }, { now: () => now });
    const { kept } = ports;
    const write = kept.write.bind(kept);
    kept.write = async (...given) => {
      await write(...given);
      if (now > 0) renewed.resolve();
    };
    const plugin = pluginOf("acme", { mcpServers: [DOCS] });
    await serverTools([plugin], ports, NEVER);
    now = 2 * HOUR_MS;
    await outcomeOf(ports);
    await renewed.promise;
    const { tools } = await serverTools([plugin], ports, NEVER);
    assert.deepEqual(tools.map(({ description }) => description.name), ["docs_newer"]);
  });
});

Deno.test("a run that goes on asks a server what it offers once an hour of use", async () => {
  await withCache(async (start) => {
    let now = 0;
    const { rooms, ports } = start(
      (call) => isList(call) ? LIST : { text: "x", isError: false },
      { now: () => now },
    );
    const plugin = pluginOf("lasting", { mcpServers: [DOCS] });
    const { tools: [tool] } = await serverTools([plugin], ports, NEVER);
    const plan = await tool?.plan({ q: 1 }, CONTEXT);
    assert.ok(plan?.kind === "ready");
    const asked: number[] = [];
    const { kept } = ports;
    const write = kept.write.bind(kept);
    for (const hours of [0.5, 1.5, 2, 3, 3.5]) {
      now = hours * HOUR_MS;
      const written = Promise.withResolvers<void>();
      kept.write = (...given) => write(...given).then(written.resolve);
      const before = asked.at(-1) ?? 1;
      await plan.run(CONTEXT);
      asked.push(rooms.calls.filter(isList).length);
      if (asked.at(-1) !== before) await written.promise;
    }
    assert.deepEqual(asked, [1, 2, 2, 3, 3]);
  });
});

Deno.test("a damaged file of kept lists counts as none", async () => {
  await withCache(async (start, folder) => {
    const plugin = pluginOf("acme", { mcpServers: [DOCS] });
    const { rooms, ports } = start(() => LIST);
    await serverTools([plugin], ports, NEVER);
    const [file] = await Array.fromAsync(Deno.readDir(`${folder}/mcp`));
    assert.equal(((await Deno.stat(`${folder}/mcp/${file?.name}`)).mode ?? 0) & 0o777, 0o600);
    for (const text of ["{", "{}", '[{"server":"docs"}]', '[{"server":"docs","tools":[1]}]']) {
      await Deno.writeTextFile(`${folder}/mcp/${file?.name}`, text);
      await serverTools([plugin], ports, NEVER);
    }
    assert.equal(rooms.calls.length, 5);
  });
});

Deno.test("a server that hangs is waited for once, and asked again after a while", async () => {
  await withCache(async (start) => {
    let now = 0;
    const { rooms, ports } = start((call) => {
      if (now >= HOUR_MS) return LIST;
      now += 8_000;
      throw new PyraError("system", "plugin_failed", `${call.plugin}: it did not answer`);
    }, { now: () => now });
    const plugin = pluginOf("acme", { mcpServers: [DOCS] });
    for (const message of [/it did not answer$/, /answer; it is asked again .* enable acme$/]) {
      const { tools, problems } = await serverTools([plugin], ports, NEVER);
      assert.deepEqual(tools, []);
      assert.match(String(problems), message);
    }
    assert.equal(rooms.calls.length, 1);
    now = HOUR_MS;
    for (const _ of [1, 2]) {
      const { tools, problems } = await serverTools([plugin], ports, NEVER);
      assert.deepEqual([tools.length, problems], [1, []]);
    }
    assert.equal(rooms.calls.length, 2);
  });
});
