/**
 * A command line without a process: real config and session files in a folder of the test, a kernel,
 * providers, questions and a REPL from scripts.
 * @module
 */
import { RunUsage } from "../../src/app_limits.ts";
import { replyLabels } from "../../src/app_guard.ts";
import { openRunTools } from "../../src/app_tools.ts";
import type {
  CommandContext,
  PromptOption,
  Prompts,
  ReplStart,
} from "../../src/commands/context.ts";
import { interruption } from "../../src/commands/context.ts";
import { runCommand } from "../../src/commands/run.ts";
import { loadConfig } from "../../src/config/load.ts";
import { writeAtomically } from "../../src/durable/file.ts";
import type { Memory } from "../../src/memory/memory.ts";
import { openMemory } from "../../src/memory/open.ts";
import type { AppBoot } from "../../src/protocol/kernel_calls.ts";
import type { ModelEvent, ModelProvider, ModelRequest } from "../../src/protocol/model.ts";
import { openSessionStore } from "../../src/sessions/folder_store.ts";
import { FakeKernel, type KernelAnswers } from "./kernel.ts";

/** What is special in one run. */
export interface CommandRun {
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly environmentKeys?: readonly string[];
  /** Absent: standard input is a terminal. */
  readonly input?: string;
  /** Whether standard output is a terminal; false if absent. */
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly options?: Partial<AppBoot["options"]>;
  readonly granted?: readonly string[];
  readonly remembered?: unknown;
  readonly answers?: KernelAnswers;
  readonly provider?: CommandContext["openProvider"];
  readonly prompts?: Prompts;
  readonly repl?: (start: ReplStart) => Promise<number>;
  readonly fetch?: typeof fetch;
  readonly connect?: CommandContext["connect"];
  readonly print?: (text: string) => Promise<void>;
  readonly readStdin?: CommandContext["readStdin"];
  /** Standard input piece by piece; absent: `input` as one. */
  readonly stream?: AsyncIterable<Uint8Array>;
  /** Stands between the command and the real memory of the profile. */
  readonly memory?: (real: Memory) => Memory;
  /** Whether standard input is a terminal; so if nothing is piped in, if absent. */
  readonly inputTerminal?: boolean;
  /** Whether standard error is a terminal; true if absent. */
  readonly errorTerminal?: boolean;
  readonly signal?: AbortSignal;
  /** Set where it is a schedule's job. */
  readonly job?: AppBoot["job"];
}

/** How a run ended. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly kernel: FakeKernel;
}

/** A folder of a profile, for one test. */
export class TestProfile implements AsyncDisposable {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async create(): Promise<TestProfile> {
    const home = await Deno.makeTempDir();
    for (const folder of ["cache", "memory", "db"]) await Deno.mkdir(`${home}/${folder}`);
    return new TestProfile(home);
  }

  get configPath(): string {
    return `${this.home}/config.yaml`;
  }

  /** Runs a command line in this profile. */
  async run(argv: readonly string[], run: CommandRun = {}): Promise<CommandResult> {
    if (run.config !== undefined) await Deno.writeTextFile(this.configPath, run.config);
    let [out, err] = ["", ""];
    const kernel = new FakeKernel({
      writeConfig: async ({ text }) => {
        await writeAtomically(this.configPath, text);
        return null;
      },
      plugins: () => [],
      daemonAsk: () => null,
      log: () => null,
      ...run.answers,
    });
    const boot = this.#boot(argv, run);
    const context: CommandContext = {
      boot,
      kernel,
      signal: run.signal ?? new AbortController().signal,
      print: run.print ?? ((text) => Promise.resolve(void (out += text))),
      printError: (text) => Promise.resolve(void (err += text)),
      columns: () => run.columns,
      readStdin: run.readStdin ?? (() => Promise.resolve(run.input ?? "")),
      streamStdin: () => run.stream ?? pieces(run.input ?? ""),
      fetch: run.fetch ?? (() => Promise.reject(new TypeError("no network in this test"))),
      connect: run.connect ?? (() => Promise.resolve()),
      loadConfig: () => loadConfig({ profilePath: this.configPath, env: boot.env }),
      openProvider: run.provider ?? (({ provider }) => Promise.resolve(echoProvider(provider))),
      usage: () => Promise.resolve(usage),
      sessions: () => Promise.resolve(openSessionStore(boot.profile.sessions, Date.now)),
      memory: () => Promise.resolve(this.#openMemory(boot, run)),
      openTools: (start) => Promise.resolve(openRunTools(context, start)),
      judgeAnswer: (answer) => replyLabels(context, answer),
      now: Date.now,
      runRepl: run.repl ?? (() => Promise.reject(new Error("no REPL in this test"))),
      runDaemon: () => Promise.reject(new Error("no daemon in this test")),
      interruptedSession: () => Promise.resolve(undefined),
      openPrompts: () =>
        run.prompts
          ? Promise.resolve(run.prompts)
          : Promise.reject(new Error("no questions in this test")),
    };
    using usage = new RunUsage(context);
    const code = await runCommand(context);
    return { code, out, err, kernel };
  }

  #openMemory({ profile }: AppBoot, run: CommandRun): Memory {
    const real = openMemory({ folder: profile.memory, databases: profile.db, now: Date.now });
    return run.memory?.(real) ?? real;
  }

