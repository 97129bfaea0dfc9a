/**
 * What plugins cost: the first answer of a room, its answers after that, its memory, and what plugins that
 * nobody calls add to a start.
 * @module
 */
import { Room } from "../../src/kernel/room.ts";
import { cleanEnvironment, detached, run } from "../e2e/command.ts";
import { SomeHost, toolCode } from "../unit/rooms/some_host.ts";
import { type Figure, median } from "./figure.ts";

const STARTS = 11;
const CALLS = 300;
const ROOMS = 8;
const IDLE_PLUGINS = 10;
const ASKS = 15;
const MEGABYTE = 1e6;
const NOTHING = {
  read: false,
  write: false,
  net: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
} as const;
const CALL = { tool: "try", input: { text: "x" } };
/** As a bundled plugin comes: one file without types. */
const BUNDLED = toolCode("return String(input.text);");
/** As an author writes it: types, and some hundred lines. */
const TYPED = `import type { Plugin } from "pyra/sdk";
${
  Array.from({ length: 100 }, (_, n) =>
    `/** Adds. */\nfunction add${n}(a: number, b: number): number {\n  return a + b;\n}\n`).join("")
}
const plugin: Plugin = { tools: [{ name: "try", description: "tries", parameters: { type: "object" },
  run: (input) => \`\${input["text"]}\` }] };
export default plugin;`;

/** The figures of plugins. */
export async function pluginFigures(): Promise<Figure[]> {
  return [
    ...await startingFigures(),
    await callFigure(),
    await memoryFigure(),
    await idleFigure(),
  ];
}

/** From nothing to the first answer: the process, the room, the plugin; beside an empty program. */
async function startingFigures(): Promise<Figure[]> {
  const empty: number[] = [];
  const bundled: number[] = [];
  const typed: number[] = [];
  const second: number[] = [];
  for (let start = -1; start < STARTS; start++) {
    const begun = performance.now();
    await new Deno.Command(Deno.execPath(), { args: ["run", "tests/bench/bare/empty.ts"] })
      .output();
    const emptyMs = performance.now() - begun;
    const [bundledMs] = await firstAnswers({ "plugin.js": BUNDLED });
    const [typedMs, secondMs] = await firstAnswers({ "plugin.ts": TYPED });
    if (start < 0) continue;
    empty.push(emptyMs);
    bundled.push(bundledMs);
    typed.push(typedMs);
    second.push(secondMs);
  }
  const figure = (name: string, times: readonly number[], limitMs?: number): Figure => ({
    name,
    value: `${median(times).toFixed(0)} ms (an empty program: ${median(empty).toFixed(0)} ms)`,
    ...(limitMs === undefined
      ? { aim: "" }
      : { aim: `under ${limitMs} ms`, met: median(times) < limitMs }),
  });
  return [
    figure("a plugin's first answer, its process included (source)", bundled, 120),
    figure("the same of one with types to strip, 400 lines", typed),
    figure("the first answer of the next plugin", second, 120),
  ];
}

/** How long the first answer of a plugin takes, and that of a second one in the same process, ms. */
async function firstAnswers(files: Readonly<Record<string, string>>): Promise<[number, number]> {
  const [main = ""] = Object.keys(files);
  const begun = performance.now();
  await using host = new SomeHost();
  await host.start("one", files, { main });
  await host.call("one", "run", CALL);
  const first = performance.now();
  await host.start("two", files, { main });
  await host.call("two", "run", CALL);
  return [first - begun, performance.now() - first];
}

/** A call through the process into a room and back. */
async function callFigure(): Promise<Figure> {
  await using host = new SomeHost();
  await host.start("one", { "plugin.js": BUNDLED }, { main: "plugin.js" });
  const times: number[] = [];
  for (let call = -50; call < CALLS; call++) {
    const begun = performance.now();
    await host.call("one", "run", CALL);
    if (call >= 0) times.push(performance.now() - begun);
  }
  const ms = median(times);
  return {
    name: "a call of a plugin's tool, there and back",
    value: `${ms.toFixed(2)} ms`,
    aim: "under 3 ms",
    met: ms < 3,
  };
}

/** Resident memory of one more room. */
async function memoryFigure(): Promise<Figure> {
  const rooms: Room[] = [await idleRoom()];
  const before = Deno.memoryUsage().rss;
  for (let room = 0; room < ROOMS; room++) rooms.push(await idleRoom());
  const each = (Deno.memoryUsage().rss - before) / ROOMS / MEGABYTE;
  for (const room of rooms) room.stop();
  return {
    name: "resident memory of one more room",
    value: `${each.toFixed(1)} MB`,
    aim: "under 15 MB",
    met: each < 15,
  };
}

async function idleRoom(): Promise<Room> {
  const boot = {
    dataFolder: "/nowhere",
    workspace: null,
    secretKeys: [],
    credentials: {},
    hosts: [],
  };
  const room = new Room({
    name: "plugin",
    entries: new URL("../../src/rooms/", import.meta.url),
    permissions: NOTHING,
    boot: {
      name: "idle",
      boot,
      tcp: false,
      folders: { read: [], write: [] },
      limits: { resultCharacters: 1_000 },
    },
    handlers: { log: () => null },
    died: () => {},
  });
  await room.channel.call("load", { modules: [{ path: "a.js", code: BUNDLED, imports: [] }] });
  const call = room.channel.stream("call", { id: 1, method: "run", params: CALL });
  for await (const _ of call);
  return room;
}

/** A question to the demo with plugins that are enabled and not called, against one without. */
async function idleFigure(): Promise<Figure> {
  const homes = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const [, filled = ""] = homes;
  const source = await Deno.makeTempDir();
  try {
    for (let plugin = 0; plugin < IDLE_PLUGINS; plugin++) {
      const name = `idle-${plugin}`;
      const manifest = { name, version: "1.0.0", description: "a plugin of the bench" };
      await Deno.mkdir(`${source}/${name}`);
      await Deno.writeTextFile(`${source}/${name}/manifest.json`, JSON.stringify(manifest));
      await Deno.writeTextFile(`${source}/${name}/plugin.js`, BUNDLED);
      const installed = await run(["plugin", "install", `${source}/${name}`, "--yes"], {
        home: filled,
      });
      if (installed.code !== 0) {
        throw new Error(`a plugin cannot be installed: ${installed.stderr}`);
      }
    }
    const [program, args] = await detached(["ask", "--provider", "demo", "hello"]);
    const times: [number[], number[]] = [[], []];
    for (let ask = -1; ask < ASKS; ask++) {
      for (const [index, home] of homes.entries()) {
        const begun = performance.now();
        await new Deno.Command(program, {
          args,
          clearEnv: true,
          env: cleanEnvironment(home),
          stdin: "null",
        }).output();
        if (ask >= 0) times[index]?.push(performance.now() - begun);
      }
    }
    const [without, with10] = [median(times[0]), median(times[1])];
    return {
      name: `pyra ask with ${IDLE_PLUGINS} idle plugins, against none`,
      value: `${(with10 / without).toFixed(2)}× (${with10.toFixed(0)} ms against ${
        without.toFixed(0)
      } ms)`,
      aim: "at most 1.1×",
      met: with10 / without <= 1.1,
    };
  } finally {
    for (const folder of [...homes, source]) await Deno.remove(folder, { recursive: true });
  }
}
