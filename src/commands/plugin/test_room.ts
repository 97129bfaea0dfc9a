/**
 * What runs a plugin's tests in the plugin's own room, as a plugin that stands in its place.
 * @module
 */
import type { Awaitable, Json, Plugin, PluginContext, PluginTool } from "../../protocol/plugin.ts";
import type { GivenToPlugin, TestKit } from "../../protocol/plugin_testing.ts";

/** What the modules of a plugin and of its tests export. */
type Exports = Readonly<Record<string, unknown>>;

/**
 * A plugin with two tools: `list_tests` names the tests, `run_test` runs one. Its text is sent to the
 * room, so it uses nothing from outside of itself.
 */
export function testRoom(pluginModule: Exports, testModule: Exports): Plugin {
  const tests = (testModule["tests"] ?? {}) as Record<string, (kit: TestKit) => Awaitable<void>>;
  const given: () => GivenToPlugin = () => ({
    settings: {},
    secrets: {},
    workspace: undefined,
    notes: [],
    fetch: undefined,
    run: undefined,
  });

  async function makePlugin(): Promise<Plugin> {
    const { getPlugin, default: usual } = pluginModule;
    return (typeof getPlugin === "function" ? await getPlugin() : usual) as Plugin;
  }

  function defaults(plugin: Plugin): Record<string, Json> {
    const fields = plugin.configFields?.() ?? [];
    return Object.fromEntries(
      fields.flatMap(({ key, default: value }) => value === undefined ? [] : [[key, value]]),
    );
  }

  function kitFor(plugin: Plugin, room: PluginContext) {
    const kit = {
      given: given(),
      log: [] as string[],
      progress: [] as string[],
      output: [] as string[],
    };
    const requests: { method: string; url: string; credential: string | undefined }[] = [];
    const context: PluginContext = {
      name: room.name,
      dataFolder: room.dataFolder,
      storage: room.storage,
      signal: room.signal,
      get workspace() {
        return kit.given.workspace;
      },
      get settings() {
        return { ...defaults(plugin), ...kit.given.settings };
      },
      secrets: { get: (key) => Promise.resolve(kit.given.secrets[key]) },
      memory: { search: (_, limit = 5) => Promise.resolve(kit.given.notes.slice(0, limit)) },
      log: (text) => void kit.log.push(String(text)),
      progress: (text) => void kit.progress.push(String(text)),
      output: (text) => void kit.output.push(String(text)),
      run(argv, options = {}) {
        const ended = (async () => {
          const answer = await kit.given.run?.(argv, options);
          if (answer) return answer;
          throw new TypeError(`nothing in this test stands for the program ${argv[0]}`);
        })();
        ended.catch(() => undefined);
        return {
          result: ended.then(({ stdout: _, stderr: __, ...result }) => ({
            code: 0,
            signal: null,
            timedOut: false,
            truncated: false,
            sandbox: "none",
            ...result,
          })),
          async *[Symbol.asyncIterator]() {
            const { stdout, stderr } = await ended;
            if (stdout) yield { stream: "stdout" as const, text: stdout };
            if (stderr) yield { stream: "stderr" as const, text: stderr };
          },
        };
      },
      get jobs(): never {
        throw new TypeError("there are no jobs in a test");
      },
      async fetch(url, { credential, ...init } = {}) {
        const request = new Request(url, init);
        requests.push({ method: request.method, url: request.url, credential });
        if (credential !== undefined && kit.given.secrets[credential] === undefined) {
          throw new TypeError(`the secret ${credential} is not given in this test`);
        }
        const response = await kit.given.fetch?.(request, credential);
        if (response) return response;
        throw new TypeError(`nothing in this test answers ${request.method} ${request.url}`);
      },
    };
    const named = <T extends { readonly name: string }>(
      kind: string,
      all: readonly T[] | undefined,
      name: string,
    ): T => {
      const found = all?.find((one) => one.name === name);
      if (!found) throw new TypeError(`the plugin has no ${kind} ${name}`);
      return found;
    };
    const tool = (name: string): PluginTool => named("tool", plugin.tools, name);
    const test: TestKit = {
      given: kit.given,
      seen: { log: kit.log, progress: kit.progress, output: kit.output, requests },
      async run(name, input = {}) {
        const answer = await tool(name).run(input, context);
        return typeof answer === "string" ? answer : JSON.stringify(answer) ?? "";
      },
      async plan(name, input = {}) {
        const planned = await tool(name).plan?.(input, context) ?? { does: `use ${name}` };
        return { ...planned, effects: planned.effects ?? tool(name).effects ?? [] };
      },
      async command(name, argument = "") {
        const answer = await named("command", plugin.commands, name).run(argument, context);
        return typeof answer === "string" ? { show: answer } : answer;
      },
      async hook(name, value) {
        const { hooks = {} } = plugin;
        const hook = (hooks as Record<string, unknown>)[name];
        if (typeof hook !== "function") throw new TypeError(`the plugin has no hook ${name}`);
        return await Reflect.apply(hook, hooks, [value, context]) ?? undefined;
      },
      task(name) {
        const stopped = new AbortController();
        const signal = AbortSignal.any([room.signal, stopped.signal]);
        const task = named("task", plugin.tasks, name);
        const running = task.run(Object.create(context, { signal: { value: signal } }));
        running.catch(() => undefined);
        return {
          async stop() {
            stopped.abort();
            await running;
          },
        };
      },
      async prompt() {
        const { systemPrompt = "" } = plugin;
        return typeof systemPrompt === "function" ? await systemPrompt(context) : systemPrompt;
      },
    };
    return { test, context };
  }

  const run: PluginTool["run"] = async ({ name }, room) => {
    try {
      const test = tests[String(name)];
      if (typeof test !== "function") throw new TypeError("tests are functions, by their names");
      const plugin = await makePlugin();
      const kit = kitFor(plugin, room);
      await plugin.onLoad?.(kit.context);
      try {
        await test(kit.test);
      } finally {
        await plugin.onUnload?.();
      }
      return { ok: true };
    } catch (thrown) {
      return { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  };

  const parameters = { type: "object" };
  return {
    tools: [
      {
        name: "list_tests",
        description: "Names the tests.",
        parameters,
        run: () => Object.keys(tests),
      },
      { name: "run_test", description: "Runs one.", parameters, timeLimit: 60_000, run },
    ],
  };
}
