import assert from "node:assert/strict";
import type { AskServices } from "../../../../src/kernel/plugins/asks.ts";
import { dataSize } from "../../../../src/kernel/plugins/data_size.ts";
import { PluginRooms, type RoomTimes } from "../../../../src/kernel/plugins/rooms.ts";
import type { PluginManifest } from "../../../../src/protocol/plugin_calls.ts";
import type { PluginCallParams } from "../../../../src/protocol/plugin_host_calls.ts";
import { refusal, somePlugin, SomeRun } from "./some_run.ts";

/** A tool of each kind that matters here. */
const CODE = `
const tool = (name, run) => ({ name, description: "x", parameters: { type: "object" }, run });
let calls = 0;
export default {
  tools: [
    tool("count", () => String(++calls)),
    tool("fail", () => { throw new Error("broken"); }),
    tool("wait", (_, { signal, progress }) => new Promise((_, no) => {
      progress("begun");
      signal.addEventListener("abort", () => no(new Error("aborted")));
    })),
    tool("settings", async (_, context) => JSON.stringify(context.settings)),
    tool("log", () => { console.log("a line"); return "said"; }),
  ],
  hooks: {
    beforeTurn: ({ text }) => ({ replace: { text: text + "!" } }),
    onSessionStart: () => undefined,
  },
  configFields: () => [{ key: "colour", kind: "text", label: "Colour" }],
  onUnload() { console.log("unloaded"); },
};`;

/** Rooms of a run in which `some` is enabled. */
async function withRooms(
  act: (rooms: PluginRooms, some: SomeRun) => Promise<void>,
  app: AskServices["app"] = () => Promise.resolve({}),
  times?: RoomTimes,
  grants: PluginManifest["grants"] = {},
): Promise<void> {
  await using some = await SomeRun.make("plugin", "install", "x", "--yes");
  await some.install(somePlugin({ grants }, CODE), "x");
  const { run, vault } = some;
  const storeSecret = () => Promise.resolve();
  const rooms = new PluginRooms(run, some.catalog, { run, vault, storeSecret, app }, times);
  try {
    await act(rooms, some);
  } finally {
    await rooms.close();
  }
}

function runOf(tool: string, name = "some"): PluginCallParams {
  return { name, method: "run", params: { tool, input: {} }, limitMs: 20_000 };
}

async function answer(
  rooms: PluginRooms,
  params: unknown,
  signal: AbortSignal = new AbortController().signal,
): Promise<unknown> {
  let last: unknown;
  for await (const item of rooms.call(params, signal)) last = item;
  return last;
}

const text = (text: string) => ({ result: { text } });

Deno.test("the first call starts a room, the next ones find it as it was, until it is stopped", async () => {
  await withRooms(async (rooms, some) => {
    const both = [answer(rooms, runOf("count")), answer(rooms, runOf("count"))];
    assert.deepEqual(
      new Set((await Promise.all(both)).map((item) => JSON.stringify(item))).size,
      2,
    );
    assert.deepEqual(await answer(rooms, runOf("count")), text("3"));
    await rooms.stop("some");
    assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
    await rooms.close();
    const log = await Deno.readTextFile(`${some.profile.logs}/plugins/some.log`);
    assert.equal(log.match(/unloaded/g)?.length, 2);
  });
});

Deno.test("a call that is made while its room is ending finds a new one", async () => {
  await withRooms(async (rooms) => {
    await answer(rooms, runOf("count"));
    const stopping = rooms.stop("some");
    assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
    await stopping;
    assert.deepEqual(await answer(rooms, runOf("count")), text("2"));
  });
});

