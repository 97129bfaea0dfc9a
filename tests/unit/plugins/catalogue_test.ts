import assert from "node:assert/strict";
import { loadCatalogue } from "../../../src/plugins/catalogue.ts";
import { DescriptionCache } from "../../../src/plugins/description_cache.ts";
import { describedTool, FakeRooms, NOTHING_GIVEN, recordOf } from "../../fakes/plugin_rooms.ts";

const NEVER = new AbortController().signal;
const GIVEN = { ...NOTHING_GIVEN, tools: [describedTool("now")] };

async function inFolder(run: (cache: DescriptionCache, folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await run(new DescriptionCache(folder), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a plugin is started once to be described, and not at the next start", async () => {
  await inFolder(async (cache) => {
    const rooms = new FakeRooms(() => GIVEN as never);
    rooms.records = [recordOf("zoo"), recordOf("clock")];
    const first = await loadCatalogue({ rooms, cache }, { only: [], signal: NEVER });
    assert.deepEqual(first.plugins.map(({ record }) => record.name), ["clock", "zoo"]);
    assert.equal(rooms.asked("describe").length, 2);
    const second = await loadCatalogue({ rooms, cache }, { only: [], signal: NEVER });
    assert.deepEqual(second.plugins, first.plugins);
    assert.equal(rooms.asked("describe").length, 2, "nothing was started");
  });
});

Deno.test("another version of a plugin is described anew, and what was kept of the old one goes", async () => {
  await inFolder(async (cache, folder) => {
    const rooms = new FakeRooms(() => GIVEN as never);
    for (const hash of ["a".repeat(64), "b".repeat(64)]) {
      rooms.records = [recordOf("clock", { hash }), recordOf("clock-two")];
      await loadCatalogue({ rooms, cache }, { only: [], signal: NEVER });
    }
    const files = (await Array.fromAsync(Deno.readDir(`${folder}/plugins`))).map(({ name }) => name)
      .sort();
    assert.deepEqual(files.map((name) => name.slice(0, 12)), ["clock-bbbbbb", "clock-two-63"]);
    assert.equal(rooms.asked("describe").length, 3);
  });
});

Deno.test("a kept description that was damaged is made again", async () => {
  await inFolder(async (cache, folder) => {
    const rooms = new FakeRooms(() => GIVEN as never);
    rooms.records = [recordOf("clock")];
    await loadCatalogue({ rooms, cache }, { only: [], signal: NEVER });
    const [file] = await Array.fromAsync(Deno.readDir(`${folder}/plugins`));
    const path = `${folder}/plugins/${file?.name}`;
    for (const damage of ["", "{", "[]", '{"tools":[{"name":"../x"}]}', "null"]) {
      await Deno.writeTextFile(path, damage);
      const { plugins } = await loadCatalogue({ rooms, cache }, { only: [], signal: NEVER });
      assert.equal(plugins[0]?.description.tools[0]?.name, "now", damage);
    }
    assert.equal(rooms.asked("describe").length, 6);
  });
});

Deno.test("a broken plugin is logged, told of, and keeps no other from starting", async () => {
  await inFolder(async (cache) => {
    const rooms = new FakeRooms(({ plugin }) => {
      if (plugin === "bad") throw new Error("no such thing");
      return (plugin === "odd" ? { tools: 3 } : GIVEN) as never;
    });
    rooms.records = [
      recordOf("good"),
      recordOf("bad"),
      recordOf("odd"),
      recordOf("older", { state: "changed" }),
      recordOf("torn", { state: "broken", problem: "its manifest is no JSON" }),
      recordOf("off", { state: "disabled" }),
    ];
    const { plugins, notices } = await loadCatalogue(
      { rooms, cache },
      { only: [], signal: NEVER },
    );
    assert.deepEqual(plugins.map(({ record }) => record.name), ["good"]);
    assert.deepEqual([...notices].sort(), [
      "the plugin bad is left out: no such thing",
      "the plugin odd is left out: the plugin odd: tools is not as it has to be; correct its code, or remove it with pyra plugin remove odd",
      "the plugin older is not what you agreed to any more, and is left out: " +
      "pyra plugin enable older shows what is new",
      "the plugin torn is broken: its manifest is no JSON",
    ]);
    assert.deepEqual(rooms.reports.sort(), [
      "bad: no such thing",
      "odd: the plugin odd: tools is not as it has to be; correct its code, or remove it with pyra plugin remove odd",
    ]);
  });
});

Deno.test("a list in the settings limits which plugins start, and a name that is none is told", async () => {
  await inFolder(async (cache) => {
    const rooms = new FakeRooms(() => GIVEN as never);
    rooms.records = [recordOf("a"), recordOf("b"), recordOf("torn", { state: "broken" })];
    const { plugins, notices } = await loadCatalogue(
      { rooms, cache },
      { only: ["b", "c"], signal: NEVER },
    );
    assert.deepEqual(plugins.map(({ record }) => record.name), ["b"]);
    assert.deepEqual(notices, ["there is no plugin c, which plugins.enabled names"]);
    assert.deepEqual(rooms.asked("describe"), ["b"]);
  });
});

Deno.test("a folder that cannot be written costs only the next start", async () => {
  const rooms = new FakeRooms(() => GIVEN as never);
  rooms.records = [recordOf("clock")];
  const cache = new DescriptionCache("/dev/null/no");
  for (let start = 0; start < 2; start++) {
    const { plugins } = await loadCatalogue({ rooms, cache }, { only: [], signal: NEVER });
    assert.equal(plugins.length, 1);
  }
  assert.equal(rooms.asked("describe").length, 2);
  await cache.forget("clock");
});
