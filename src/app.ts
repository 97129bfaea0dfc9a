/**
 * The composition root: wires what the commands need. Everything is loaded when it is first used, so
 * that a command pays only for itself.
 * @module
 */
import { RunUsage } from "./app_limits.ts";
import { servePlugins } from "./app_plugins.ts";
import { openRedaction, withRedactedLogs } from "./app_redaction.ts";
import type { ModelChoice } from "./chat/ports.ts";
import { type CommandContext, interruption } from "./commands/context.ts";
import { asShown } from "./commands/errors.ts";
import { runCommand } from "./commands/run.ts";
import type { RunSurroundings } from "./context/surroundings.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { AppBoot, Kernel } from "./protocol/kernel_calls.ts";
import { PyraError } from "./protocol/error.ts";
import type { ModelProvider } from "./protocol/model.ts";

const INPUT_LIMIT_BYTES = 10 * 1024 * 1024;

/** Runs the command line in the app's room. @returns the exit code */
export async function runApp(
  boot: AppBoot,
  kernel: Kernel,
  /** `fetch` through egress; the first call opens the way there. */
  fetch: typeof globalThis.fetch,
): Promise<number> {
  const ended = new AbortController();
  kernel.on("interrupt", () => ended.abort(interruption("interrupt")));
  kernel.on("terminate", () => ended.abort(interruption("terminate")));
  let surroundings: RunSurroundings | undefined;
  const context: CommandContext = {
    boot,
    kernel: withRedactedLogs(kernel),
    signal: ended.signal,
    print: (text) => write(Deno.stdout, text),
    // Nobody can be told that nobody can be told.
    printError: (text) => write(Deno.stderr, text).catch(() => undefined),
    columns: () => boot.terminal.stdout ? Deno.consoleSize().columns : undefined,
    readStdin,
    streamStdin,
    fetch,
    connect: async (provider) => void await kernel.call("connect", { provider }),
    loadConfig: () => loadSettings(boot),
    openProvider: (choice, signal) => openProvider({ context, usage }, choice, signal),
    usage: () => Promise.resolve(usage),
    async sessions() {
      const [{ openSessionStore }, redaction] = await Promise.all([
        import("./sessions/folder_store.ts"),
        openRedaction(),
      ]);
      return openSessionStore(boot.profile.sessions, Date.now, redaction);
    },
    async memory() {
      const { openProfileMemory } = await import("./app_memory.ts");
      return await openProfileMemory(context);
    },
    async openTools(start) {
      const { openRunTools } = await import("./app_tools.ts");
      return openRunTools(context, start);
    },
    async surroundings() {
      const { openSurroundings } = await import("./app_surroundings.ts");
      return surroundings ??= openSurroundings(context);
    },
    async judgeAnswer(answer) {
      const { replyLabels } = await import("./app_guard.ts");
      return await replyLabels(context, answer);
    },
    now: Date.now,
    async runRepl(start) {
      const { startRepl } = await import("./app_repl.ts");
      return await startRepl(context, start);
    },
    async runDaemon() {
      return await (await import("./app_daemon.ts")).runDaemon(context);
    },
    async interruptedSession() {
      if (boot.remembered === null) return undefined;
      const { readReplState } = await import("./repl/state.ts");
      return readReplState(boot.remembered)?.session;
    },
    async openPrompts() {
      const { openClackPrompts } = await import("./commands/setup/clack_prompts.ts");
      return openClackPrompts(ended.signal);
    },
  };
  // Not closed: that would wait for the disk. Its log of changes is taken up by the next run.
  const usage = new RunUsage(context);
  // A plugin may ask for its settings in any command that starts it.
  servePlugins(context);
  return await runCommand(context);
}

async function loadSettings(boot: AppBoot): Promise<LoadedConfig> {
  const { loadConfig } = await import("./config/load.ts");
  return await loadConfig({
    profilePath: boot.profile.config,
    ...(boot.os === "windows" ? {} : { systemPath: "/etc/pyra/config.yaml" }),
    env: boot.env,
  });
}

/**
 * Opens the way to a provider; its fallbacks are opened when they are needed. A provider that is
 * asked for by another address than the settings' is being tried, and has none.
 */
async function openProvider(
  { context, usage }: ProviderPorts,
  choice: ModelChoice & { readonly baseUrl?: string },
  signal: AbortSignal,
): Promise<ModelProvider> {
  const { config: { ai } } = await context.loadConfig();
  const configured = choice.provider === ai.provider_id ? ai.base_url : undefined;
  const first = await openOne({ context, usage }, choice, choice.baseUrl ?? configured, signal);
  if (choice.baseUrl !== undefined || choice.provider === "demo") return first;
  const others = ai.fallbacks.flatMap((name) => {
    const [provider = "", ...model] = name.split("/");
    const isFirst = provider === choice.provider && model.join("/") === choice.model;
    return isFirst ? [] : [{ provider, model: model.join("/") }];
  });
  if (others.length === 0) return first;
  const { withFallbacks } = await import("./providers/fallback.ts");
  return withFallbacks(
    first,
    others.map((other) => ({
      ...other,
      open: (signal) => openOne({ context, usage }, other, undefined, signal),
    })),
  );
}

/** What providers are opened with. */
interface ProviderPorts {
  readonly context: CommandContext;
  /** Counts every request, retries and fallbacks too. */
  readonly usage: RunUsage;
}

async function openOne(
  { context: { kernel, fetch }, usage }: ProviderPorts,
  { provider }: ModelChoice,
  baseUrl: string | undefined,
  signal: AbortSignal,
): Promise<ModelProvider> {
  const [{ findProvider }, open, { withRetries }] = await Promise.all([
    import("./providers/table.ts"),
    import("./providers/open.ts"),
    import("./providers/retry.ts"),
  ]);
  signal.throwIfAborted();
  const entry = findProvider(provider);
  if (!entry) {
    throw new PyraError("configuration", "unknown_provider", `there is no provider ${provider}`, {
      hint: "pyra setup lists them",
    });
  }
  const address = baseUrl === undefined ? {} : { baseUrl };
  usage.prepare();
  if (entry.dialect === "demo") {
    return await usage.limit(open.openProvider(entry, { apiKey: null, fetch }), entry);
  }
  try {
    const { sentinel } = await kernel.call("connect", { provider, ...address });
    const opened = open.openProvider(entry, { ...address, apiKey: sentinel, fetch });
    return withRetries(await usage.limit(opened, entry));
  } catch (thrown) {
    throw asShown(thrown);
  }
}

async function write(
  stream: { write(bytes: Uint8Array): Promise<number> },
  text: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await stream.write(bytes.subarray(done));
}

async function readStdin(signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const bytes of streamStdin(signal)) {
    size += bytes.length;
    if (size > INPUT_LIMIT_BYTES) {
      throw new PyraError("file", "input_too_large", "the piped input has more than 10 MB", {
        hint: "pipe a part of it, or attach the file",
      });
    }
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

async function* streamStdin(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = Deno.stdin.readable.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (let part; !(part = await reader.read()).done;) yield part.value;
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", stop);
    // Whoever reads no further wants no more.
    stop();
  }
}