Deno.test("a plugin that is not enabled, or changed, is not started", async () => {
  await withRooms(async (rooms, some) => {
    some.put(`${some.profile.plugins}/other`, somePlugin({ name: "other" }, CODE));
    await assert.rejects(answer(rooms, runOf("count", "other")), refusal("not_enabled"));
    some.put(`${some.profile.plugins}/some`, [{ path: "plugin.ts", text: "export default {};" }]);
    await assert.rejects(answer(rooms, runOf("count")), refusal("not_enabled", /changed/));
    await assert.rejects(answer(rooms, runOf("count", "none")), refusal("no_such_plugin"));
    await assert.rejects(rooms.files("other"), refusal("not_enabled"));
  });
});

Deno.test("what runs is what was read at the start, whatever the files become", async () => {
  await withRooms(async (rooms, some) => {
    await answer(rooms, runOf("count"));
    const other = { path: "plugin.ts", text: "export default {};" };
    some.put(`${some.profile.plugins}/some`, [other]);
    assert.deepEqual(await answer(rooms, runOf("count")), text("2"));
    await rooms.stop("some");
    await assert.rejects(answer(rooms, runOf("count")), refusal("not_enabled"));
  });
});

Deno.test("a plugin's failure is the caller's error, and nothing else", async () => {
  await withRooms(async (rooms) => {
    await assert.rejects(answer(rooms, runOf("fail")), refusal("plugin_failed", /broken/));
    assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
  });
});

Deno.test("progress comes before the answer, and a call that is left is cancelled in the room", async () => {
  await withRooms(async (rooms) => {
    const leave = new AbortController();
    const items: unknown[] = [];
    const call = (async () => {
      for await (const item of rooms.call(runOf("wait"), leave.signal)) {
        items.push(item);
        leave.abort();
      }
    })();
    await assert.rejects(call, refusal("cancelled"));
    assert.deepEqual(items, [{ progress: "begun" }]);
    assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
  });
});

Deno.test("a call at its limit fails and the plugin goes on", async () => {
  await withRooms(async (rooms) => {
    const call = answer(rooms, { ...runOf("wait"), limitMs: 200 });
    await assert.rejects(call, refusal("plugin_hung"));
    assert.deepEqual(await answer(rooms, runOf("count")) as object, text("1"));
  });
});

Deno.test("when all is ended, open calls fail, and the next call starts anew", async () => {
  await withRooms(async (rooms) => {
    const call = (async () => {
      for await (const _ of rooms.call(runOf("wait"), new AbortController().signal)) rooms.end();
    })();
    await assert.rejects(call, refusal("plugin_ended"));
    assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
  });
});

Deno.test("settings come from the app, under the name that the kernel knows", async () => {
  const asked: unknown[] = [];
  const app: AskServices["app"] = (ask) => {
    asked.push(ask);
    return Promise.resolve({ colour: "blue" });
  };
  await withRooms(async (rooms) => {
    assert.deepEqual(await answer(rooms, runOf("settings")), text('{"colour":"blue"}'));
    assert.deepEqual(Object(asked[0]).name, "some");
    assert.deepEqual(Object(asked[0]).method, "settings");
  }, app);
});

Deno.test("what is no call is refused before anything starts", async () => {
  await withRooms(async (rooms) => {
    const bad: unknown[] = [
      null,
      [],
      { ...runOf("count"), name: 5 },
      { ...runOf("count"), method: "start" },
      { ...runOf("count"), limitMs: null },
      { ...runOf("count"), limitMs: Infinity },
      { ...runOf("count"), limitMs: -1 },
      { ...runOf("count"), limitMs: "1" },
    ];
    for (const params of bad) {
      await assert.rejects(answer(rooms, params), refusal("bad_call"), JSON.stringify(params));
    }
    const large = { ...runOf("count"), params: "x".repeat(1024 * 1024 + 1) };
    await assert.rejects(answer(rooms, large), refusal("plugin_too_large"));
  });
});