  #boot(argv: readonly string[], run: CommandRun): AppBoot {
    const { home } = this;
    const folder = (name: string) => `${home}/${name}`;
    return {
      argv,
      options: { json: false, color: false, quiet: false, verbose: false, ...run.options },
      version: "1.2.3",
      os: Deno.build.os,
      profile: {
        name: "default",
        home,
        config: this.configPath,
        memory: folder("memory"),
        db: folder("db"),
        sessions: folder("sessions"),
        recipes: folder("recipes"),
        cache: folder("cache"),
        run: folder("run"),
        logs: folder("logs"),
        plugins: folder("plugins"),
      },
      setUp: run.config !== undefined,
      workspace: home,
      env: run.env ?? {},
      environmentKeys: run.environmentKeys ?? [],
      terminal: {
        stdin: run.inputTerminal ??
          [run.input, run.readStdin, run.stream].every((one) => one === undefined),
        stdout: run.terminal === true,
        stderr: run.errorTerminal ?? true,
      },
      granted: run.granted ?? [],
      remembered: run.remembered ?? null,
      hosted: null,
      job: run.job ?? null,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.home, { recursive: true });
  }
}

async function* pieces(input: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode(input));
}

/** A provider that answers from a script and records what it was asked. */
export function scriptedProvider(
  id: string,
  answer: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>,
  models: readonly string[] = ["first", "second"],
): ModelProvider & { readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    id,
    requests,
    stream(request, signal) {
      requests.push(request);
      return answer(request, signal);
    },
    listModels: () => Promise.resolve([...models]),
  };
}

/** A provider that says back the last thing that was said, word by word. */
export function echoProvider(id: string): ModelProvider & { readonly requests: ModelRequest[] } {
  return scriptedProvider(id, async function* ({ messages }) {
    const last = messages.at(-1);
    const text = last?.role === "user"
      ? last.parts.map((part) => part.type === "text" ? part.text : `[${part.media_type}]`).join(
        "|",
      )
      : "";
    for (const word of `you said: ${text}`.split(/(?<= )/)) {
      yield await Promise.resolve({ type: "text", text: word });
    }
    yield { type: "usage", usage: { input_tokens: 3, output_tokens: 2, cached_tokens: 0 } };
    yield { type: "finish", reason: "stop" };
  });
}

/** What a person does at a question: takes the label that begins so, types, takes what is offered. */
export type Reply =
  | { readonly pick: string }
  | { readonly type: string }
  | "enter"
  | "ctrl-c";

/** Questions that a script answers; `seen` is everything that was shown. */
export function scriptedPrompts(replies: readonly Reply[]): Prompts & { readonly seen: string[] } {
  const left = [...replies];
  const seen: string[] = [];
  const next = (question: string): Reply => {
    const reply = left.shift();
    if (reply === undefined) throw new Error(`the script has no reply to "${question}"`);
    if (reply === "ctrl-c") throw interruption("interrupt");
    return reply;
  };
  return {
    seen,
    intro: (title) => void seen.push(title),
    note: (text) => void seen.push(text),
    outro: (text) => void seen.push(text),
    select<T>(question: { message: string; options: readonly PromptOption<T>[]; initial: T }) {
      const { message, options, initial } = question;
      const rows = options.map(({ label, hint }) => hint ? `${label} (${hint})` : label);
      seen.push(`${message} ${rows.join(" / ")}`);
      return attempt(() => {
        const reply = next(message);
        if (reply === "enter") return initial;
        const pick = typeof reply === "object" && "pick" in reply ? reply.pick : "";
        const found = options.find(({ label }) => label.startsWith(pick));
        if (!found) throw new Error(`"${pick}" is not among ${rows.join(" / ")}`);
        return found.value;
      });
    },
    text({ message, initial = "", check = () => undefined }) {
      seen.push(message);
      return attempt(() => {
        const reply = next(message);
        const typed = typeof reply === "object" && "type" in reply ? reply.type : initial;
        const problem = check(typed);
        if (problem !== undefined) throw new Error(problem);
        return typed;
      });
    },
    async busy(message, work) {
      seen.push(message);
      return await work;
    },
  };
}

async function attempt<T>(reply: () => T): Promise<T> {
  await Promise.resolve();
  return reply();
}
