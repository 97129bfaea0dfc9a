/**
 * A workspace with the plugin over it, for its tests: real files, and ripgrep where a test wants it.
 * @module
 */
import type {
  Json,
  PluginContext,
  PluginTool,
  RunningProgram,
  RunOptions,
  RunPiece,
  RunResult,
} from "pyra/sdk";
import plugin from "../../plugins/files/plugin.ts";

/** What a plan says. */
export type Planned = Awaited<ReturnType<NonNullable<PluginTool["plan"]>>>;

/** A scratch workspace, and the tools by their names. */
export class Rig implements AsyncDisposable {
  readonly workspace: string;
  readonly data: string;
  readonly log: string[] = [];
  readonly progress: string[] = [];
  readonly commands: string[][] = [];
  readonly #top: string;
  readonly #rg: "none" | "installed";

  private constructor(top: string, rg: "none" | "installed") {
    this.#top = top;
    this.#rg = rg;
    this.workspace = `${top}/work`;
    this.data = `${top}/data`;
  }

  /** @param files texts by their paths */
  static async make(
    files: Readonly<Record<string, string | Uint8Array>> = {},
    rg: "none" | "installed" = "none",
  ): Promise<Rig> {
    const top = await Deno.realPath(await Deno.makeTempDir({ prefix: "pyra-files-" }));
    const rig = new Rig(top, rg);
    await Deno.mkdir(rig.workspace);
    await Deno.mkdir(rig.data);
    for (const [path, content] of Object.entries(files)) await rig.write(path, content);
    return rig;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#top, { recursive: true });
  }

  /** Something beside the workspace. */
  outside(name: string): string {
    return `${this.#top}/${name}`;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const real = `${this.workspace}/${path}`;
    await Deno.mkdir(real.slice(0, real.lastIndexOf("/")), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(real, bytes);
  }

  async read(path: string): Promise<string> {
    return await Deno.readTextFile(`${this.workspace}/${path}`);
  }

  /** The names in a folder, in order. */
  async names(path = "."): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(`${this.workspace}/${path}`)) names.push(name);
    return names.sort();
  }

  async plan(tool: string, input: Record<string, Json>): Promise<Planned> {
    const planned = await toolOf(tool).plan?.(input, this.context());
    if (planned === undefined) throw new Error(`${tool} plans nothing`);
    return planned;
  }

  async run(tool: string, input: Record<string, Json>): Promise<string> {
    return String(await toolOf(tool).run(input, this.context()));
  }

  /** As it goes once the person agreed. */
  async use(tool: string, input: Record<string, Json>): Promise<string> {
    await this.plan(tool, input);
    return await this.run(tool, input);
  }

  context(signal = new AbortController().signal): PluginContext {
    const given: Partial<PluginContext> = {
      name: "files",
      dataFolder: this.data,
      workspace: this.workspace,
      settings: {},
      signal,
      log: (text) => void this.log.push(text),
      progress: (text) => void this.progress.push(text),
      run: (argv, options) => this.#run(argv, options),
    };
    return given as PluginContext;
  }

  #run(argv: readonly string[], options: RunOptions = {}): RunningProgram {
    this.commands.push([...argv]);
    return this.#rg === "none" ? missing() : runHere(argv, this.workspace, options);
  }
}

function missing(): RunningProgram {
  const error = Object.assign(new Error("there is no program rg"), { code: "program" });
  const result = Promise.reject(error);
  result.catch(() => undefined);
  return {
    result,
    async *[Symbol.asyncIterator]() {
      yield* [];
      await result;
    },
  };
}

/** As the kernel does it, without its sandbox. */
export function runHere(
  [program = "", ...args]: readonly string[],
  cwd: string,
  { signal }: RunOptions = {},
): RunningProgram {
  const ending = new AbortController();
  const either = AbortSignal.any([ending.signal, ...(signal ? [signal] : [])]);
  const child = new Deno.Command(program, {
    args,
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: either,
  }).spawn();
  const complaint = new Response(child.stderr).text();
  const result = child.status.then((status): RunResult => ({
    code: status.code,
    signal: status.signal,
    timedOut: false,
    truncated: false,
    sandbox: "none",
  }));
  return {
    result,
    async *[Symbol.asyncIterator](): AsyncGenerator<RunPiece> {
      try {
        for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
          yield { stream: "stdout", text };
        }
      } finally {
        ending.abort();
        await result;
        await complaint.catch(() => "");
      }
      const text = await complaint;
      if (text !== "") yield { stream: "stderr", text };
    },
  };
}

function toolOf(name: string): PluginTool {
  const tool = plugin.tools?.find((tool) => tool.name === name);
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  return tool;
}

/** What a call fails with. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: String(Reflect.get(error, "code")), message: error.message };
  }
  throw new Error("it did not fail");
}