Deno.test("a room that nobody calls ends, and not while a call runs", async () => {
  const nothing: AskServices["app"] = () => Promise.resolve({});
  await withRooms(
    async (rooms) => {
      const leave = new AbortController();
      const waiting = answer(rooms, runOf("wait"), leave.signal).catch(() => undefined);
      assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
      await new Promise((done) => setTimeout(done, 60));
      assert.deepEqual(await answer(rooms, runOf("count")), text("2"));
      leave.abort();
      await waiting;
      for (let count = 3;; count++) {
        await new Promise((done) => setTimeout(done, 60));
        const { result } = await answer(rooms, runOf("count")) as { result: { text: string } };
        if (result.text === "1") return;
        assert.equal(result.text, String(count));
      }
    },
    nothing,
    { idle: 20 },
  );
});

Deno.test("a plugin that keeps too much is ended, and does not start until there is less", async () => {
  await withRooms(
    async (rooms, some) => {
      assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
      const big = `${some.profile.home}/data/some/big`;
      await Deno.writeTextFile(big, "");
      await Deno.truncate(big, 257 * 1024 * 1024);
      const isFull = () => some.log.some(({ event }) => event === "plugin.data_full");
      for (let times = 0; times < 1_000 && !isFull(); times++) {
        await new Promise((done) => setTimeout(done, 10));
      }
      assert.ok(isFull());
      await assert.rejects(
        answer(rooms, runOf("count")),
        refusal("plugin_too_large", /256 MB of data/),
      );
      await Deno.remove(big);
      assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
    },
    undefined,
    { sizeLook: 20 },
  );
});

Deno.test("many empty files count too, and what is not there is nothing", async () => {
  await using some = await SomeRun.make();
  const folder = `${some.base}/work`;
  for (const path of ["a", "a/b", "c"]) await Deno.mkdir(`${folder}/${path}`);
  await Deno.writeTextFile(`${folder}/a/b/d`, "");
  assert.equal(await dataSize(folder), 4 * 4_096);
  assert.equal(await dataSize(`${folder}/none`), 0);
});

Deno.test("a plugin that cannot be loaded fails each call, and leaves no process behind", async () => {
  await withRooms(async (rooms, some) => {
    const broken = somePlugin({ version: "2.0.0" }, "throw new Error('at load');");
    await some.again("plugin", "install", "x", "--yes").install(broken);
    // What the rooms' run works in.
    await Deno.mkdir(`${some.base}/work`, { recursive: true });
    for (let time = 0; time < 2; time++) {
      await assert.rejects(answer(rooms, runOf("count")), refusal("plugin_failed", /at load/));
    }
  });
});

function hookOf(hook: unknown, value: unknown = { text: "said" }): unknown {
  return { name: "some", method: "hook", params: { hook, value }, limitMs: 20_000 };
}

Deno.test("a plugin that did not ask for the conversation is told of sessions only", async () => {
  await withRooms(async (rooms) => {
    const hooks = ["beforeTurn", "afterTurn", "beforeTool", "afterTool", "beforeCompact"];
    for (const hook of [...hooks, "none", undefined, ["onSessionStart"], "onsessionstart"]) {
      await assert.rejects(answer(rooms, hookOf(hook)), refusal("denied"), String(hook));
    }
    await answer(rooms, hookOf("onSessionStart", { id: "x" }));
  });
});

Deno.test("a plugin that asked for the conversation may change what is said", async () => {
  await withRooms(
    async (rooms) => {
      assert.deepEqual(await answer(rooms, hookOf("beforeTurn")), {
        result: { replace: { text: "said!" } },
      });
    },
    undefined,
    undefined,
    { conversation: true },
  );
});

Deno.test("no room is started by a call that was made before all ended", async () => {
  await withRooms(async (rooms) => {
    const call = assert.rejects(answer(rooms, runOf("count")), refusal("plugin_ended"));
    // As for a question to the person: nothing of a plugin may run while they read it.
    rooms.end();
    await call;
    assert.deepEqual(await answer(rooms, runOf("count")), text("1"));
  });
});
