/**
 * Which provider and model a command asks, and in which conversation.
 * @module
 */
import type { AskOptions, Conversation, ConversationPorts, ModelChoice } from "../chat/ports.ts";
import type { QueryRecord } from "../audit/query_log.ts";
import type { Caching } from "../chat/cached_answer.ts";
import type { LoadedConfig } from "../config/load.ts";
import { PyraError } from "../protocol/error.ts";
import type { CommandContext } from "./context.ts";
import { notSetUp, usageError } from "./errors.ts";
import { queryRecord } from "./query_record.ts";
import type { OpenInstructions } from "../context/surroundings.ts";
import type { HeldMemory } from "./held_memory.ts";
import type { RunTools } from "./run_tools.ts";
import { knownProvider } from "./known_provider.ts";
import { isOn, type OptionValues, textOf } from "./option_values.ts";

/** What the options of `ask`, `chat` and `sessions resume` say about the conversation. */
export interface ConversationRequest {
  readonly provider?: string;
  readonly model?: string;
  readonly system?: string;
  /** A session's id, its start, or `latest`. */
  readonly session?: { readonly reference: string } | "latest";
}

/** The request of these options. @throws {PyraError} `usage` */
export function conversationRequest(options: OptionValues): ConversationRequest {
  const [provider, model] = [textOf(options, "--provider"), textOf(options, "--model")];
  const [system, reference] = [textOf(options, "--system"), textOf(options, "--session")];
  const latest = isOn(options, "--continue");
  if (latest && reference !== undefined) {
    throw usageError("--session and --continue exclude each other", "leave one of them out");
  }
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { system }),
    ...(latest ? { session: "latest" } : reference === undefined ? {} : { session: { reference } }),
  };
}

/** A conversation that can be opened: everything is decided, nothing is held yet. */
export interface Target {
  readonly settings: LoadedConfig;
  readonly choice: ModelChoice;
  readonly system?: string;
  /** The full id of the session to go on with. */
  readonly session?: string;
}

/**
 * Decides provider, model and session, so that a room that is started again can do it once more.
 * If nothing is set up and there is a terminal, the wizard runs first.
 * @throws {PyraError} `not_set_up` (exit code 3), `usage`, `no_such_session`, `session_ambiguous`
 */
export async function findTarget(
  context: CommandContext,
  request: ConversationRequest,
): Promise<Target> {
  try {
    return await decide(context, request);
  } catch (thrown) {
    const { terminal, options } = context.boot;
    const wizard = thrown instanceof PyraError && thrown.code === "not_set_up" &&
      terminal.stdin && terminal.stdout && !options.json;
    if (!wizard) throw thrown;
  }
  await (await import("./setup/wizard.ts")).runWizard(context, {});
  return await decide(context, request);
}

async function decide(
  context: CommandContext,
  request: ConversationRequest,
): Promise<Target> {
  const settings = await context.loadConfig();
  const { system } = request;
  if (request.session === undefined) {
    const choice = await chooseModel(settings, request);
    return { settings, choice, ...(system === undefined ? {} : { system }) };
  }
  const store = await context.sessions();
  const session = request.session === "latest"
    ? await store.latest()
    : await store.resolve(request.session.reference);
  if (session === undefined) {
    throw new PyraError("file", "no_such_session", "there is no session to go on with yet", {
      hint: "leave --continue out to begin one",
    });
  }
  const state = await store.read(session);
  const own = state.provider === "" ? undefined : state;
  const choice = await chooseModel(settings, request, own);
  return { settings, choice, session, ...(system === undefined ? {} : { system }) };
}

/** The command line's choice over the session's over the settings' over the provider's usual one. */
async function chooseModel(
  { config }: LoadedConfig,
  request: ConversationRequest,
  session?: ModelChoice,
): Promise<ModelChoice> {
  const provider = request.provider ?? session?.provider ?? config.ai.provider_id;
  if (provider === undefined) throw notSetUp();
  const model = request.model ??
    (session?.provider === provider ? session.model : undefined) ??
    (config.ai.provider_id === provider ? config.ai.model : undefined);
  if (model !== undefined && model !== "") {
    if (request.provider !== undefined) await knownProvider(provider);
    return { provider, model };
  }
  const { default_model } = await knownProvider(provider);
  if (default_model) return { provider, model: default_model };
  throw usageError(`which model of ${provider}?`, "name one with --model");
}

