/**
 * A plugin that runs what it is told to, in real rooms of a run that is not in the usual folder for what is
 * temporary: a sandbox has one of its own there.
 * @module
 */
import type { AskServices } from "../../../../src/kernel/plugins/asks.ts";
import { PluginRooms } from "../../../../src/kernel/plugins/rooms.ts";
import type { Json, RunOptions, RunResult } from "../../../../src/protocol/plugin.ts";
import type { PluginManifest } from "../../../../src/protocol/plugin_calls.ts";
import type { AgreedRun } from "../../../../src/protocol/plugin_host_calls.ts";
import { somePlugin, SomeRun } from "./some_run.ts";

const CODE = `
const tool = (name, run) => ({
  name, description: "x", parameters: { type: "object" }, timeLimit: 300_000, run,
});
const gather = async (program, most) => {
  const said = { stdout: "", stderr: "" };
  let characters = 0;
  let dropped = 0;
  for await (const piece of program) {
    characters += piece.text.length;
    dropped += piece.dropped ?? 0;
    said[piece.stream] = (said[piece.stream] + piece.text).slice(-most);
  }
  return { ...said, characters, dropped, ...await program.result };
};
export default {
  tools: [
    tool("run", ({ argv, options, most = 20_000 }, context) => gather(context.run(argv, options), most)),
    tool("leave", async ({ argv }, context) => {
      for await (const { text } of context.run(argv)) return text;
    }),
    tool("twice", async ({ argv }, context) => {
      const codes = [];
      for (let time = 0; time < 2; time++) {
        codes.push(await context.run(argv).result.then(({ code }) => code, ({ code }) => code));
      }
      return codes;
    }),
    tool("forget", ({ argv }, context) => {
      context.run(argv);
      return "begun";
    }),
    tool("start", ({ argv }, { jobs }) => jobs.start(argv)),
    tool("list", (_, { jobs }) => jobs.list()),
    tool("tail", ({ id, characters }, { jobs }) => jobs.tail(id, characters)),
    tool("stop", ({ id }, { jobs }) => jobs.stop(id)),
  ],
};`;

/** What the tool `run` answers. */
export interface Ran extends RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly characters: number;
  readonly dropped: number;
}

/** A plugin that may run programs. */
export class SomePrograms implements AsyncDisposable {
  readonly some: SomeRun;
  readonly rooms: PluginRooms;

  private constructor(some: SomeRun) {
    this.some = some;
    const { run, vault } = some;
    const services = {
      run,
      vault,
      storeSecret: () => Promise.resolve(),
      app: () => Promise.resolve({}),
    };
    this.rooms = new PluginRooms(run, some.catalog, services as AskServices);
  }

  /** Makes one, with bash and true in its grants. */
  static async make(grants: PluginManifest["grants"] = {}): Promise<SomePrograms> {
    const dir = Deno.env.get("HOME") ?? Deno.cwd();
    const some = await SomeRun.makeIn(dir, "plugin", "install", "x", "--yes");
    await some.install(somePlugin({ grants: { run: ["bash", "true"], ...grants } }, CODE), "x");
    return new SomePrograms(some);
  }

  /** The folder of work. */
  get work(): string {
    return this.some.run.workspace;
  }

  /** Writes the block `shell` of the config. */
  config(...lines: readonly string[]): void {
    const text = ["shell:", ...lines.map((line) => `  ${line}`), ""].join("\n");
    Deno.writeTextFileSync(this.some.profile.config, text);
  }

  /** Calls a tool; what is not said may run what it asks for. */
  async call(
    tool: string,
    input: Json,
    runs: readonly AgreedRun[] = agreed(input),
    signal: AbortSignal = new AbortController().signal,
  ): Promise<unknown> {
    const params = { tool, input };
    const call = { name: "some", method: "run", params, limitMs: 300_000, runs };
    let text = "";
    for await (const item of this.rooms.call(call, signal)) {
      if ("result" in item) text = String(Reflect.get(Object(item.result), "text"));
    }
    return tool === "leave" || tool === "forget" ? text : JSON.parse(text);
  }

  /** Runs a command line. */
  async bash(script: string, options: RunOptions = {}): Promise<Ran> {
    const argv = ["bash", "-c", script];
    return await this.call("run", { argv, options: options as Json }) as Ran;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rooms.close();
    await this.some[Symbol.asyncDispose]();
  }
}

function agreed(input: Json): AgreedRun[] {
  const { argv, options = {} } = input as unknown as { argv?: string[]; options?: RunOptions };
  if (argv === undefined) return [];
  const { folder, network } = options;
  const place = folder === undefined ? {} : { folder };
  return [{ program: argv[0] ?? "", argv, ...place, network: network === true }];
}
