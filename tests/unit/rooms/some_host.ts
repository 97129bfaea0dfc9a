/**
 * The plugins' process as the kernel starts it, with a script in the kernel's place: what rooms ask is kept
 * and answered as a test says.
 * @module
 */
import { PluginProcess } from "../../../src/kernel/plugins/process.ts";
import type { Json } from "../../../src/protocol/plugin.ts";
import type { PluginMethod } from "../../../src/protocol/plugin_calls.ts";
import type {
  PluginBoot,
  PluginItem,
  PluginLimits,
  PluginStart,
} from "../../../src/protocol/plugin_host_calls.ts";
import { RpcError } from "../../../src/rpc/error.ts";
import type { HandlerContext } from "../../../src/rpc/channel.ts";

/** A request of a room, and whose it was. */
export interface Asked {
  readonly name: string;
  readonly method: string;
  readonly params: unknown;
}

/** What a plugin of a test is started with, beside its code. */
export interface SomeStart {
  readonly main?: string;
  readonly net?: readonly string[];
  readonly boot?: Partial<PluginBoot>;
  readonly limits?: Partial<PluginLimits>;
}

const LIMITS: PluginLimits = {
  valueCharacters: 100_000,
  resultCharacters: 1_000_000,
  openCalls: 8,
  logLinesASecond: 50,
  loadMs: 5_000,
  unloadMs: 500,
};

/** The process. */
export class SomeHost implements AsyncDisposable {
  /** What rooms asked, but for lines of logs. */
  readonly asked: Asked[] = [];
  /** Lines of logs, each with its plugin's name before it. */
  readonly log: string[] = [];
  /** Answers a request; anything else is answered with null. */
  answer: (asked: Asked, context: HandlerContext) => unknown = () => null;
  /** Why the process ended. */
  ended: string | undefined;
  readonly folder: string;
  readonly #process: PluginProcess;

  constructor({ net = false }: { net?: boolean } = {}) {
    this.folder = Deno.realPathSync(Deno.makeTempDirSync());
    this.#process = new PluginProcess({
      entries: new URL("../../../src/rooms/", import.meta.url),
      net,
      errorLog: `${this.folder}/errors.log`,
      errorLine: (line) => line,
      handlers: { ask: (params, context) => this.#ask(params as Asked, context) },
      ended: (reason) => this.ended = reason,
    });
  }

  #ask(asked: Asked, context: HandlerContext): unknown {
    if (asked.method === "log") {
      const { lines } = asked.params as { lines: string[] };
      this.log.push(...lines.map((line) => `${asked.name}: ${line}`));
      return null;
    }
    this.asked.push(asked);
    return this.answer(asked, context) ?? null;
  }

  /** Starts a plugin: the text of `plugin.ts`, or of several files. @throws {RpcError} */
  async start(
    name: string,
    code: string | Readonly<Record<string, string>>,
    { main = "plugin.ts", net = [], boot = {}, limits = {} }: SomeStart = {},
  ): Promise<void> {
    const files = typeof code === "string" ? { [main]: code } : code;
    const dataFolder = `${this.folder}/${name}`;
    Deno.mkdirSync(dataFolder, { recursive: true });
    const start: PluginStart = {
      name,
      files: Object.entries(files).map(([path, text]) => ({ path, text })),
      main,
      permissions: { read: [dataFolder], write: [dataFolder], net },
      boot: {
        dataFolder,
        workspace: null,
        secretKeys: [],
        credentials: {},
        hosts: [],
        memory: false,
        ...boot,
      },
      limits: { ...LIMITS, ...limits },
    };
    await this.#process.channel.call("start", start, { limitMs: Infinity });
  }

  /** Everything that a call streams, the result last. @throws {RpcError} */
  async items(
    name: string,
    method: PluginMethod,
    params: Json = {},
    { limitMs = 10_000, signal }: { limitMs?: number | null; signal?: AbortSignal } = {},
  ): Promise<PluginItem[]> {
    const call = { name, method, params, limitMs };
    const options = { limitMs: Infinity, ...(signal ? { signal } : {}) };
    return await Array.fromAsync(
      this.#process.channel.stream("call", call, options),
    ) as PluginItem[];
  }

  /** A call's result. @throws {RpcError} */
  async call(...given: Parameters<SomeHost["items"]>): Promise<unknown> {
    const last = (await this.items(...given)).at(-1);
    return last && "result" in last ? last.result : undefined;
  }

  /** Starts a plugin with one tool of that body, calls it, and returns its text. */
  async run(
    body: string,
    options: SomeStart & { before?: string; limitMs?: number } = {},
  ): Promise<string> {
    const { before = "", limitMs = 10_000, ...start } = options;
    await this.start("some", toolCode(body, before), start);
    const result = await this.call("some", "run", { tool: "try", input: {} }, { limitMs });
    return String(Object(result).text);
  }

  /** Unloads a plugin and ends its room. */
  async stop(name: string): Promise<void> {
    await this.#process.channel.call("stop", { name });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.close();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** A plugin with the tool `try`; `input` and `context` are there. */
export function toolCode(body: string, before = ""): string {
  return `${before}\nexport default { tools: [{ name: "try", description: "tries",
    parameters: { type: "object" }, async run(input, context) { ${body} } }] };`;
}

/** What `assert.rejects` takes for a failed call. */
export function fault(code: string, message = /./): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof RpcError && error.remoteCode === code && message.test(error.message)) {
      return true;
    }
    throw new Error(`not ${code}, ${message}: ${Object(error).remoteCode} ${error}`);
  };
}