/** What the conversations of a run share; whoever holds the memory lets go of it after the last one. */
export interface Held {
  readonly memory: HeldMemory;
  readonly tools: RunTools;
  /** What becomes of project instructions that nobody was asked about; left out if absent. */
  readonly instructions?: OpenInstructions;
  /** Answers that were given before; absent: every question goes to the model. */
  readonly answers?: Caching | undefined;
  /** Where questions are written down; as those of a chat if absent. */
  readonly record?: QueryRecord | undefined;
}

/** What every conversation of a run needs, those that the REPL opens later included. */
export async function conversationPorts(
  context: CommandContext,
  config: LoadedConfig["config"],
  { memory, tools, instructions = "left_out", answers, ...held }: Held,
): Promise<ConversationPorts> {
  const { ai, memory: settings } = config;
  const record = held.record ?? queryRecord(context, config, "chat");
  const surroundings = async () =>
    await (await context.surroundings?.())?.forQuestion(instructions);
  return {
    store: await context.sessions(),
    openProvider: (choice, signal) => context.openProvider(choice, signal),
    now: () => context.now(),
    contextWindow: ({ provider, model }) =>
      provider === ai.provider_id && model === ai.model ? ai.context_window : undefined,
    ...(settings.auto_load ? { memory: memory.forQuestions(settings.max_tokens_in_context) } : {}),
    tools,
    surroundings,
    plugins: tools.plugins,
    ...(answers === undefined ? {} : { answers }),
    ...(record === undefined ? {} : { record }),
    judge: (answer) => context.judgeAnswer(answer),
  };
}

/** How the settings want every question to be asked. */
export function askOptions(
  { boot }: Pick<CommandContext, "boot">,
  { ai, general }: LoadedConfig["config"],
): AskOptions {
  const { temperature, max_output_tokens } = ai;
  const { assistant_name, user_name } = general;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_output_tokens === undefined ? {} : { maxOutputTokens: max_output_tokens }),
    ...(boot.options.verbose ? { causes: true } : {}),
    assistantName: assistant_name,
    ...(user_name === undefined ? {} : { userName: user_name }),
  };
}

/**
 * Opens the way to the provider first, because the kernel may have to ask for that, and the
 * conversation then.
 */
export async function openConversation(
  context: CommandContext,
  { settings: { config }, choice, session, system }: Target,
  { memory, tools, instructions = "left_out", answers, record, ...options }: AskOptions & Held,
): Promise<Conversation> {
  const [ready, shared, { resumeConversation, startConversation }] = await Promise.all([
    context.openProvider(choice, context.signal),
    conversationPorts(context, config, { memory, tools, instructions, answers, record }),
    import("../chat/conversation.ts"),
  ]);
  const ports: ConversationPorts = {
    ...shared,
    openProvider: (wanted, signal) =>
      wanted.provider === choice.provider && wanted.model === choice.model
        ? Promise.resolve(ready)
        : shared.openProvider(wanted, signal),
  };
  const asked = {
    ...askOptions(context, config),
    ...options,
    choice,
    ...(system === undefined ? {} : { system }),
  };
  return session === undefined
    ? startConversation(ports, asked)
    : await resumeConversation(ports, session, asked);
}

/** What the demo says of itself on every start. */
export const DEMO_NOTICE =
  "this is the demo: no model answers, only a few fixed rules; pyra setup connects a real one";

/** What a person should know before the first answer. */
export function notices(target: Target): string[] {
  return [
    ...(target.choice.provider === "demo" ? [DEMO_NOTICE] : []),
    ...target.settings.warnings,
  ];
}
